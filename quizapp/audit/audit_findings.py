"""What the audit finds on one card, told by field; its line in the file is looked up last, so that results keep."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.decks.card import Card, Position
from quizapp.errors import Problem


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is not so. `field` is a path in the card: `wrong[0].code`; `line` counts on from its first."""

    kind: str
    field: str
    message: str
    hint: str | None = None
    severity: str = "error"
    line: int = 0

    def problem(self, card: Card, path: str) -> Problem:
        """The fault as a problem of the deck's file."""
        place = place_of(card, self.field)
        line = place.line + self.line
        return Problem(path, line, place.column, self.message, self.hint, self.kind, card.name, self.severity)


def place_of(card: Card, field: str) -> Position:
    """Where a field stands, or what it stands in, or the card."""
    while field:
        if field in card.places:
            return card.places[field]
        if f"{field}[0]" in card.places:
            return card.places[f"{field}[0]"]
        field = field.rpartition(".")[0] if "." in field else field.partition("[")[0] if "[" in field else ""
    return card.place
