"""FSRS-6 scheduling in local days, with repeatable fuzz.

Model and default parameters are those of the package `fsrs` (py-fsrs 6.3); the formulas are described at
https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm. ptquiz replaces two parts: elapsed time and
intervals count local days instead of 24 hours, and the fuzz is derived from the card instead of a global generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import floor
from random import Random

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS, FUZZ_RANGES

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.settings import Settings

MIN_FUZZED = 3
"""Days. py-fsrs leaves intervals under 2.5 days unchanged, and ptquiz uses whole days."""

MIN_AFTER_FUZZ = 2
"""Days, as in py-fsrs."""

MAX_INTERVAL = 36500
"""Days: the default `maximum_interval` of py-fsrs."""

MAX_PROJECTIONS = 64
"""Cached projections. Each card shown needs four, one per button."""


def desired_retention(card: Card, settings: Settings) -> float:
    """Return the desired retention of a card: the highest of its tags', else its deck's, else the general one."""
    tagged = [settings.tag_retention[tag] for tag in card.tags if tag in settings.tag_retention]
    return max(tagged) if tagged else settings.deck_retention.get(card.deck, settings.desired_retention)


@dataclass(frozen=True, slots=True)
class Projection:
    """The result of one rating on one day, independent of the time of day."""

    state: MemoryState
    step: int | None
    stability: float
    difficulty: float
    delay: timedelta
    """Time from the review to the due date; used within the learning steps."""

    due: datetime | None
    """The start of the due day (UTC) in REVIEW, else None."""


@dataclass(slots=True)
class Scheduler:
    """Computes a card's memory and due date from its ratings. `from_settings` applies the learner's settings."""

    days: Days = Days()
    retention: float = 0.9
    """Desired probability of recall at the due date."""

    learning_steps: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: tuple[timedelta, ...] = (timedelta(minutes=10),)
    parameters: Sequence[float] = DEFAULT_PARAMETERS
    """The 21 weights of FSRS-6."""

    fuzz: bool = True
    _engines: dict[float, fsrs.Scheduler] = field(default_factory=dict, repr=False)
    _projections: dict[tuple[object, ...], Projection] = field(default_factory=dict, repr=False)

    @classmethod
    def from_settings(cls, settings: Settings, days: Days) -> Scheduler:
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
        """Return the memory of `card` after one rating at `now`.

        `memory` None means a new card. `retention` None means the scheduler's own; `day` None means the local day of
        `now`; `fingerprint` is that of the card as it is now.
        """
        now = now.astimezone(UTC)
        today = self.days.of(now) if day is None else day
        # The screen shows the interval of every button, so the projection of the rating is usually cached.
        key = (card, memory, rating, today, retention)
        if key not in self._projections:
            if len(self._projections) >= MAX_PROJECTIONS:
                self._projections.clear()
            self._projections[key] = self._project(card, memory, rating, now, today, retention)
        projection = self._projections[key]
        is_lapse = memory is not None and memory.state is MemoryState.REVIEW and rating is Rating.AGAIN
        return Memory(
            card=card,
            state=projection.state,
            step=projection.step,
            stability=projection.stability,
            difficulty=projection.difficulty,
            due=now + projection.delay if projection.due is None else projection.due,
            last_review=now,
            last_day=today,
            reps=memory.reps + 1 if memory else 1,
            lapses=(memory.lapses if memory else 0) + is_lapse,
            fingerprint=fingerprint,
        )

    def _project(
        self, card: str, memory: Memory | None, rating: Rating, now: datetime, today: int, retention: float | None
    ) -> Projection:
        after, _ = self._engine(retention).review_card(_to_fsrs(memory, today, now), fsrs.Rating(rating), now)
        assert after.stability is not None and after.difficulty is not None
        delay, due = after.due - now, None
        if after.state is fsrs.State.Review:
            reps = memory.reps + 1 if memory else 1
            due = self.days.start(today + (self._apply_fuzz(delay.days, f"{card} {reps}") if self.fuzz else delay.days))
        return Projection(MemoryState(int(after.state)), after.step, after.stability, after.difficulty, delay, due)

    def intervals(
        self, card: str, memory: Memory | None, now: datetime, retention: float | None = None
    ) -> dict[Rating, timedelta]:
        """Return the interval of each rating: whole days once the card is learned, the exact step before."""
        return {rating: self._interval(self.review(card, memory, rating, now, retention), now) for rating in Rating}

    def retrievability(self, memory: Memory, now: datetime, day: int | None = None) -> float:
        """Return the probability of recall at `now`; `day` None means the local day of `now`."""
        now = now.astimezone(UTC)
        today = self.days.of(now) if day is None else day
        return float(self._engine(None).get_card_retrievability(_to_fsrs(memory, today, now), now))

    def scheduled_days(self, memory: Memory) -> int:
        """Return the days from the last review to the due date; 0 within the learning steps."""
        return self.days.of(memory.due) - memory.last_day if memory.state is MemoryState.REVIEW else 0

    def _interval(self, memory: Memory, now: datetime) -> timedelta:
        return timedelta(days=self.scheduled_days(memory)) if memory.state is MemoryState.REVIEW else memory.due - now

    def _engine(self, retention: float | None) -> fsrs.Scheduler:
        wanted = self.retention if retention is None else retention
        if wanted not in self._engines:
            self._engines[wanted] = fsrs.Scheduler(
                self.parameters, wanted, self.learning_steps, self.relearning_steps, enable_fuzzing=False
            )
        return self._engines[wanted]

    @staticmethod
    def _apply_fuzz(interval: int, seed: str) -> int:
        """Return `interval` (days) moved at random within the bounds of py-fsrs.

        The bounds are `fsrs.scheduler.FUZZ_RANGES`: one day plus 15 % of the days from 2.5 to 7, 10 % of those to
        20 and 5 % of those beyond. For one seed, a longer interval never becomes shorter than a shorter one.
        """
        if interval < MIN_FUZZED:
            return interval
        delta = 1.0 + sum(band["factor"] * max(min(interval, band["end"]) - band["start"], 0.0) for band in FUZZ_RANGES)
        low, high = max(MIN_AFTER_FUZZ, round(interval - delta)), min(round(interval + delta), MAX_INTERVAL)
        return low + floor(Random(seed).random() * (high - low + 1))


def _to_fsrs(memory: Memory | None, today: int, now: datetime) -> fsrs.Card:
    """Return the package's card, with its last review moved so that the 24-hour days since are the local days since."""
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
