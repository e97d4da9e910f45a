"""Memory + rating + now -> memory: FSRS-6 by the fsrs package, in local days, with a fuzz that can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import floor
from random import Random

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS, FUZZ_RANGES

from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating, Review
from quizapp.settings import Settings

__all__ = ["Memory", "MemoryState", "Rating", "Review", "Scheduler"]

SHORTEST_FUZZED = 3
"""Days; a shorter interval is kept as it is."""

LONGEST = 36500
"""Days, FSRS's own bound."""


MOST_OUTLOOKS = 64
"""What is remembered of ratings that were only looked at: four for each card shown."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one rating on one day makes of a memory, at whatever time of that day."""

    state: MemoryState
    step: int | None
    stability: float
    difficulty: float
    wait: timedelta
    """Within the steps."""

    due: datetime | None
    """Once the card is learned: the beginning of a day."""


@dataclass(slots=True)
class Scheduler:
    """Says when a card comes back. `Scheduler.of(settings, days)` makes the learner's own."""

    days: Days = Days()
    retention: float = 0.9
    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    parameters: Sequence[float] = DEFAULT_PARAMETERS
    fuzz: bool = True
    _engines: dict[float, fsrs.Scheduler] = field(default_factory=dict, repr=False)
    _outlooks: dict[tuple[object, ...], Outlook] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings, days: Days) -> Scheduler:
        return cls(
            days,
            settings.desired_retention,
            tuple(timedelta(minutes=step) for step in settings.learning_steps),
            tuple(timedelta(minutes=step) for step in settings.relearning_steps),
        )

    def review(
        self,
        card: str,
        memory: Memory | None,
        rating: Rating,
        now: datetime,
        retention: float | None = None,
        day: int | None = None,
        fingerprint: str = "",
    ) -> Memory:
        """The card's memory after one rating given at `now`.

        `retention` None means the scheduler's own; `day` is the local day, where the log knows it better;
        `fingerprint` is of the card as it is now.
        """
        now = now.astimezone(UTC)
        today = self.days.of(now) if day is None else day
        # Every button's interval is shown before one is pressed: that one need not be worked out again.
        asked = (card, memory, rating, today, retention)
        if asked not in self._outlooks:
            if len(self._outlooks) >= MOST_OUTLOOKS:
                self._outlooks.clear()
            self._outlooks[asked] = self._outlook(card, memory, rating, now, today, retention)
        outlook = self._outlooks[asked]
        forgotten = memory is not None and memory.state is MemoryState.REVIEW and rating is Rating.AGAIN
        return Memory(
            card=card,
            state=outlook.state,
            step=outlook.step,
            stability=outlook.stability,
            difficulty=outlook.difficulty,
            due=now + outlook.wait if outlook.due is None else outlook.due,
            last_review=now,
            last_day=today,
            reps=memory.reps + 1 if memory else 1,
            lapses=(memory.lapses if memory else 0) + forgotten,
            fingerprint=fingerprint,
        )

    def _outlook(
        self, card: str, memory: Memory | None, rating: Rating, now: datetime, today: int, retention: float | None
    ) -> Outlook:
        after, _ = self._engine(retention).review_card(_as_fsrs(memory, today, now), fsrs.Rating(rating), now)
        assert after.stability is not None and after.difficulty is not None
        wait, due = after.due - now, None
        if after.state is fsrs.State.Review:
            reps = memory.reps + 1 if memory else 1
            due = self.days.start(today + (self._fuzzed(wait.days, f"{card} {reps}") if self.fuzz else wait.days))
        return Outlook(MemoryState(int(after.state)), after.step, after.stability, after.difficulty, wait, due)

    def intervals(
        self, card: str, memory: Memory | None, now: datetime, retention: float | None = None
    ) -> dict[Rating, timedelta]:
        """What each button means: whole days once the card is learned, the exact step before."""
        return {rating: self._interval(self.review(card, memory, rating, now, retention), now) for rating in Rating}

    def retrievability(self, memory: Memory, now: datetime, day: int | None = None) -> float:
        """The probability of recall at `now`; `day` is its local day, where that is known."""
        now = now.astimezone(UTC)
        today = self.days.of(now) if day is None else day
        return float(self._engine(None).get_card_retrievability(_as_fsrs(memory, today, now), now))

    def scheduled(self, memory: Memory) -> int:
        """Days from the last review to the date that it led to; 0 within the steps."""
        return self.days.of(memory.due) - memory.last_day if memory.state is MemoryState.REVIEW else 0

    def _interval(self, memory: Memory, now: datetime) -> timedelta:
        return timedelta(days=self.scheduled(memory)) if memory.state is MemoryState.REVIEW else memory.due - now

    def _engine(self, retention: float | None) -> fsrs.Scheduler:
        wanted = self.retention if retention is None else retention
        if wanted not in self._engines:
            self._engines[wanted] = fsrs.Scheduler(
                self.parameters, wanted, self.learning_steps, self.relearning_steps, enable_fuzzing=False
            )
        return self._engines[wanted]

    @staticmethod
    def _fuzzed(interval: int, seed: str) -> int:
        """`interval` moved within FSRS's own bounds; one seed moves a longer interval to no shorter one."""
        if interval < SHORTEST_FUZZED:
            return interval
        reach = 1.0 + sum(band["factor"] * max(min(interval, band["end"]) - band["start"], 0.0) for band in FUZZ_RANGES)
        low, high = max(2, round(interval - reach)), min(round(interval + reach), LONGEST)
        return low + floor(Random(seed).random() * (high - low + 1))


def _as_fsrs(memory: Memory | None, today: int, now: datetime) -> fsrs.Card:
    """The package's card, its last review moved so that the whole days since are the local days since."""
    if memory is None:
        return fsrs.Card(card_id=0, due=now)
    return fsrs.Card(
        card_id=0,
        state=fsrs.State(int(memory.state)),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=now - timedelta(days=max(0, today - memory.last_day)),
    )
