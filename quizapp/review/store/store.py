"""One learner's reviews, memories, drafts: the one place that holds them, in one SQLite file."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from quizapp.review.store.cards import Cards
from quizapp.review.store.database import PATIENCE, Database
from quizapp.review.store.deck_counts import Counts
from quizapp.review.store.drafts import Drafts
from quizapp.review.store.log import Log
from quizapp.review.store.queue_queries import QueueQueries
from quizapp.review.store.stats_queries import StatisticsQueries


class Store:
    """Opens the file, or makes it. Raises StoreError, here and in every part, with words and a way out."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """`patience`: seconds that a write waits for another program's."""
        self.database = Database(path, patience)
        self.cards = Cards(self.database)
        self.log = Log(self.database, self.cards)
        self.work = Drafts(self.database, self.cards)
        self.agenda = QueueQueries(self.database)
        self.counts = Counts(self.database)
        self.figures = StatisticsQueries(self.database)

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
