"""Findings of the audit on a card, located by field: a cached finding stays valid if the card moves in its file."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.decks.card import Card, Position
from quizapp.errors import Problem


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """A false claim or a weakness of a card."""

    kind: str
    """The finding's code: `wrong-passes`, `idle-check` …"""

    field: str
    """A path in the card: `wrong[0].code`."""

    message: str
    hint: str | None = None
    severity: str = "error"
    line: int = 0
    """Number of lines below the first line of the field."""

    def problem(self, card: Card, path: str) -> Problem:
        """Return the finding as a problem of the deck's file."""
        position = position_of(card, self.field)
        line = position.line + self.line
        return Problem(path, line, position.column, self.message, self.hint, self.kind, card.name, self.severity)


def position_of(card: Card, field: str) -> Position:
    """Return the position of a field, or of the nearest enclosing field that has one, or of the card."""
    while field:
        if field in card.positions:
            return card.positions[field]
        if f"{field}[0]" in card.positions:
            return card.positions[f"{field}[0]"]
        field = field.rpartition(".")[0] if "." in field else field.partition("[")[0] if "[" in field else ""
    return card.position
