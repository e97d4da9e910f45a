"""Standard input of line mode: prompts, undecodable bytes, lines that the terminal cut, and pasted blocks."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.errors import UsageError
from quizapp.text.streams import echo, read_raw_line

MAX_LINE = 4095
"""Bytes that Linux keeps of a line in canonical mode; it drops the rest: `termios(3)`."""

PASTE_SECONDS = 0.05
"""Longest pause between two lines of a pasted block."""


class UnreadableLine(UsageError):
    """A line that was not received as it was typed; the learner can type it again."""


@dataclass(frozen=True, slots=True)
class LineInput:
    """Lines of bytes, empty at the end of the input. With `is_terminal`, a learner types them and sees prompts."""

    read_bytes: Callable[[], bytes]
    is_terminal: bool = False
    encoding: str = "utf-8"
    has_more: Callable[[], bool] = lambda: False
    """Whether another line has arrived already, as in a pasted block."""

    def read(self, prompt: str = "> ") -> str:
        """Return the next line with its end; bytes that cannot be decoded become surrogates."""
        if self.is_terminal:
            echo(prompt, end="")
        return self.read_bytes().decode(self.encoding, "surrogateescape")

    def fault(self, line: str) -> UnreadableLine | None:
        """Return why a line is not what was typed; None if it is."""
        data = line.rstrip("\r\n").encode(self.encoding, "surrogateescape")
        if self.is_terminal and len(data) >= MAX_LINE:
            return UnreadableLine(
                f"the terminal drops what follows byte {MAX_LINE:,} of a line",
                "type shorter lines, or grade a file with `ptquiz try DECK/CARD FILE`",
            )
        if any("\udc80" <= character <= "\udcff" for character in line):
            return UnreadableLine(f"the input is not valid {self.encoding.upper()}", "type the answer again")
        return None

    def readable(self, text: str) -> str:
        """Return `text` with each undecodable byte replaced, so that it can be saved."""
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def standard_input() -> LineInput:
    """Return the lines of standard input."""
    is_terminal = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    encoding = getattr(sys.stdin, "encoding", None) or "utf-8"
    return LineInput(read_raw_line, is_terminal, encoding, _has_line_soon if is_terminal else lambda: False)


def _has_line_soon() -> bool:
    return bool(select.select([sys.stdin], [], [], PASTE_SECONDS)[0])
