"""Cards that are forgotten over and over, with what was answered last: to be looked at, not only repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.review.days import Days
from quizapp.review.store import Attempt, EntryKind, Store
from quizapp.settings import Settings

MAX_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Leech:
    """One such card; suspend it, flag it, or learn what it is made of first."""

    card: str
    lapses: int
    answers: tuple[Attempt, ...]
    """The latest first."""


ACTIONS = {"suspend": EntryKind.SUSPEND, "flag": EntryKind.FLAG, "anew": EntryKind.RESET}
"""`anew`: learned from the start, as if it had never been seen."""


def find_leeches(store: Store, settings: Settings) -> list[Leech]:
    """The most often forgotten first; suspended cards are dealt with already."""
    found = store.cards.leeches(settings.leech_lapses)
    return [Leech(name, lapses, tuple(store.work.attempts(name, MAX_ANSWERS))) for name, lapses in found]


def handle_leech(store: Store, card: str, action: str, now: datetime, days: Days) -> None:
    """One of ACTIONS; `undo` takes it back."""
    store.log.act(ACTIONS[action], card, 1, now, days.of(now))
