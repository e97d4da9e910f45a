"""ptquiz in a pseudo-terminal, with the real sandbox and store."""

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

from tests.tui.terminal import DECK, ESCAPE, F5, TIMEOUT, plain, run_ptquiz, terminal, wait_for_clean_exit

pytestmark = [pytest.mark.jail, pytest.mark.slow]


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "joining.yaml"
    path.write_text(DECK, encoding="utf-8")
    return str(path)


def test_card_is_answered_rated_and_scheduled(home: Path, deck: str) -> None:
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
        wait_for_clean_exit(child)
        assert child.exitstatus == 0
    due = json.loads(run_ptquiz(home, "--decks", deck, "due", "--json").stdout)
    (deck_line,) = [entry for entry in due["decks"] if entry["deck"] == "joining"]
    assert (deck_line["due"], deck_line["learned"]) == (0, 1)
    assert datetime.fromisoformat(due["next_due"]) > datetime.now(UTC) + timedelta(hours=12)
    with sqlite3.connect(home / "reviews.db") as store:
        rows = store.execute("select rating, outcome, first, tries from log").fetchall()
    assert rows == [(4, "passed", "wrong", 2)]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_restores_the_terminal_and_saves_the_draft(home: Path, deck: str, signal_number: signal.Signals) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send("half = 1  #")
        child.expect("half")
        child.kill(signal_number)
        wait_for_clean_exit(child)
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert "half" in text


def test_pasted_lines_are_saved_unchanged(home: Path, deck: str) -> None:
    lines = "\n".join(f"x{number} = [{number}, 'é', (1, 2)]" for number in range(200))
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send(f"\x1b[200~{lines}\n\x1b[201~")
        child.expect("x199")
        child.sendcontrol("q")
        wait_for_clean_exit(child)
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert text == f"answer = x{lines}\n\n"


def test_terminal_can_be_resized(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining", size=(30, 110)) as child:
        child.expect("Join along the rows")
        for size in ((20, 60), (48, 160), (24, 80), (5, 20)):
            child.setwinsize(*size)
        child.setwinsize(24, 80)
        child.expect("answer")
        child.send(ESCAPE)
        child.sendcontrol("q")
        wait_for_clean_exit(child)
        assert child.exitstatus == 0


def test_external_editor_edits_the_answer(home: Path, deck: str, tmp_path: Path) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\necho "edited = 1" >> "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    with terminal(home, "--decks", deck, "--trust", "study", "joining", EDITOR=str(script)) as child:
        child.expect("Join along the rows")
        child.send("\x1d")
        child.expect("edited")
        child.sendcontrol("q")
        wait_for_clean_exit(child)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("exit 1", "exited with code 1"),
        ('rm "$1"', "deleted the file"),
        ('rm "$1"; mkdir "$1"', "not a file"),
        ("printf '\\351' > \"$1\"", "another encoding"),
        ("kill -INT $PPID; exit 3", "exited with code 3"),
    ],
)
def test_an_editor_that_fails_leaves_the_answer_and_the_app(
    line: str, message: str, home: Path, deck: str, tmp_path: Path
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    script.chmod(0o755)
    with terminal(home, "--decks", deck, "--trust", "study", "joining", EDITOR=str(script)) as child:
        child.expect("Join along the rows")
        child.send("\x1d")
        child.expect(message)
        child.send("kept")
        child.expect("kept")
        child.sendcontrol("q")
        wait_for_clean_exit(child)


def test_click_starts_a_deck(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust") as child:
        child.expect("Joining")
        # The second click on the same row selects it.
        for _ in range(2):
            child.send("\x1b[<0;10;14M\x1b[<0;10;14m")
        child.expect("Question")
        child.sendcontrol("q")
        wait_for_clean_exit(child)


def test_symbols_are_shown_without_colour(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining", NO_COLOR="1") as child:
        child.expect("Join along the rows")
        child.send(F5)
        child.expect("✗")
        child.sendcontrol("q")
        assert "Traceback" not in plain(wait_for_clean_exit(child))


def test_crash_restores_the_terminal_and_names_the_saved_draft(home: Path, deck: str) -> None:
    program = (
        "import sys\n"
        "from quizapp.tui.study.study_screen import StudyScreen\n"
        "def fail(self): raise ZeroDivisionError('a bug')\n"
        "StudyScreen.action_pane = fail\n"
        "from quizapp.cli import main\n"
        "sys.exit(main())"
    )
    with terminal(home, "--decks", deck, "--trust", "study", "joining", program=program) as child:
        child.expect("Join along the rows")
        child.send("kept  #")
        child.expect("kept")
        child.send("\x02")
        last = plain(wait_for_clean_exit(child))
    assert "ZeroDivisionError: a bug" in last
    assert "reviews.db" in last and "report the lines above" in last
    with sqlite3.connect(home / "reviews.db") as store:
        (text,) = store.execute("select text from drafts").fetchone()
    assert "kept" in text


def test_shifted_function_key_works_as_terminals_send_it(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        child.send("\x1b[15;2~")
        child.expect("The reference is shown after")
        child.sendcontrol("q")
        wait_for_clean_exit(child)


def test_draft_survives_sigkill(home: Path, deck: str) -> None:
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
        wait_for_clean_exit(child)


def wait_for_draft(home: Path, word: str) -> None:
    """Wait until the draft is saved, shortly after the last key."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        with closing(sqlite3.connect(home / "reviews.db")) as store:
            row = store.execute("select text from drafts").fetchone()
        if row and word in row[0]:
            return
    raise AssertionError("the draft was never saved")


def test_preview_shows_the_card_and_saves_nothing(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "preview", "joining/cat-rows") as child:
        child.expect("preview: nothing is rated")
        child.send(F5)
        child.expect("not right yet")
        child.sendcontrol("q")
        wait_for_clean_exit(child)
        assert child.exitstatus == 0
    assert not (home / "reviews.db").exists()


def test_crash_exits_with_code_1(home: Path, deck: str) -> None:
    program = (
        "import sys\n"
        "from quizapp.tui.screens.home_screen import HomeScreen\n"
        "def fail(self): raise ZeroDivisionError('a bug')\n"
        "HomeScreen.action_refresh = fail\n"
        "from quizapp.cli import main\n"
        "sys.exit(main())"
    )
    with terminal(home, "--decks", deck, "--trust", program=program) as child:
        child.expect("Everything")
        child.send("r")
        wait_for_clean_exit(child)
        assert child.exitstatus == 1


def test_plain_mode_works_in_a_dumb_terminal(home: Path, deck: str) -> None:
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
