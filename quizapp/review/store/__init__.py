"""The store: the only place that knows SQL."""

from quizapp.review.store.agenda import Order
from quizapp.review.store.cards import Orphan
from quizapp.review.store.counts import DeckCounts
from quizapp.review.store.log import Today
from quizapp.review.store.rows import Attempt, Entry, Kind, Standing
from quizapp.review.store.store import Store
from quizapp.review.store.work import Shown

__all__ = ["Attempt", "DeckCounts", "Entry", "Kind", "Order", "Orphan", "Shown", "Standing", "Store", "Today"]
