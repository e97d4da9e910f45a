"""How it goes: retention, calibration, forecast, time, streak, and what is hard. The one place that loads pandas."""

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
from quizapp.review.store.stats_queries import HardCard, SlowCard

if TYPE_CHECKING:
    import pandas as pd

FORECAST_DAYS = 28
LISTED = 10
BINS = 20
SUREST = 0.9995
"""Log loss has no value for a prediction of 0 or 1."""


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
    """FSRS's predictions beside what happened."""

    reviews: int
    log_loss: float | None
    rmse: float | None
    """Root of the mean squared difference between predicted and true recall, over bins of alike predictions."""

    bins: tuple[tuple[float, float, int], ...] = ()
    """(predicted, true, reviews), the lowest first."""


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day to come."""

    day: date
    cards: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with at least one review."""

    current: int = 0
    """Up to today, or to yesterday where today has none yet."""

    longest: int = 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables of the statistics screen; keys of weeks and months are their first days."""

    reviews: int
    minutes: float
    days: int
    """With at least one review."""

    seconds_per_review: float | None
    """The median."""

    overall: Retention
    young: Retention
    """Of cards whose interval was shorter than three weeks."""

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
    """Reviews of each day that has any."""

    hardest: tuple[HardCard, ...]
    slowest: tuple[SlowCard, ...]
    mistakes: tuple[tuple[str, int], ...]
    waiting: tuple[str, ...]
    """Cards that wait for CUDA."""

    def to_json(self) -> dict[str, Any]:
        """Plain data under names that do not change."""
        found = {key: _plain(value) for key, value in asdict(self).items()}
        for name in ("overall", "young", "mature"):
            found[name]["share"] = getattr(self, name).share
        for name in ("by_week", "by_month", "by_deck", "by_tag"):
            for key, retention in getattr(self, name).items():
                found[name][str(key)]["share"] = retention.share
        found["calibration"]["bins"] = [
            {"predicted": predicted, "true": true, "reviews": reviews}
            for predicted, true, reviews in self.calibration.bins
        ]
        found["mistakes"] = [{"mistake": family, "reviews": number} for family, number in self.mistakes]
        return found


def statistics(store: Store, cards: Iterable[Card], days: Days, now: datetime) -> Statistics:
    """Everything at once; `cards` are the library's, for their tags."""
    # A store that cannot be written to says as much, and takes longer.
    with suppress(StoreError):
        store.figures.sum_up()
    daily = _daily(store)
    studied = daily.groupby("day").reviews.sum()
    calendar = dict(zip(map(date.fromordinal, studied.index.tolist()), studied.tolist(), strict=True))
    reviews, seconds = int(daily.reviews.sum()), float(daily.milliseconds.sum()) / 1000
    groups = _by_deck(store)
    return Statistics(
        reviews=reviews,
        minutes=round(seconds / 60, 1),
        days=len(calendar),
        seconds_per_review=_median(store.figures.seconds()),
        overall=_retention(daily),
        young=_retention(daily[daily.mature == 0]),
        mature=_retention(daily[daily.mature == 1]),
        by_week=_by_period(daily, daily.day - (daily.day - 1) % 7),
        by_month=_by_period(daily, daily.day.map(_first_of_month)),
        by_deck=_retentions(groups),
        by_tag=_by_tag(store, cards),
        seconds_by_deck=dict(zip(groups.index.tolist(), _seconds_each(groups), strict=True)),
        calibration=_calibration(store.figures.predictions()),
        forecast=_forecast(store, days, now, seconds / reviews if reviews else 0.0),
        streak=streak(calendar, date.fromordinal(days.of(now))),
        calendar=calendar,
        hardest=tuple(store.figures.hardest(LISTED)),
        slowest=tuple(store.figures.slowest(LISTED)),
        mistakes=tuple(store.figures.mistakes(LISTED)),
        waiting=tuple(store.cards.waiting()),
    )


def streak(studied: Iterable[date], today: date) -> Streak:
    """From the days with at least one review."""
    longest = run = 0
    former: date | None = None
    for day in sorted(studied):
        run = run + 1 if former is not None and day - former == timedelta(days=1) else 1
        longest, former = max(longest, run), day
    alive = former is not None and today - former <= timedelta(days=1)
    return Streak(run if alive else 0, longest)


