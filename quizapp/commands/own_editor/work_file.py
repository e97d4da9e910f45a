"""The file in which a card is answered: question, rules and given code as comments, a marker, and the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from quizapp.commands.answer_file import read_answer
from quizapp.commands.card_text import as_answer, question_text
from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError, UsageError
from quizapp.text.files import replaced
from quizapp.text.printable import one_line, visible
from quizapp.text.wrapping import wrap_lines

MARKER = "#---------- your answer: everything below this line ----------"
MARKER_LINE = re.compile(r"^[ \t]*#[ \t]*-{3,} your answer\b.*\n?", re.MULTILINE)
"""The marker, also as a code formatter may have changed it."""

WIDTH = 98
"""Columns of the comments, without `# `."""


def write_work_file(path: Path, card: Card, answer: str) -> None:
    """Write the question of `card` and `answer` below it. Raises UsageError."""
    lines = wrap_lines(visible(question_text(card)), WIDTH).split("\n")
    comments = "\n".join(f"# {line}".rstrip() for line in lines)
    text = f"{comments}\n#\n{MARKER}\n{answer.rstrip()}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{one_line(str(path))}: {error.strerror}", "move what is in its place, and check the permissions"
        ) from error


def read_work_file(path: Path) -> tuple[str, int]:
    """Return the text below the last marker, or the whole text without one, and the number of lines above it.

    Raises UsageError if the file cannot be read.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{one_line(str(path))}: not a file", "save the answer there, or quit")
    text = read_answer(str(path)).replace("\r", "\n")
    start = max((match.end() for match in MARKER_LINE.finditer(text)), default=0)
    return text[start:].rstrip(), text[:start].count("\n")


def answer_to_write(card: Card, draft: str) -> str:
    """Return the text with which the answer begins: the draft, but none where numbers are typed."""
    return "" if card.kind in (CardKind.CHOICE, CardKind.ORDER) else draft


def keep_former_answer(path: Path, card: Card, known: Iterable[str]) -> str:
    """Copy the file beside itself if it contains an answer that is not stored; return where it is, else nothing."""
    try:
        answer = as_answer(card, read_work_file(path)[0]).strip() if path.exists() else ""
        if not answer or answer in map(str.strip, known):
            return ""
        copy = path.with_suffix(".old.py")
        path.replace(copy)
    except (PtquizError, OSError):
        return ""
    return f"an answer that was not saved is in {one_line(str(copy))}"
