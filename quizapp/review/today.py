"""What is left of today within its limits, the days reviewed so far, and the forecast for tomorrow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from quizapp.decks.card import Card, CardKind
from quizapp.review.analysis.statistics import streak
from quizapp.review.days import Days
from quizapp.review.queue import Queue
from quizapp.review.store import Store
from quizapp.review.usual_times import UsualTimes
from quizapp.settings import Settings
from quizapp.text.counting import plural

MAX_MORE_NEW = 9999
USUAL_SECONDS = 60.0
"""Assumed time of a review before the first one."""


@dataclass(frozen=True, slots=True)
class Today:
    """Today's work and the reviews of earlier days."""

    day: int
    """The local day, an ordinal."""

    due: int
    """Cards to review that today's limits still allow, with those within their steps."""

    new: int
    """New cards that today's limits still allow."""

    minutes: float
    """Estimated time of all of them."""

    rated: int
    """Reviews so far."""

    minutes_spent: float
    offers_more_new: bool
    """Whether only today's limit hides further new cards."""

    streak: int
    """Consecutive days with a review, up to today or yesterday."""

    reviews: Mapping[int, int]
    """Day -> its reviews."""

    next_new: str
    """The first new card of today; empty if there is none."""

    next_due: datetime | None
    """Due date of the next card, UTC; None if no card has one."""

    @property
    def cards(self) -> int:
        return self.due + self.new


@dataclass(frozen=True, slots=True)
class Forecast:
    """The cards due on a coming day, and the minutes that they take."""

    cards: int
    minutes: float


@dataclass(frozen=True, slots=True)
class MoreNew:
    """New cards that the learner added to one day's limit."""

    day: int = 0
    cards: int = 0

    def add(self, cards: int, day: int) -> MoreNew:
        """Return the cards added on `day` and these."""
        return MoreNew(day, cards + (self.cards if self.day == day else 0))

    def raise_limit(self, settings: Settings, day: int) -> Settings:
        """Return `settings` with the limit of `day`."""
        if not self.cards or self.day != day:
            return settings
        return replace(settings, new_per_day=settings.new_per_day + self.cards)


def read_more_new(path: Path) -> MoreNew:
    """Return what `save_more_new` has written; nothing if there is no such file, or another one."""
    try:
        more = MoreNew(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return MoreNew()
    return more if type(more.day) is type(more.cards) is int and 0 <= more.cards <= MAX_MORE_NEW else MoreNew()


def save_more_new(path: Path, more: MoreNew) -> None:
    """Write the cards that were added to a day's limit, so that they outlast the program.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(more)), encoding="utf-8")


def today(store: Store, settings: Settings, days: Days, now: datetime, card: Callable[[str], Card]) -> Today:
    """Return what is left of today; `card` returns the card of a name. The store must know the library already."""
    day = days.of(now)
    queue = Queue(store, settings, days, is_first_choice=lambda name: card(name).kind is CardKind.CODE)
    plan, totals = queue.plan(now), store.log.day_totals(day)
    reviews, seconds_each = _history(store)
    is_time_spent = 0 < settings.minutes_per_day <= totals.seconds / 60
    due, new = ([], []) if is_time_spent else (plan.reviews, plan.new)
    due = [*plan.learning, *due]
    minutes = _estimate(store, map(card, [*due, *new]), seconds_each) / 60
    if settings.minutes_per_day:
        minutes = min(minutes, max(0.0, settings.minutes_per_day - totals.seconds / 60))
    return Today(
        day=day,
        due=len(due),
        new=len(new),
        minutes=minutes,
        rated=totals.rated,
        minutes_spent=totals.seconds / 60,
        offers_more_new=not new and not is_time_spent and bool(store.queue.next_new(days.day(now))),
        streak=streak(map(date.fromordinal, reviews), date.fromordinal(day)).current,
        reviews=reviews,
        next_new=new[0] if new else "",
        next_due=store.queue.next_due(),
    )


def tomorrow(store: Store, days: Days, now: datetime) -> Forecast:
    """Return the cards that become due tomorrow, and their minutes at the mean time of all reviews."""
    cards = _due_before(store, days.start(days.of(now) + 2)) - _due_before(store, days.end(now))
    return Forecast(cards, cards * _history(store)[1] / 60)


def _due_before(store: Store, moment: datetime) -> int:
    return sum(number for _, number in store.statistics.dues(moment))


def closing_line(store: Store, settings: Settings, now: datetime) -> str:
    """Return today's reviews and tomorrow's forecast as one line; empty if there was no review today."""
    days = Days(None, settings.day_offset)
    totals = store.log.day_totals(days.of(now))
    if not totals.rated:
        return ""
    ahead, left = tomorrow(store, days, now).cards, _due_before(store, days.end(now))
    today_left = f"{left} more due today, " if left else ""
    done = f"{plural(totals.rated, 'card')} in {round(totals.seconds / 60)} min"
    return f"{done}; {today_left}{ahead or 'nothing'} due tomorrow."


def _history(store: Store) -> tuple[dict[int, int], float]:
    """Return the reviews of each day, and the mean seconds of a review."""
    reviews: Counter[int] = Counter()
    milliseconds = 0
    for day, _, number, _, _, spent in store.statistics.days():
        reviews[day] += number
        milliseconds += spent
    total = sum(reviews.values())
    return dict(reviews), milliseconds / total / 1000 if total else USUAL_SECONDS


def _estimate(store: Store, cards: Iterable[Card], seconds_each: float) -> float:
    """Return the seconds that these cards usually take."""
    usual = UsualTimes(store)
    return sum(usual.seconds(card) or seconds_each for card in cards)