def _daily(store: Store) -> pd.DataFrame:
    """One row per day, and one more where mature cards were reviewed on it."""
    import pandas as pd

    return pd.DataFrame(
        store.figures.days(), columns=["day", "mature", "reviews", "learned", "recalled", "milliseconds"], dtype="int64"
    )


def _by_deck(store: Store) -> pd.DataFrame:
    import pandas as pd

    columns = ["deck", "reviews", "learned", "recalled", "milliseconds"]
    return pd.DataFrame(store.figures.decks(), columns=columns).set_index("deck")


def _by_tag(store: Store, cards: Iterable[Card]) -> dict[str, Retention]:
    # Not in pandas, which looks at each of a hundred thousand names three times.
    tags = {card.name: card.tags for card in cards if card.tags}
    sums: dict[str, tuple[int, int]] = {}
    for name, learned, recalled in store.figures.cards():
        for tag in tags.get(name, ()):
            former = sums.get(tag, (0, 0))
            sums[tag] = (former[0] + learned, former[1] + recalled)
    return {tag: Retention(*found) for tag, found in sorted(sums.items())}


def _retention(sums: pd.DataFrame) -> Retention:
    return Retention(int(sums.learned.sum()), int(sums.recalled.sum()))


def _retentions(sums: pd.DataFrame) -> dict[Any, Retention]:
    """By the index, of those that have any."""
    found = zip(sums.index.tolist(), sums.learned.tolist(), sums.recalled.tolist(), strict=True)
    return {key: Retention(learned, recalled) for key, learned, recalled in found if learned}


def _by_period(daily: pd.DataFrame, period: pd.Series[int]) -> dict[date, Retention]:
    found = _retentions(daily.groupby(period)[["learned", "recalled"]].sum())
    return {date.fromordinal(first): retention for first, retention in found.items()}


def _seconds_each(sums: pd.DataFrame) -> list[float]:
    means: list[float] = (sums.milliseconds / sums.reviews / 1000).round(1).tolist()
    return means


def _first_of_month(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal()


def _median(counts: list[tuple[int, int]]) -> float | None:
    """Of values in ascending order, each with how often it came; the lower one of two in the middle."""
    middle, passed = (sum(number for _, number in counts) + 1) // 2, 0
    for value, number in counts:
        passed += number
        if passed >= middle:
            return float(value)
    return None


def _calibration(predictions: list[tuple[float, int, int]]) -> Calibration:
    """Log loss is the mean of -log of the probability given to what came true."""
    rows = [(min(max(chance, 1 - SUREST), SUREST), size, came) for chance, size, came in predictions]
    reviews = sum(size for _, size, _ in rows)
    if not reviews:
        return Calibration(0, None, None)
    loss = -sum(came * log(chance) + (size - came) * log(1 - chance) for chance, size, came in rows) / reviews
    bins = tuple(_bins(rows))
    rmse = sqrt(sum((predicted - true) ** 2 * size for predicted, true, size in bins) / reviews)
    return Calibration(reviews, round(loss, 4), round(rmse, 4), bins)


def _bins(rows: list[tuple[float, int, int]]) -> Iterator[tuple[float, float, int]]:
    """(mean prediction, true recall, reviews) of each twentieth, from rows in ascending order."""
    for _, group in groupby(rows, key=lambda row: int(row[0] * BINS)):
        same = list(group)
        size = sum(count for _, count, _ in same)
        predicted = sum(chance * count for chance, count, _ in same) / size
        yield round(predicted, 4), round(sum(came for *_, came in same) / size, 4), size


def _forecast(store: Store, days: Days, now: datetime, seconds: float) -> tuple[ForecastDay, ...]:
    """What is overdue counts for today; minutes by the mean time of all reviews."""
    today = days.of(now)
    counts: Counter[int] = Counter()
    for due, cards in store.figures.dues(days.start(today + FORECAST_DAYS)):
        counts[max(0, days.of(due) - today)] += cards
    return tuple(
        ForecastDay(date.fromordinal(today + ahead), counts[ahead], round(counts[ahead] * seconds / 60, 1))
        for ahead in range(FORECAST_DAYS)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
