"""Lines for a terminal that breaks them anywhere."""

from __future__ import annotations

import shutil
import sys
import textwrap

import click


def echo_wrapped(text: str) -> None:
    """Print; on a terminal no line is longer than it is wide, and none breaks within a word."""
    click.echo(wrap_lines(text, shutil.get_terminal_size().columns) if sys.stdout.isatty() else text)


def wrap_lines(text: str, width: int) -> str:
    """`text` with lines of at most `width` characters where words allow it, each as indented as it was."""
    return "\n".join(
        part for line in text.split("\n") for part in (_broken(line, width) if len(line) > width else [line])
    )


def _broken(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, replace_whitespace=False
    )
