"""The review store of one learner."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from quizapp.review.store.cards import Cards
from quizapp.review.store.database import WRITE_TIMEOUT, Database
from quizapp.review.store.deck_counts import DeckCounter
from quizapp.review.store.drafts import Drafts
from quizapp.review.store.log import Log
from quizapp.review.store.queue_queries import QueueQueries
from quizapp.review.store.stats_queries import StatisticsQueries


class Store:
    """Reviews, memories and drafts in one SQLite file. Every method of its parts raises StoreError."""

    def __init__(self, path: Path, timeout: float = WRITE_TIMEOUT) -> None:
        """Open the file, or create it. A write waits `timeout` seconds for another program. Raises StoreError."""
        self.database = Database(path, timeout)
        self.cards = Cards(self.database)
        self.log = Log(self.database, self.cards)
        self.drafts = Drafts(self.database, self.cards)
        self.queue = QueueQueries(self.database)
        self.counts = DeckCounter(self.database)
        self.statistics = StatisticsQueries(self.database)

    @property
    def path(self) -> Path:
        return self.database.path

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
