"""Collects the problems of one file, so that they are reported together."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from quizapp.decks.card import Position
from quizapp.errors import Problem

MAX_PROBLEMS = 200
"""Maximum number of problems reported for one file; a file with more is probably not a deck."""

WHOLE_FILE = Position(0, 0)


class Problems:
    """The problems of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.card: str | None = None
        """The card that is being read, to which added problems belong."""

        self._found: list[Problem] = []

    def add(self, kind: str, position: Position, message: str, hint: str | None = None) -> None:
        self._found.append(Problem(self.path, position.line, position.column, message, hint, kind, self.card))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def full(self) -> bool:
        return len(self._found) >= MAX_PROBLEMS

    def sorted(self) -> list[Problem]:
        """Return the problems by position; past `MAX_PROBLEMS`, one problem counts the rest."""
        found = sorted(self._found, key=lambda problem: (problem.line, problem.column))
        if len(found) > MAX_PROBLEMS:
            rest = f"and {len(found) - MAX_PROBLEMS} more problems"
            found = [*found[:MAX_PROBLEMS], Problem(self.path, 0, 0, rest, "fix these first", "too-many")]
        return found


SYNONYMS = {
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
"""Names of fields in other formats -> our names."""


def nearest(name: str, known: Sequence[str], cutoff: float = 0.65) -> str | None:
    """Return the known name that is most similar to `name`, or None if none is."""
    close = get_close_matches(name[:60].lower(), known, 1, cutoff)
    return close[0] if close else None


def nearest_key(name: str, known: Sequence[str]) -> str | None:
    """Return the known field that a key was meant for, by its own name or by its name in other formats."""
    synonyms = [synonym for synonym, field in SYNONYMS.items() if field in known]
    near = nearest(name, [*known, *synonyms], 0.5)
    return near if near is None or near in known else SYNONYMS[near]


def did_you_mean(name: str, known: Sequence[str], otherwise: str | None = None) -> str:
    """Return a hint that names the nearest known name; if none is near, `otherwise` or a list of all."""
    if near := nearest_key(name, known):
        return f"did you mean `{near}`?"
    return otherwise or "choose one of: " + ", ".join(known)


def as_code(text: str) -> str:
    """Return `text` in backticks; as it is if it contains backticks, among which the outer ones could not be found."""
    return text if "`" in text else f"`{text}`"


def write_key(key: str, value: str) -> str:
    """Return the hint to write `key: value`, with a plain colon and a plain space."""
    shown = "…" if "`" in value else shorten(value)
    return f"write `{key}: {shown}`" if shown else f"write `{key}:`"


def shorten(text: str, length: int = 60) -> str:
    """Return `text` on one line of at most `length` characters, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
