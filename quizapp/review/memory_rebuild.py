"""Recomputation of all memories from the review log."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from itertools import groupby

from quizapp.review.days import Days
from quizapp.review.memory import Memory
from quizapp.review.scheduler import Scheduler
from quizapp.review.store import EntryKind, Store
from quizapp.review.store.log import ReplayedReview
from quizapp.settings import Settings


def rebuild(store: Store, settings: Settings, zone: tzinfo | None = None) -> int:
    """Replace every memory by what the log says; return the number of cards with one."""
    return replay(store, Scheduler.from_settings(settings, Days(zone, settings.day_offset)))


def replay(store: Store, scheduler: Scheduler) -> int:
    """Replace every column that is derived from the log; return the number of cards with a memory."""
    rebuilt = 0
    with store.database.transaction():
        store.cards.clear_derived()
        for card_id, entries in groupby(store.log.replay(), key=lambda entry: entry.card_id):
            memory = None
            for entry in entries:
                if entry.review is not None:
                    memory = _replay_review(entry.card, memory, entry.review, scheduler)
                elif entry.kind is EntryKind.RESET:
                    memory = None
                elif entry.kind is not EntryKind.CRAM and entry.value is not None:
                    store.cards.set_flag(card_id, entry.kind, entry.value)
            if memory:
                store.cards.set_memory(card_id, memory)
                rebuilt += 1
        store.cards.recompute_sibling_burials()
        store.statistics.rebuild_sums()
    return rebuilt


def _replay_review(card: str, memory: Memory | None, review: ReplayedReview, scheduler: Scheduler) -> Memory:
    after = scheduler.review(card, memory, review.rating, review.at, day=review.day)
    # Steps, retention and zone may have been different then, so the original due date is kept.
    return replace(after, state=review.state, step=review.step, due=review.due, fingerprint=review.fingerprint)
