"""`ptquiz try --watch`: a verdict after each save, and keys in a terminal."""

from __future__ import annotations

import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from quizapp.commands.own_editor.key_input import KeyInput
from quizapp.commands.own_editor.try_watch import TryWatch
from quizapp.commands.own_editor.watch_page import WatchPage
from quizapp.commands.own_editor.work_file import MARKER
from quizapp.sandbox.client import Sandbox
from quizapp.text.streams import CLEAR_SCREEN
from tests.commands.conftest import Command
from tests.commands.own_editor.driver import Driver, provider_with
from tests.tui.terminal import COMMAND, TIMEOUT, plain, terminal, terminal_environment

RIGHT, WRONG = "y = x * 2", "y = x + 2"
LAST_FOOTER = "q quit"
Watch = Callable[..., Driver]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answer.py"


@pytest.fixture
def watch(sandbox: Sandbox, deck: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Watch]:
    """Watch a file with an answer to a card, in the real sandbox."""
    provider = provider_with(sandbox, deck)

    def begin(card: str = "small/twice") -> Driver:
        page = WatchPage(has_keys=False)
        return Driver(TryWatch(provider, KeyInput(), page, provider.library.card(card), path), capsys)

    yield begin
    if "store" in provider.__dict__:
        provider.store.close()


def code(driver: Driver) -> int:
    assert isinstance(driver.loop, TryWatch)
    return driver.loop.exit_code()


def test_the_file_is_graded_at_first_and_after_each_save(watch: Watch, path: Path) -> None:
    path.write_text(WRONG, encoding="utf-8")
    driver = watch()
    assert code(driver) == 1
    out = driver.begin()
    assert f"small/twice  {path}\n✗ not right yet" in out and "That adds two." in out
    assert code(driver) == 1
    out = driver.save(RIGHT.encode())
    assert "✓ passed" in out and "torch operators called: 1 by your answer, 1 by the reference" in out
    assert code(driver) == 0


