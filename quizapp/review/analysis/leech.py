"""Leeches: cards that are forgotten again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quizapp.review.days import Days
from quizapp.review.store import Attempt, EntryKind, Store
from quizapp.settings import Settings

MAX_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Leech:
    """A card with at least `leech_lapses` lapses."""

    card: str
    lapses: int
    answers: tuple[Attempt, ...]
    """The last ones, newest first."""


ACTIONS = {"suspend": EntryKind.SUSPEND, "flag": EntryKind.FLAG, "reset": EntryKind.RESET}


def find_leeches(store: Store, settings: Settings) -> list[Leech]:
    """Return the leeches that are not suspended, most lapses first."""
    found = store.cards.leeches(settings.leech_lapses)
    return [Leech(name, lapses, tuple(store.drafts.attempts(name, MAX_ANSWERS))) for name, lapses in found]


def apply_leech_action(store: Store, card: str, action: str, now: datetime, days: Days) -> None:
    """Suspend, flag or reset a card: one of ACTIONS. Undo reverts it."""
    store.log.append_action(ACTIONS[action], card, 1, now, days.of(now))
