"""Memories derived again from the review log."""

from __future__ import annotations

from datetime import tzinfo

from quizapp.review.days import Days
from quizapp.review.scheduler import Scheduler
from quizapp.review.store import Store
from quizapp.review.store.replay import replay
from quizapp.settings import Settings


def rebuild(store: Store, settings: Settings, zone: tzinfo | None = None) -> int:
    """Replace every memory by what the log says; gives how many there are."""
    return replay(store, Scheduler.of(settings, Days(zone, settings.day_offset)))