def test_nothing_is_recorded(watch: Watch, path: Path, home: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    watch().begin()
    assert not (home / "reviews.db").exists()


def test_a_missing_file_is_written_with_the_question(watch: Watch, path: Path) -> None:
    driver = watch()
    out = driver.begin()
    assert f"wrote {path}" in out and "✗" not in out.splitlines()[0]
    text = path.read_text(encoding="utf-8")
    assert "# Bind `y` to twice `x`." in text and text.endswith(f"{MARKER}\ny = ...\n")
    assert "✓ passed" in driver.save(RIGHT)


def test_n_goes_to_the_next_card_beside_the_file(watch: Watch, path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    driver = watch()
    driver.begin()
    path.with_name("shape.py").write_text("(2, 3)", encoding="utf-8")
    assert "small/shape" in (out := driver.press("n")) and "✓ passed" in out
    assert f"wrote {path.with_name('pick.py')}" in driver.press("n")
    number = 1 if "1. torch.zeros(2)" in driver.path.read_text(encoding="utf-8") else 2
    assert "✓ passed" in driver.save(str(number))
    driver.press("n")
    assert "this is the last card of the deck" in driver.press("n")


def test_a_choice_without_the_marker_is_numbered_like_the_deck(watch: Watch, path: Path) -> None:
    path.write_text("1\n", encoding="utf-8")
    assert "✓ passed" in watch("small/pick").begin()


def test_hints_the_list_and_another_run(watch: Watch, path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    driver = watch()
    driver.begin()
    assert [driver.press("h") for _ in range(3)] == ["A star multiplies.\n", "Try 2 * x.\n", "no more hints\n"]
    assert "> new  twice  Twice" in driver.press("l")
    assert "✓ passed" in driver.press("r")


def test_what_cannot_be_read_is_one_message(watch: Watch, path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    driver = watch()
    driver.begin()
    assert "not UTF-8" in driver.save(b"y = '\xff'")
    assert "65,536 are graded" in driver.save(b"y = '" + b"x" * 70_000 + b"'")
    assert "✓ passed" in driver.save(RIGHT)


@pytest.mark.parametrize("arguments", [["-"], ["/dev/null"], ["answer.py", "--json"]])
def test_what_cannot_be_watched_exits_2(ptquiz: Command, deck: Path, arguments: list[str]) -> None:
    result = ptquiz("--decks", deck, "try", "--watch", "small/twice", *arguments)
    assert result.code == 2 and "hint:" in result.err


@pytest.mark.jail
@pytest.mark.slow
@pytest.mark.parametrize(("answer", "expected"), [(RIGHT, 0), (WRONG, 1)])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_a_terminal_a_signal_ends_it_with_the_code_of_the_last_verdict(
    home: Path, deck: Path, path: Path, answer: str, expected: int, number: int
) -> None:
    path.write_text(answer, encoding="utf-8")
    arguments = ["--decks", str(deck), "--trust", "try", "--watch", "small/twice", str(path)]
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        env=terminal_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(number)
        lines += process.communicate(timeout=TIMEOUT)[0].splitlines()
    assert process.returncode == expected
    assert lines[1].startswith("✓ passed" if answer == RIGHT else "✗ not right yet")
    assert "\x1b" not in "".join(lines) and LAST_FOOTER not in "".join(lines)


@pytest.fixture
def child(home: Path, deck: Path, path: Path) -> Iterator[pexpect.spawn[str]]:
    """The command in a terminal, after its first verdict."""
    path.write_text(WRONG, encoding="utf-8")
    with terminal(home, "--decks", str(deck), "--trust", "try", "--watch", "small/twice", str(path)) as child:
        child.expect_exact("✗ not right yet")
        child.expect_exact(LAST_FOOTER)
        yield child


def flags(child: pexpect.spawn[str]) -> int:
    """Return whether the terminal echoes and waits for whole lines."""
    return int(termios.tcgetattr(child.child_fd)[3]) & (termios.ECHO | termios.ICANON)


@pytest.mark.jail
@pytest.mark.slow
def test_each_verdict_replaces_the_screen_and_the_keys_are_below_it(child: pexpect.spawn[str], path: Path) -> None:
    assert not flags(child)
    path.write_text(RIGHT, encoding="utf-8")
    child.expect_exact(CLEAR_SCREEN)
    child.expect_exact("by the reference")
    child.expect_exact(LAST_FOOTER)
    child.send("h")
    child.expect_exact(LAST_FOOTER)
    assert plain(str(child.before)).endswith("A star multiplies.\r\nh hint · l list · r run again · n next card · ")
    child.send("q")
    child.expect(pexpect.EOF)
    assert flags(child) == termios.ECHO | termios.ICANON
    child.close()
    assert child.exitstatus == 0


@pytest.mark.jail
@pytest.mark.slow
def test_a_signal_restores_the_terminal(child: pexpect.spawn[str]) -> None:
    child.kill(signal.SIGTERM)
    child.expect(pexpect.EOF)
    assert flags(child) == termios.ECHO | termios.ICANON
    child.close()
    assert child.exitstatus == 1


SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGUSR1, lambda *_: None)
command = os.fork()
if not command:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    from quizapp.cli import main
    sys.exit(main())
_, status = os.waitpid(command, os.WUNTRACED)
print("stopped", os.WIFSTOPPED(status), flush=True)
signal.pause()
os.kill(command, signal.SIGCONT)
_, status = os.waitpid(command, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A shell that runs one command, and continues it after the signal USR1 when it was stopped."""


@pytest.mark.jail
@pytest.mark.slow
def test_the_terminal_is_restored_while_the_command_is_stopped(home: Path, deck: Path, path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    arguments = ("--decks", str(deck), "--trust", "try", "--watch", "small/twice", str(path))
    with terminal(home, *arguments, program=SHELL) as child:
        child.expect_exact("by the reference")
        child.send("\x1a")
        child.expect_exact("stopped True")
        assert flags(child) == termios.ECHO | termios.ICANON
        child.kill(signal.SIGUSR1)
        child.expect_exact(LAST_FOOTER)
        assert not flags(child)
        child.send("\x03")
        child.expect(pexpect.EOF)
        assert flags(child) == termios.ECHO | termios.ICANON
        child.close()
        assert child.exitstatus == 0
