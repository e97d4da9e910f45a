"""Standard streams that are closed, full, or without a reader: one line on standard error, and exit code 2."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.hostile.programs import run_in_shell, run_into_closed_pipe
from tests.tui.terminal import DECK

pytestmark = pytest.mark.slow

PRINTING: list[list[str]] = [
    ["--help"],
    ["--version"],
    ["check", "--help"],
    [],
    ["decks"],
    ["due", "--json"],
    ["stats"],
    ["schema"],
    ["rebuild"],
    ["backup"],
    ["restore"],
    ["export"],
    ["export", "--format", "csv"],
    ["check", "--no-run"],
    ["leeches", "--json"],
    ["orphans", "--json"],
    ["undo"],
    ["new", "mine", "--into", "FOLDER"],
]
"""Commands that print on standard output, without a sandbox."""

IN_SANDBOX = [["try", "joining/cat-rows", "FOLDER/answer.py"], ["doctor"], ["study", "--plain"], ["cram", "--plain"]]
"""Commands that print on standard output after they have started the sandbox."""

READING = [["try", "joining/cat-rows"], ["study", "--plain"], ["cram", "--plain"]]
"""Commands of the sandbox that read standard input."""

FULL = b"error: standard output: No space left on device\n"
CLOSED = b"error: standard output is closed\n"


@pytest.fixture
def prefix(hostile_home: Path, tmp_path: Path) -> list[str | Path]:
    """Options that name one deck; the home has reviews and a backup."""
    deck = tmp_path / "joining.yaml"
    deck.write_text(DECK, encoding="utf-8")
    (tmp_path / "answer.py").write_text("answer = torch.cat((x, x))\n", encoding="utf-8")
    return ["--decks", deck, "--trust"]


def filled_in(arguments: list[str], folder: Path) -> list[str | Path]:
    return [argument.replace("FOLDER", str(folder)) for argument in arguments]


@pytest.mark.parametrize(("redirection", "error"), [(">/dev/full", FULL), (">&-", CLOSED)], ids=["full", "closed"])
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_output_that_cannot_be_written_exits_2(
    home: Path, tmp_path: Path, prefix: list[str | Path], arguments: list[str], redirection: str, error: bytes
) -> None:
    ended = run_in_shell(home, [*prefix, *filled_in(arguments, tmp_path)], redirection)
    assert (ended.code, ended.err.splitlines(keepends=True)[-1]) == (2, error)
    assert b"Traceback" not in ended.err and b"Exception ignored" not in ended.err


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_pipe_that_nothing_reads_exits_2_without_a_message(
    home: Path, tmp_path: Path, prefix: list[str | Path], arguments: list[str]
) -> None:
    ended = run_into_closed_pipe(home, *prefix, *filled_in(arguments, tmp_path))
    assert (ended.code, ended.err) == (2, b"")


def test_a_reader_that_leaves_early_gets_its_line(home: Path) -> None:
    ended = run_in_shell(home, ["schema"], "| head -1")
    assert (ended.out, ended.err) == (b"{\n", b"")


@pytest.mark.jail
@pytest.mark.parametrize("arguments", IN_SANDBOX, ids=" ".join)
def test_commands_of_the_sandbox_exit_2_as_well(
    home: Path, tmp_path: Path, prefix: list[str | Path], arguments: list[str]
) -> None:
    command = [*prefix, *filled_in(arguments, tmp_path)]
    full, closed = run_in_shell(home, command, ">/dev/full"), run_in_shell(home, command, ">&-")
    assert (full.code, full.err) == (2, FULL)
    assert (closed.code, closed.err) == (2, CLOSED)
    unread = run_into_closed_pipe(home, *command)
    assert (unread.code, unread.err) == (2, b"")


@pytest.mark.jail
@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_input_that_is_closed_or_cannot_be_read_exits_2(
    home: Path, prefix: list[str | Path], arguments: list[str]
) -> None:
    closed = run_in_shell(home, [*prefix, *arguments], "<&-")
    assert (closed.code, closed.err) == (2, b"error: standard input is closed\n")
    unreadable = run_in_shell(home, [*prefix, *arguments], "0>/dev/null")
    assert unreadable.code == 2 and unreadable.err.startswith(b"error: standard input: ")
    assert unreadable.err.count(b"\n") == 1


def test_new_without_input_exits_2(home: Path) -> None:
    ended = run_in_shell(home, ["new"], "<&-")
    assert ended.code == 2 and ended.err.endswith(b"error: standard input is closed\n")


@pytest.mark.parametrize("redirection", ["<&-", "2>&-", "2>/dev/full", "<&- 2>&-"])
@pytest.mark.parametrize("arguments", [["due"], ["check", "--no-run"], ["--help"]], ids=" ".join)
def test_streams_that_a_command_does_not_need_may_be_closed(
    home: Path, prefix: list[str | Path], arguments: list[str], redirection: str
) -> None:
    ended = run_in_shell(home, [*prefix, *arguments], redirection)
    assert (ended.code, ended.err) == (0, b"") and ended.out


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_an_error_that_cannot_be_shown_keeps_its_exit_code(home: Path, redirection: str) -> None:
    for arguments in (["study", "none"], ["--unknown"], ["check", "--no-run", "none"]):
        assert run_in_shell(home, [*arguments], f"{redirection} <&-").code == 2


@pytest.mark.jail
def test_line_mode_ends_with_its_input_and_keeps_what_was_rated(home: Path, prefix: list[str | Path]) -> None:
    answer = r"< <(printf 'answer = torch.cat((x, x))\n.\n\n')"
    ended = run_in_shell(home, [*prefix, "study", "--plain", "joining"], answer)
    assert (ended.code, ended.err) == (0, b"") and b"1 reviewed" in ended.out
    ended = run_in_shell(home, [*prefix, "cram", "--plain", "joining"], r"< <(printf 'half = 1\n')")
    assert ended.code == 0 and b"saved as the draft" in ended.out
    with closing(sqlite3.connect(home / "reviews.db")) as store:
        assert store.execute("select text from drafts").fetchall() == [("half = 1",)]
