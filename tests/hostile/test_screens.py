"""The screens in a terminal that sends invalid bytes, has no size, or another encoding, and hostile decks on them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pexpect
import pytest

from tests.hostile.programs import start_on_terminal
from tests.tui.terminal import (
    DECK,
    NO_ALTERNATE,
    TIMEOUT,
    plain,
    terminal,
    terminal_environment,
    wait_for_clean_exit,
)

pytestmark = [pytest.mark.jail, pytest.mark.slow]

REMAINS = re.compile(r"\x1b\](?:52;c|8;;|0;t)|\x9b|\x85|[\u202e\u2066\u200b\u2028\U000e0041]")
"""What a terminal would receive of `HOSTILE` if it were not escaped."""


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "joining.yaml"
    path.write_text(DECK, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("sent", "kept"), [(b"\xff\xfe", "\ufffd\ufffdz"), (b"caf\xe9", "caf\ufffdz")])
def test_bytes_that_are_not_utf8_do_not_end_the_screen(home: Path, deck: str, sent: bytes, kept: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        os.write(child.child_fd, sent + b"z")
        child.expect(kept)
        child.sendcontrol("q")
        assert "Traceback" not in wait_for_clean_exit(child)
        assert child.exitstatus == 0


def test_a_paste_of_bytes_that_are_not_utf8_is_kept(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining") as child:
        child.expect("Join along the rows")
        os.write(child.child_fd, b"\x1b[200~caf\xe9 = 1\x1b[201~")
        child.expect("caf\ufffd")
        child.sendcontrol("q")
        wait_for_clean_exit(child)
        assert child.exitstatus == 0


@pytest.mark.parametrize("size", [(0, 0), (0, 80), (24, 0), (1, 1), (2, 3), (1, 40), (40, 1)])
@pytest.mark.parametrize("arguments", [[], ["study", "joining"]], ids=["home", "study"])
def test_a_terminal_without_a_size_or_with_few_cells_is_no_error(
    home: Path, deck: str, arguments: list[str], size: tuple[int, int]
) -> None:
    with terminal(home, "--decks", deck, "--trust", *arguments, size=size) as child:
        child.expect(re.escape("\x1b[?2004h"))
        child.sendcontrol("q")
        assert "Traceback" not in wait_for_clean_exit(child)
        assert child.exitstatus == 0


def test_an_error_of_the_thread_that_reads_keys_is_reported_as_a_crash(home: Path, deck: str) -> None:
    program = (
        "import sys\n"
        "from quizapp.tui.driver import TerminalDriver\n"
        "def fail(self): raise ZeroDivisionError('a bug')\n"
        "TerminalDriver._reads = fail\n"
        "from quizapp.cli import main\n"
        "sys.exit(main())"
    )
    with terminal(home, "--decks", deck, "--trust", program=program) as child:
        last = plain(wait_for_clean_exit(child))
        assert child.exitstatus == 1
    assert "ZeroDivisionError: a bug" in last and "ptquiz crashed" in last


def test_a_terminal_that_is_closed_ends_the_app(home: Path, deck: str) -> None:
    # Without a controlling terminal there is no SIGHUP: only reading fails.
    master, process = start_on_terminal(terminal_environment(home), "--decks", deck, "--trust")
    try:
        shown = b""
        while b"Everything" not in shown:
            shown += os.read(master, 1 << 16)
    finally:
        os.close(master)
    with process:
        assert process.wait(TIMEOUT) == 0


def test_a_screen_in_ascii_has_readable_characters(home: Path, deck: str) -> None:
    with terminal(home, "--decks", deck, "--trust", "study", "joining", PYTHONIOENCODING="ascii") as child:
        child.expect("Join along the rows")
        child.send("\x1b[15~")
        child.expect("x not right yet")
        child.sendcontrol("q")
        assert "Traceback" not in wait_for_clean_exit(child)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("r", "Everything"), ("b", "hostile/one"), ("s", "Due today"), ("p", "Start"), ("l", "Reset"), ("u", "undone")],
    ids=["home", "browse", "statistics", "practice", "leeches", "undo"],
)
def test_hostile_decks_and_reviews_are_shown_escaped(
    hostile_home: Path, hostile_deck: Path, key: str, expected: str
) -> None:
    with terminal(hostile_home, "--decks", str(hostile_deck), "--trust", size=(50, 200)) as child:
        child.expect("l shows them")
        shown = str(child.before)
        child.send(key)
        child.expect(expected)
        shown += str(child.before)
        child.sendcontrol("q")
        child.expect(pexpect.EOF)
        shown += str(child.before)
    assert "[red]a" in shown and NO_ALTERNATE in shown and "Traceback" not in shown
    assert REMAINS.findall(shown) == []


def test_a_hostile_card_is_shown_escaped(hostile_home: Path, hostile_deck: Path) -> None:
    with terminal(hostile_home, "--decks", str(hostile_deck), "--trust", "cram", "hostile", size=(50, 200)) as child:
        child.expect(r"\[red\]a")
        child.send("answer = 1\x1b[15~")
        child.expect("passed")
        shown = str(child.before)
        child.sendcontrol("q")
        child.expect(pexpect.EOF)
        shown += str(child.before)
    assert "Traceback" not in shown and REMAINS.findall(shown) == []
