"""The program in a real pseudo-terminal: from start to quit, with the real sandbox and the real store."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest

from tests.tui.terminal import DECK, ESCAPE, F5, PATIENCE, left_clean, plain, say, terminal


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "joining.yaml"
    path.write_text(DECK, encoding="utf-8")
    return str(path)


def test_a_card_is_answered_wrongly_then_rightly_rated_and_comes_back_on_its_date(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send(F5)
        child.expect("not right yet")
        child.send("\x01\x0b")
        child.send("answer = torch.cat((x, x), dim=0)")
        child.send(F5)
        child.expect("passed")
        child.expect("Good")
        child.send("4")
        child.expect("next card")
        child.send("q")
        child.expect("Everything")
        child.send("q")
        left_clean(child)
        assert child.exitstatus == 0
    due = json.loads(say(home, "--decks", deck, "due", "--json").stdout)
    (deck_line,) = [entry for entry in due["decks"] if entry["deck"] == "joining"]
    assert (deck_line["due"], deck_line["learned"]) == (0, 1)
    assert datetime.fromisoformat(due["next_due"]) > datetime.now(UTC) + timedelta(hours=12)
    with sqlite3.connect(home / "reviews.db") as store:
        rows = store.execute("select rating, outcome, first, tries from log").fetchall()
    assert rows == [(4, "passed", "wrong", 2)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_clean_and_keeps_the_draft(home: Path, deck: str, number: signal.Signals) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send("half = 1  #")
        child.expect("half")
        child.kill(number)
        left_clean(child)
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert "half" in text


def test_two_hundred_pasted_lines_are_in_the_draft_as_they_were(home: Path, deck: str) -> None:
    lines = "\n".join(f"x{number} = [{number}, 'é', (1, 2)]" for number in range(200))
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send(f"\x1b[200~{lines}\n\x1b[201~")
        child.expect("x199")
        child.sendcontrol("q")
        left_clean(child)
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert text == f"answer = x{lines}\n\n"


def test_resizing_rearranges_the_panes_at_any_moment(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining", size=(30, 110)) as child:
        child.expect("Join along the rows")
        for size in ((20, 60), (48, 160), (24, 80), (5, 20)):
            child.setwinsize(*size)
        child.setwinsize(24, 80)
        child.expect("answer")
        child.send(ESCAPE)
        child.sendcontrol("q")
        left_clean(child)
        assert child.exitstatus == 0


def test_the_editor_of_the_environment_gets_the_answer_and_gives_it_back(home: Path, deck: str, tmp_path: Path) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\necho "edited = 1" >> "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    with terminal(home, "--decks", deck, "--trust", "study", "joining", EDITOR=str(script)) as child:
        child.expect("Join along the rows")
        child.send("\x1d")
        child.expect("edited")
        child.sendcontrol("q")
        left_clean(child)


def test_a_click_on_a_deck_starts_it(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust") as child:
        child.expect("Joining")
        # The second click on the same row chooses it.
        for _ in range(2):
            child.send("\x1b[<0;10;14M\x1b[<0;10;14m")
        child.expect("Question")
        child.sendcontrol("q")
        left_clean(child)


def test_without_colour_the_symbols_still_speak(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining", NO_COLOR="1") as child:
        child.expect("Join along the rows")
        child.send(F5)
        child.expect("✗")
        child.sendcontrol("q")
        assert "Traceback" not in plain(left_clean(child))


def test_a_crash_leaves_the_terminal_clean_and_says_where_the_draft_is(home: Path, deck: str) -> None:
    breaking = (
        "import sys\n"
        "from quizapp.tui.study.study_screen import Study\n"
        "def fails(self): raise ZeroDivisionError('a bug')\n"
        "Study.action_bury = fails\n"
        "from quizapp.cli import main\n"
        "sys.exit(main())"
    )
    with terminal(home, "--decks", deck, "--trust", "study", "joining", program=breaking) as child:
        child.expect("Join along the rows")
        child.send("kept  #")
        child.expect("kept")
        child.send("\x02")
        child.expect("Nothing submitted yet")
        child.send("-")
        last = plain(left_clean(child))
    assert "ZeroDivisionError: a bug" in last
    assert "reviews.db" in last and "report the lines above" in last
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert "kept" in text


def test_shift_with_a_function_key_works_as_terminals_send_it(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send("\x1b[15;2~")
        child.expect("The reference is shown after")
        child.sendcontrol("q")
        left_clean(child)


def test_killed_in_the_middle_the_draft_is_there_again(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send("  # unfinished")
        child.expect("unfinished")
        wait_for_draft(home, "unfinished")
        child.kill(signal.SIGKILL)
        child.expect(pexpect.EOF)
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("unfinished")
        child.sendcontrol("q")
        left_clean(child)


def wait_for_draft(home: Path, word: str) -> None:
    """Until the pause after the last key is over, and the draft on the disk."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with closing(sqlite3.connect(home / "reviews.db")) as store:
            row = store.execute("select text from drafts").fetchone()
        if row and word in row[0]:
            return
    raise AssertionError("the draft was never saved")


def test_a_preview_shows_the_card_and_keeps_nothing(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "preview", "joining/cat-rows") as child:
        child.expect("preview: nothing is rated")
        child.send(F5)
        child.expect("not right yet")
        child.sendcontrol("q")
        left_clean(child)
        assert child.exitstatus == 0
    assert not (home / "reviews.db").exists()


def test_a_crash_is_an_exit_code_too(home: Path, deck: str) -> None:
    breaking = (
        "import sys\n"
        "from quizapp.tui.screens.home_screen import Home\n"
        "def fails(self): raise ZeroDivisionError('a bug')\n"
        "Home.action_refresh = fails\n"
        "from quizapp.cli import main\n"
        "sys.exit(main())"
    )
    with terminal(home, "--decks", deck, "--trust", program=breaking) as child:
        child.expect("Everything")
        child.send("r")
        left_clean(child)
        assert child.exitstatus == 1


def test_plain_asks_line_by_line_in_a_simple_terminal(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "--plain", "joining", TERM="dumb") as child:
        child.expect("Join along the rows")
        child.send("h\n")
        child.expect("no more hints")
        child.send("answer = torch.cat((x, x))\n.\n")
        child.expect("passed")
        child.send("\n")
        child.expect("Next time")
        child.send("q\n")
        child.expect("1 reviewed")
        child.expect(pexpect.EOF)
        assert "\x1b[" not in str(child.before)
