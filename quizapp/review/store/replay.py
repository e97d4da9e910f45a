"""Memories made anew from the log: what the schedule promised stays, what FSRS computes is computed again."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.scheduler import Scheduler
from quizapp.review.store.cards import SQL as CARDS
from quizapp.review.store.log import COLUMNS
from quizapp.review.store.log import SQL as LOG
from quizapp.review.store.row_mapping import EntryKind, memory_values, moment
from quizapp.review.store.stats_queries import SQL as FIGURES
from quizapp.review.store.store import Store


def replay(store: Store, scheduler: Scheduler) -> int:
    """Replace every derived column; gives the number of cards with a memory."""
    database, remembered = store.database, 0
    with database.transaction():
        entries = database.rows(LOG["to replay"])
        database.run(CARDS["forget all"])
        for card, rows in groupby(entries, key=lambda row: int(row[1])):
            memory = None
            for row in rows:
                kind = EntryKind(row[0])
                if kind is EntryKind.REVIEW:
                    memory = _after(memory, row, scheduler)
                elif kind is EntryKind.RESET:
                    memory = None
                elif kind in COLUMNS:
                    database.run(CARDS[COLUMNS[kind]], (row[6], card))
            if memory:
                database.run(CARDS["remember"], (*memory_values(memory), card))
                remembered += 1
        database.run(CARDS["rest all anew"])
        for statement in ("clear sums", "sum anew", "summed up"):
            database.run(FIGURES[statement])
    return remembered


def _after(memory: Memory | None, row: tuple[Any, ...], scheduler: Scheduler) -> Memory:
    _, _, name, rating, at, day, _, state, step, due, fingerprint = row
    after = scheduler.review(name, memory, Rating(rating), moment(at), day=day)
    # Steps, retention and zone may have been set differently then: the date that the learner was given holds.
    return replace(after, state=MemoryState(state), step=step, due=moment(due), fingerprint=fingerprint)
