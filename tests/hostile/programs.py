"""Run the program itself: on a pseudo-terminal, or with standard streams that a shell redirects."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from quizapp.text.printable import INVISIBLE
from tests.tui.terminal import COMMAND, TIMEOUT, terminal_environment

HOSTILE = (
    "[red]a[bold] \x1b[31m \x1b]0;t\x07 \x1b]8;;x:y\x1b\\ \x1b]52;c;eA==\x07 \x9b1m \x85 \u202e \u2066 \u200b \u2028 "
    "\U000e0041 \x7f \b\r"
)
"""Markup, control sequences, and characters that reorder text or are not shown; also a name of a file."""


@dataclass(frozen=True)
class Ended:
    """Exit code and output of a process."""

    code: int
    out: bytes
    err: bytes = b""


def run_on_terminal(home: Path, *arguments: str | bytes | Path) -> Ended:
    """Run ptquiz with a pseudo-terminal as its standard streams; `out` is everything that it printed."""
    master, process = start_on_terminal(terminal_environment(home, TERM="dumb"), *arguments)
    printed = b""
    try:
        while data := _read(master):
            printed += data
        return Ended(process.wait(TIMEOUT), printed)
    finally:
        os.close(master)
        process.kill()
        process.wait()


def start_on_terminal(
    environment: dict[str, str], *arguments: str | bytes | Path
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start ptquiz on a pseudo-terminal that is not its controlling terminal; return the other side and the process."""
    master, terminal = pty.openpty()
    try:
        command = [*COMMAND, *arguments]
        return master, subprocess.Popen(
            command, env=environment, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        )
    finally:
        os.close(terminal)


def _read(master: int) -> bytes:
    try:
        return os.read(master, 1 << 16)
    except OSError:
        # Linux gives EIO once the other side is closed.
        return b""


def run_in_shell(home: Path, arguments: list[str | Path], redirection: str, **environment: str) -> Ended:
    """Run ptquiz with a shell's redirection, such as `>/dev/full`, after its arguments; `| head -1` is one, too."""
    command = shlex.join(map(str, [*COMMAND, *arguments]))
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} {redirection}"],
        env=terminal_environment(home, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def run_into_closed_pipe(home: Path, *arguments: str | Path) -> Ended:
    """Run ptquiz with a pipe as standard output that nothing reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=terminal_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        os.close(writer)
    return Ended(done.returncode, b"", done.stderr)


def harmful_characters(printed: bytes) -> set[str]:
    """Return the characters that a terminal would interpret, or would not show."""
    text = printed.decode().replace("\r\n", "\n")
    return {c for c in text if c not in "\n\t" and unicodedata.category(c) in INVISIBLE}
