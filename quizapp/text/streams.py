"""The standard streams. No other module prints: every printed text is escaped here, and errors of a stream are caught.

What cannot be written to standard output ends the command; a message for standard error is then dropped.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

from quizapp.errors import OutputError, UsageError
from quizapp.text.printable import visible
from quizapp.text.stand_ins import CELLS, LINES

CLEAR_LINE = "\r\x1b[K"
CLEAR_SCREEN = "\x1b[H\x1b[2J"


def prepare_streams() -> None:
    """Let every text be encoded and decoded. Raises OutputError if standard output is closed."""
    _occupy_closed_descriptors()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, LINES), (sys.stderr, LINES)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    if sys.stdout is None:
        raise OutputError("standard output is closed")


def prepare_screen() -> None:
    """Let every character be encoded on standard error, where a screen is drawn, without a change of its width."""
    if isinstance(sys.__stderr__, io.TextIOWrapper):
        sys.__stderr__.reconfigure(errors=CELLS)


def _occupy_closed_descriptors() -> None:
    """Open the null device as each standard descriptor that is closed: no other file may get its number."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(descriptor)


def echo(text: object, *, err: bool = False, end: str = "\n") -> None:
    """Print escaped text on standard output, or with `err` on standard error.

    Raises OutputError if standard output cannot be written.
    """
    _write(visible(str(text)) + end, err=err)


def redraw(text: str, *, is_last: bool) -> None:
    """Replace the current line of the terminal on standard error by escaped text."""
    _write(CLEAR_LINE + visible(text) + ("\n" if is_last else ""), err=True)


def clear_line() -> None:
    """Remove the current line of the terminal on standard output."""
    _write(CLEAR_LINE, err=False)


def clear_screen() -> None:
    """Remove what the terminal on standard output shows, and continue at its top; the scrollback is unchanged."""
    _write(CLEAR_SCREEN, err=False)


class DataOutput:
    """Standard output for the text of a file: unchanged in UTF-8, but escaped on a terminal."""

    def write(self, text: str) -> int:
        if sys.stdout.isatty():
            echo(text, end="")
        else:
            _write(text, err=False, encoding="utf-8")
        return len(text)


def _write(text: str, *, err: bool, encoding: str = "") -> None:
    stream = sys.stderr if err else sys.stdout
    try:
        if stream is None:
            return
        if encoding and (binary := getattr(stream, "buffer", None)):
            binary.write(text.encode(encoding))
        else:
            stream.write(text)
        stream.flush()
    except OSError as error:
        _discard(stream)
        if not err:
            raise _output_error(error) from error


def _discard(stream: TextIO) -> None:
    """Connect a stream to the null device: at exit, Python writes what is left in its buffer."""
    with suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def _output_error(error: OSError) -> OutputError:
    # The reader closed the pipe (`ptquiz decks | head`), and knows why.
    if isinstance(error, BrokenPipeError):
        return OutputError("")
    return OutputError(f"standard output: {error.strerror or error}")


def read_line() -> str:
    """Return the next line of standard input, empty at its end. Raises UsageError if it cannot be read."""
    try:
        return _input().readline()
    except OSError as error:
        raise UsageError(f"standard input: {error.strerror or error}") from error


def read_raw_line() -> bytes:
    """Return the bytes of the next line of standard input, empty at its end. Raises UsageError if it cannot be read."""
    try:
        return _input().buffer.readline()
    except OSError as error:
        raise UsageError(f"standard input: {error.strerror or error}") from error


def read_bytes(limit: int) -> bytes:
    """Return at most `limit` bytes of standard input. Raises UsageError if it cannot be read."""
    try:
        return _input().buffer.read(limit)
    except OSError as error:
        raise UsageError(f"standard input: {error.strerror or error}") from error


def _input() -> TextIO:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    return sys.stdin


def are_terminals() -> bool:
    """Return whether all three standard streams are connected to a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
