"""How it goes: retention, calibration, forecast, time, streak, and what is hard. The one place that loads pandas."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import log, sqrt
from typing import TYPE_CHECKING, Any

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.store import Store
from quizapp.review.store.figures import Hard
from quizapp.review.store.rows import micro

if TYPE_CHECKING:
    import pandas as pd

FORECAST_DAYS = 28
LISTED = 10
BINS = 20
CERTAIN = 1023
"""What stands for a predicted recall of 1."""

DAY_ZERO = date(2020, 1, 1).toordinal()


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
class Ahead:
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
    forecast: tuple[Ahead, ...]
    streak: Streak
    calendar: dict[date, int]
    """Reviews of each day that has any."""

    hardest: tuple[Hard, ...]
    mistakes: tuple[tuple[str, int], ...]

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
    table = _table(store)
    learned = table[table.before == 2]
    daily = table.groupby("day").seconds.agg(["size", "sum"])
    recalls = learned.groupby(["day", "mature"], as_index=False).recalled.agg(["size", "sum"])
    seconds = float(table.seconds.median()) if len(table) else None
    studied = [date.fromordinal(int(day)) for day in daily.index]
    return Statistics(
        reviews=len(table),
        minutes=round(float(table.seconds.sum()) / 60, 1),
        days=len(daily),
        seconds_per_review=seconds,
        overall=_retention(recalls),
        young=_retention(recalls[recalls.mature == 0]),
        mature=_retention(recalls[recalls.mature == 1]),
        by_week=_by_period(recalls, recalls.day - (recalls.day - 1) % 7),
        by_month=_by_period(recalls, recalls.day.map(_first_of_month)),
        **_by_group(table, learned, store, cards),
        calibration=_calibration(learned),
        forecast=_forecast(store, days, now, float(table.seconds.mean()) if len(table) else 0.0),
        streak=streak(studied, date.fromordinal(days.of(now))),
        calendar=dict(zip(studied, (int(size) for size in daily["size"]), strict=True)),
        hardest=tuple(store.figures.hardest(LISTED)),
        mistakes=tuple(store.figures.mistakes(LISTED)),
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


def _table(store: Store) -> pd.DataFrame:
    """One row per review that stands."""
    import pandas as pd

    facts = pd.Series(store.figures.facts(_numbers), dtype="int64")
    return pd.DataFrame(
        {
            "card": facts >> 42,
            "day": (facts >> 27 & 32767) + DAY_ZERO,
            "recalled": (facts >> 25 & 3) > 0,
            "before": facts >> 23 & 3,
            "mature": facts >> 22 & 1,
            "predicted": facts >> 12 & CERTAIN,
            "seconds": facts & 4095,
        }
    )


def _retention(recalls: pd.DataFrame) -> Retention:
    return Retention(int(recalls["size"].sum()), int(recalls["sum"].sum()))


def _by_period(recalls: pd.DataFrame, period: pd.Series[int]) -> dict[date, Retention]:
    found = recalls.groupby(period)[["size", "sum"]].sum()
    return {date.fromordinal(int(row[0])): Retention(int(row[1]), int(row[2])) for row in found.itertuples()}


def _first_of_month(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal()


def _by_group(table: pd.DataFrame, learned: pd.DataFrame, store: Store, cards: Iterable[Card]) -> dict[str, Any]:
    """By deck and by tag: summed up by card first, because cards are few beside reviews."""
    import pandas as pd

    per_card = learned.groupby("card").recalled.agg(["size", "sum"])
    times = table.groupby("card").seconds.agg(["size", "sum"])
    decks = pd.Series(dict(store.figures.decks()), dtype=object)
    by_deck = per_card.groupby(decks.reindex(per_card.index)).sum()
    time_by_deck = times.groupby(decks.reindex(times.index)).sum()
    return {
        "by_deck": {str(row[0]): Retention(int(row[1]), int(row[2])) for row in by_deck.itertuples()},
        "by_tag": _by_tag(per_card, store.figures.ids(), cards),
        "seconds_by_deck": {str(row[0]): round(row[2] / row[1], 1) for row in time_by_deck.itertuples()},
    }


def _by_tag(per_card: pd.DataFrame, ids: dict[str, int], cards: Iterable[Card]) -> dict[str, Retention]:
    tagged: dict[str, list[int]] = {}
    for card in cards:
        if card.tags and (id := ids.get(card.name)) is not None:
            for tag in card.tags:
                tagged.setdefault(tag, []).append(id)
    return {
        tag: _retention(found)
        for tag, numbers in sorted(tagged.items())
        if len(found := per_card.reindex(numbers).dropna())
    }


def _calibration(learned: pd.DataFrame) -> Calibration:
    """Of reviews that FSRS made a prediction for; log loss is the mean of -log of what came true."""
    said = learned[learned.predicted > 0]
    # Predictions are kept in 1023rds: summed up by those, a million reviews are a thousand rows.
    found = said.groupby("predicted").recalled.agg(["size", "sum"])
    rows = [(min(int(p) / CERTAIN, 0.999), int(size), int(came)) for p, size, came in found.itertuples()]
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


def _forecast(store: Store, days: Days, now: datetime, seconds: float) -> tuple[Ahead, ...]:
    """What is overdue counts for today; minutes by the mean time of all reviews."""
    today = days.of(now)
    ends = [micro(days.start(today + ahead + 1)) for ahead in range(FORECAST_DAYS)]
    dues = store.figures.dues(days.start(today + FORECAST_DAYS), _numbers)
    counts = Counter(bisect_right(ends, due) for due in dues)
    return tuple(
        Ahead(date.fromordinal(today + ahead), counts[ahead], round(counts[ahead] * seconds / 60, 1))
        for ahead in range(FORECAST_DAYS)
    )


def _numbers(values: Iterator[int]) -> array[int]:
    return array("q", values)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
