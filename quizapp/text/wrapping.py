"""Lines wrapped at words for a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap

from quizapp.text.streams import echo


def echo_wrapped(text: str) -> None:
    """Print `text`; on a terminal, wrap lines at its width between words."""
    echo(wrap_lines(text, shutil.get_terminal_size().columns) if sys.stdout.isatty() else text)


def wrap_lines(text: str, width: int) -> str:
    """Return `text` with lines of at most `width` characters where words allow it; wrapped lines keep the indent."""
    return "\n".join(
        part for line in text.split("\n") for part in (_broken(line, width) if len(line) > width else [line])
    )


def _broken(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, replace_whitespace=False
    )
