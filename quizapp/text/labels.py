"""The label of every outcome and of every check's state, for all front ends."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.text.clipping import MAX_NAME, clip
from quizapp.text.printable import one_line


@dataclass(frozen=True, slots=True)
class Label:
    """A symbol and words, so that no meaning depends on a colour alone."""

    symbol: str
    text: str
    colour: str
    """The theme's name of the colour: `success`, `error`, `warning`, `secondary`."""

    def __str__(self) -> str:
        return f"{self.symbol} {self.text}"


OUTCOME_LABELS = {
    "passed": Label("✓", "passed", "success"),
    "wrong": Label("✗", "not right yet", "error"),
    "error": Label("!", "your code raised an error", "error"),
    "timeout": Label("◷", "ran out of time", "warning"),
    "memory": Label("▲", "ran out of memory", "warning"),
    "output": Label("≡", "printed too much", "warning"),
    "crashed": Label("†", "the process crashed", "warning"),
    "blocked": Label("⊘", "blocked by the sandbox", "warning"),
    "deferred": Label("○", "deferred: this card needs a GPU", "secondary"),
    "unreadable": Label("↻", "cannot be read: not counted, type it again", "secondary"),
    "internal": Label("?", "ptquiz failed, not your answer", "secondary"),
}
"""Outcome -> label."""

RULE_BROKEN = Label("✗", "all checks pass, but a rule of the card is broken", "error")
"""Label of `wrong` where only a rule was broken."""

CHECK_LABELS = {
    "agrees": Label("✓", "", "success"),
    "differs": Label("✗", "", "error"),
    "not reached": Label("–", "not reached: an earlier failure came first", "warning"),
    "deferred": Label("○", "deferred: needs a GPU", "secondary"),
}
"""State of a check -> label; the text is what is shown where there is no finding."""


def outcome_label(outcome: str) -> Label:
    """Return the label of an outcome; one that this version does not know, as in a changed store, is shown as it is."""
    return OUTCOME_LABELS.get(outcome) or Label("?", clip(one_line(outcome), MAX_NAME), "secondary")
