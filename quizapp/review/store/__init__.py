"""The store: the only place that knows SQL."""

from quizapp.review.store.cards import Orphan
from quizapp.review.store.deck_counts import DeckCounts
from quizapp.review.store.drafts import Shown
from quizapp.review.store.log import Today
from quizapp.review.store.queue_queries import Order
from quizapp.review.store.row_mapping import Attempt, Entry, Kind, Standing
from quizapp.review.store.store import Store

__all__ = ["Attempt", "DeckCounts", "Entry", "Kind", "Order", "Orphan", "Shown", "Standing", "Store", "Today"]
