"""The review store, in SQLite. No other package knows SQL."""

from quizapp.review.store.cards import Orphan
from quizapp.review.store.deck_counts import DeckCounts
from quizapp.review.store.drafts import CardProgress
from quizapp.review.store.log import DayTotals
from quizapp.review.store.queue_queries import QueueOrder
from quizapp.review.store.row_mapping import Attempt, CardFlags, EntryKind, LogEntry
from quizapp.review.store.store import Store

__all__ = [
    "Attempt",
    "CardFlags",
    "CardProgress",
    "DayTotals",
    "DeckCounts",
    "EntryKind",
    "LogEntry",
    "Orphan",
    "QueueOrder",
    "Store",
]
