"""Statistics: retention, calibration, forecast, time, streak, hard cards. The only module that imports pandas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import log, sqrt
from typing import TYPE_CHECKING, Any

from quizapp.decks.card import Card
from quizapp.errors import StoreError
from quizapp.review.days import Days
from quizapp.review.store import Store
from quizapp.review.store.stats_queries import HardCard, MistakeCount, SlowCard

if TYPE_CHECKING:
    import pandas as pd

FORECAST_DAYS = 30
MAX_LISTED = 10
BINS = 20
MAX_PROBABILITY = 0.9995
"""Predictions are clipped to this and its complement: log loss is infinite for a wrong prediction of 0 or 1."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Reviews of learned cards, and how many of them were recalled."""

    reviews: int
    recalled: int

    @property
    def share(self) -> float | None:
        return self.recalled / self.reviews if self.reviews else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted against true recall."""

    reviews: int
    log_loss: float | None
    """Mean of -log p, p being the predicted probability of what happened."""

    rmse: float | None
    """Root of the mean squared difference between predicted and true recall, over bins of similar predictions."""

    bins: tuple[tuple[float, float, int], ...] = ()
    """(mean prediction, true recall, reviews), lowest first."""


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """The cards due on one day, and the minutes they take."""

    day: date
    cards: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with at least one review."""

    current: int = 0
    """The streak up to today, or up to yesterday if today has no review yet."""

    longest: int = 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables of the statistics screen. Weeks and months are keyed by their first day."""

    reviews: int
    minutes: float
    days: int
    """Days with at least one review."""

    seconds_per_review: float | None
    """Median time of a review."""

    overall: Retention
    young: Retention
    """Retention of cards with an interval under three weeks."""

    mature: Retention
    by_week: dict[date, Retention]
    by_month: dict[date, Retention]
    by_deck: dict[str, Retention]
    by_tag: dict[str, Retention]
    seconds_by_deck: dict[str, float]
    calibration: Calibration
    forecast: tuple[ForecastDay, ...]
    streak: Streak
    calendar: dict[date, int]
    """Day -> number of reviews, for days with any."""

    hardest: tuple[HardCard, ...]
    slowest: tuple[SlowCard, ...]
    mistakes: tuple[MistakeCount, ...]
    waiting: tuple[str, ...]
    """Cards that wait for CUDA."""

    def to_json(self) -> dict[str, Any]:
        """Return plain data under stable names."""
        data = {key: _plain(value) for key, value in asdict(self).items()}
        for name in ("overall", "young", "mature"):
            data[name]["share"] = getattr(self, name).share
        for name in ("by_week", "by_month", "by_deck", "by_tag"):
            for key, retention in getattr(self, name).items():
                data[name][str(key)]["share"] = retention.share
        data["calibration"]["bins"] = [
            {"predicted": predicted, "true": true, "reviews": reviews}
            for predicted, true, reviews in self.calibration.bins
        ]
        return data


def statistics(store: Store, cards: Iterable[Card], days: Days, now: datetime) -> Statistics:
    """Return all statistics. `cards` are those of the library, needed for their tags."""
    # In a store that cannot be written, the queries add up the pending entries themselves: slower, same result.
    with suppress(StoreError):
        store.statistics.update_sums()
    daily = _daily(store)
    studied = daily.groupby("day").reviews.sum()
    calendar = dict(zip(map(date.fromordinal, studied.index.tolist()), studied.tolist(), strict=True))
    reviews, seconds = int(daily.reviews.sum()), float(daily.milliseconds.sum()) / 1000
    groups = _by_deck(store)
    return Statistics(
        reviews=reviews,
        minutes=round(seconds / 60, 1),
        days=len(calendar),
        seconds_per_review=_median(store.statistics.seconds()),
        overall=_retention(daily),
        young=_retention(daily[daily.mature == 0]),
        mature=_retention(daily[daily.mature == 1]),
        by_week=_by_period(daily, daily.day - (daily.day - 1) % 7),
        by_month=_by_period(daily, daily.day.map(_first_of_month)),
        by_deck=_retentions(groups),
        by_tag=_by_tag(store, cards),
        seconds_by_deck=dict(zip(groups.index.tolist(), _seconds_each(groups), strict=True)),
        calibration=_calibration(store.statistics.predictions()),
        forecast=_forecast(store, days, now, seconds / reviews if reviews else 0.0),
        streak=streak(calendar, date.fromordinal(days.of(now))),
        calendar=calendar,
        hardest=tuple(store.statistics.hardest(MAX_LISTED)),
        slowest=tuple(store.statistics.slowest(MAX_LISTED)),
        mistakes=tuple(store.statistics.mistakes(MAX_LISTED)),
        waiting=tuple(store.cards.waiting()),
    )


def streak(studied: Iterable[date], today: date) -> Streak:
    """Return the streak, given the days with at least one review."""
    longest = run = 0
    previous: date | None = None
    for day in sorted(studied):
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest, previous = max(longest, run), day
    is_current = previous is not None and today - previous <= timedelta(days=1)
    return Streak(run if is_current else 0, longest)


def _daily(store: Store) -> pd.DataFrame:
    """Return one row per day and age: a second one for days on which mature cards were reviewed."""
    import pandas as pd

    return pd.DataFrame(
        store.statistics.days(),
        columns=["day", "mature", "reviews", "learned", "recalled", "milliseconds"],
        dtype="int64",
    )


def _by_deck(store: Store) -> pd.DataFrame:
    import pandas as pd

    columns = ["deck", "reviews", "learned", "recalled", "milliseconds"]
    return pd.DataFrame(store.statistics.decks(), columns=columns).set_index("deck")


def _by_tag(store: Store, cards: Iterable[Card]) -> dict[str, Retention]:
    # Not in pandas, which would read each of a hundred thousand names three times.
    tags = {card.name: card.tags for card in cards if card.tags}
    sums: dict[str, tuple[int, int]] = {}
    for name, learned, recalled in store.statistics.cards():
        for tag in tags.get(name, ()):
            reviews, good = sums.get(tag, (0, 0))
            sums[tag] = (reviews + learned, good + recalled)
    return {tag: Retention(*numbers) for tag, numbers in sorted(sums.items())}


def _retention(sums: pd.DataFrame) -> Retention:
    return Retention(int(sums.learned.sum()), int(sums.recalled.sum()))


def _retentions(sums: pd.DataFrame) -> dict[Any, Retention]:
    """Return the retention of each index value with any review of learned cards."""
    rows = zip(sums.index.tolist(), sums.learned.tolist(), sums.recalled.tolist(), strict=True)
    return {key: Retention(learned, recalled) for key, learned, recalled in rows if learned}


def _by_period(daily: pd.DataFrame, period: pd.Series[int]) -> dict[date, Retention]:
    retentions = _retentions(daily.groupby(period)[["learned", "recalled"]].sum())
    return {date.fromordinal(first): retention for first, retention in retentions.items()}


def _seconds_each(sums: pd.DataFrame) -> list[float]:
    means: list[float] = (sums.milliseconds / sums.reviews / 1000).round(1).tolist()
    return means


def _first_of_month(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal()


def _median(counts: list[tuple[int, int]]) -> float | None:
    """Return the lower median of (value, number of times) pairs in ascending order."""
    middle, seen = (sum(number for _, number in counts) + 1) // 2, 0
    for value, number in counts:
        seen += number
        if seen >= middle:
            return float(value)
    return None


def _calibration(predictions: list[tuple[float, int, int]]) -> Calibration:
    """Return the metrics of (predicted recall, reviews, recalled) rows in ascending order."""
    rows = [
        (min(max(chance, 1 - MAX_PROBABILITY), MAX_PROBABILITY), size, recalled)
        for chance, size, recalled in predictions
    ]
    reviews = sum(size for _, size, _ in rows)
    if not reviews:
        return Calibration(0, None, None)
    loss = -sum(hits * log(chance) + (size - hits) * log(1 - chance) for chance, size, hits in rows) / reviews
    bins = tuple(_bins(rows))
    rmse = sqrt(sum((predicted - true) ** 2 * size for predicted, true, size in bins) / reviews)
    return Calibration(reviews, round(loss, 4), round(rmse, 4), bins)


def _bins(rows: list[tuple[float, int, int]]) -> Iterator[tuple[float, float, int]]:
    """Yield (mean prediction, true recall, reviews) of each of BINS equal ranges, from rows in ascending order."""
    for _, group in groupby(rows, key=lambda row: int(row[0] * BINS)):
        members = list(group)
        size = sum(count for _, count, _ in members)
        predicted = sum(chance * count for chance, count, _ in members) / size
        yield round(predicted, 4), round(sum(recalled for *_, recalled in members) / size, 4), size


def _forecast(store: Store, days: Days, now: datetime, seconds_per_review: float) -> tuple[ForecastDay, ...]:
    """Return the cards due on each coming day; overdue cards count for today."""
    today = days.of(now)
    counts: Counter[int] = Counter()
    for due, cards in store.statistics.dues(days.start(today + FORECAST_DAYS)):
        counts[max(0, days.of(due) - today)] += cards
    return tuple(
        ForecastDay(date.fromordinal(today + ahead), counts[ahead], round(counts[ahead] * seconds_per_review / 60, 1))
        for ahead in range(FORECAST_DAYS)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
