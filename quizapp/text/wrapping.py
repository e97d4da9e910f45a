"""Lines wrapped at words for a terminal, and the lines of a Markdown paragraph joined, so that it is wrapped once."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator

from quizapp.text.streams import echo

WIDE = r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
"""Characters of East Asian scripts, which are written without spaces: a line may end after each of them."""

NOT_FIRST = "、。，．！？；：）」』】》〉”’,.!?;:)"
"""Punctuation that does not begin a line."""

PART = re.compile(rf"\s+|[{WIDE}][{NOT_FIRST}]*|[^\s{WIDE}]+[{NOT_FIRST}]*")
ENDS_WIDE, BEGINS_WIDE = re.compile(rf"[{WIDE}]\Z"), re.compile(rf"[{WIDE}]")
INDENT = re.compile(r"\s*(?:(?:[-*+]|\d+[.)]) )?")
STARTS = re.compile(r"\s*(?:[-*+] |\d+[.)] |#{1,6} |>|\||```|~~~)")
"""Beginnings of Markdown lines that do not continue the line above."""


def echo_wrapped(text: str) -> None:
    """Print `text`; on a terminal, wrap lines at its width between words."""
    echo(wrap_lines(text, shutil.get_terminal_size().columns) if sys.stdout.isatty() else text)


def wrap_lines(text: str, width: int) -> str:
    """Return `text` with lines of at most `width` columns where words allow it; wrapped lines keep the indent."""
    return "\n".join(part for line in text.split("\n") for part in _wrapped(line, width))


def _wrapped(line: str, width: int) -> Iterator[str]:
    from rich.cells import cell_len

    if cell_len(line) <= width:
        yield line
        return
    match = INDENT.match(line)
    indent = match[0] if match else ""
    current = ""
    for part in PART.findall(line[len(indent) :].expandtabs()):
        if current and part.strip() and cell_len(indent + current + part) > width:
            yield indent + current.rstrip()
            indent, current = " " * len(indent), ""
        current += part if part.strip() or current else ""
    yield indent + current.rstrip()


def join_paragraphs(markdown: str) -> str:
    """Return Markdown with each paragraph on one line; code, tables and lines with a hard break are unchanged."""
    joined: list[str] = []
    is_code = is_open = False
    for line in markdown.split("\n"):
        is_fence = line.lstrip().startswith(("```", "~~~"))
        if is_open and not is_code and line.strip() and not STARTS.match(line):
            joined[-1] = _join(joined[-1], line.lstrip())
        else:
            joined.append(line)
        is_code ^= is_fence
        is_open = _continues(joined[-1], is_text=not (is_code or is_fence))
    return "\n".join(joined)


def _continues(line: str, *, is_text: bool) -> bool:
    """Return whether the next line may belong to the same paragraph."""
    is_indented_code = line.startswith(("    ", "\t")) and not STARTS.match(line)
    is_whole = line.lstrip().startswith(("#", "|")) or line.endswith(("  ", "\\"))
    return is_text and bool(line.strip()) and not is_indented_code and not is_whole


def _join(above: str, line: str) -> str:
    gap = "" if ENDS_WIDE.search(above) and BEGINS_WIDE.match(line) else " "
    return f"{above}{gap}{line}"
