"""Collects every problem of one file, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from quizapp.decks.card import Position
from quizapp.errors import Problem

MOST = 200
"""Problems told of one file: past this, a file is not a deck with mistakes but something else."""

WHOLE_FILE = Position(0, 0)


class Problems:
    """The problems of one file, in the order in which they stand in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.card: str | None = None
        """The card that is being read; every problem added meanwhile belongs to it."""

        self._found: list[Problem] = []

    def add(self, kind: str, place: Position, message: str, hint: str | None = None, severity: str = "error") -> None:
        self._found.append(Problem(self.path, place.line, place.column, message, hint, kind, self.card, severity))

    def warn(self, kind: str, place: Position, message: str, hint: str | None = None) -> None:
        self.add(kind, place, message, hint, "warning")

    def __len__(self) -> int:
        return len(self._found)

    @property
    def full(self) -> bool:
        return len(self._found) >= MOST

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self._found)

    def sorted(self) -> list[Problem]:
        """By place; the rest counted in one problem where there are too many to read."""
        found = sorted(self._found, key=lambda problem: (problem.line, problem.column))
        if len(found) > MOST:
            rest = f"and {len(found) - MOST} problems more"
            found = [*found[:MOST], Problem(self.path, 0, 0, rest, "mend these first", "too-many")]
        return found


OTHER_WORDS = {
    "answer": "solution",
    "expected": "equals",
    "explanation": "note",
    "options": "choices",
    "output": "limits",
    "prompt": "question",
    "seeds": "trials",
    "setup": "given",
    "task": "question",
    "tests": "checks",
    "text": "question",
    "timeout": "limits",
    "tolerance": "rtol",
}
"""What other formats call a field."""


def nearest(name: str, known: Sequence[str], likeness: float = 0.65) -> str | None:
    """The known name that `name` most looks like."""
    close = get_close_matches(name[:60].lower(), known, 1, likeness)
    return close[0] if close else None


def nearest_key(name: str, known: Sequence[str]) -> str | None:
    """The known field that a key was meant for, by its own name or by what other formats call it."""
    others = [other for other, field in OTHER_WORDS.items() if field in known]
    near = nearest(name, [*known, *others], 0.5)
    return near if near is None or near in known else OTHER_WORDS[near]


def did_you_mean(name: str, known: Sequence[str], otherwise: str | None = None) -> str | None:
    """A hint that names the nearest known name, or all of them where none is near."""
    if near := nearest_key(name, known):
        return f"did you mean `{near}`?"
    return otherwise or "choose one of: " + ", ".join(known)


def shown(text: str, most: int = 60) -> str:
    """Text that was typed, on one line and bounded, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
