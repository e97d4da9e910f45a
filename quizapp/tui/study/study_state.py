"""How far the learner is with the card on the study screen, and what each kind of card asks for."""

from __future__ import annotations

from enum import Enum, auto

from quizapp.decks.card import CardKind

TITLES = {
    CardKind.CODE: "Answer",
    CardKind.PREDICT: "What does it give?",
    CardKind.CHOICE: "Choose",
    CardKind.ORDER: "Put in order",
}


class Phase(Enum):
    """What the learner can do now."""

    LOADING = auto()
    ANSWERING = auto()
    RUNNING = auto()
    DONE = auto()
    """Passed, or given up: only the rating is left."""

    STUCK = auto()
    """The next card could not be fetched; F8 asks again."""
