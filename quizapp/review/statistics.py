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
    daily = _sums(table, "day_and_age").reset_index()
    daily["day"], daily["mature"] = daily.day_and_age // 2, daily.day_and_age % 2
    studied = daily.groupby("day").reviews.sum()
    calendar = dict(zip(map(date.fromordinal, studied.index.tolist()), studied.tolist(), strict=True))
    return Statistics(
        reviews=len(table),
        minutes=round(float(table.seconds.sum()) / 60, 1),
        days=len(calendar),
        seconds_per_review=float(table.seconds.median()) if len(table) else None,
        overall=_retention(daily),
        young=_retention(daily[daily.mature == 0]),
        mature=_retention(daily[daily.mature == 1]),
        by_week=_by_period(daily, daily.day - (daily.day - 1) % 7),
        by_month=_by_period(daily, daily.day.map(_first_of_month)),
        **_by_group(_sums(table, "card"), store, cards),
        calibration=_calibration(_sums(table[table.predicted > 0], "predicted")),
        forecast=_forecast(store, days, now, float(table.seconds.mean()) if len(table) else 0.0),
        streak=streak(calendar, date.fromordinal(days.of(now))),
        calendar=calendar,
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
    """One row per review that stands; of learned cards `learned` is 1, and `recalled` where it was."""
    import pandas as pd

    # Through `array`, because pandas looks at each item of a list.
    facts = pd.array(array("q", store.figures.facts()), dtype="int64").to_numpy()
    learned = (facts >> 23 & 3 == 2).astype("int64")
    return pd.DataFrame(
        {
            "card": facts >> 42,
            "day_and_age": (facts >> 27 & 32767) * 2 + 2 * DAY_ZERO + (facts >> 22 & 1),
            "predicted": (facts >> 12 & CERTAIN) * learned,
            "reviews": 1,
            "learned": learned,
            "recalled": learned * (facts >> 25 & 3 > 0),
            "seconds": facts & 4095,
        }
    )


def _sums(table: pd.DataFrame, by: str) -> pd.DataFrame:
    return table.groupby(by)[["reviews", "learned", "recalled", "seconds"]].sum()


def _retention(sums: pd.DataFrame) -> Retention:
    return Retention(int(sums.learned.sum()), int(sums.recalled.sum()))


def _by_period(daily: pd.DataFrame, period: pd.Series[int]) -> dict[date, Retention]:
    found = daily.groupby(period)[["learned", "recalled"]].sum()
    rows = ((date.fromordinal(int(row[0])), Retention(int(row[1]), int(row[2]))) for row in found.itertuples())
    return {first: retention for first, retention in rows if retention.reviews}


def _first_of_month(day: int) -> int:
    return date.fromordinal(day).replace(day=1).toordinal()


def _by_group(per_card: pd.DataFrame, store: Store, cards: Iterable[Card]) -> dict[str, Any]:
    """By deck and by tag: summed up by card first, because cards are few beside reviews."""
    names = store.figures.names()
    per_card["deck"] = [names[id].partition("/")[0] for id in per_card.index]
    by_deck = per_card.groupby("deck").sum()
    decks = [str(deck) for deck in by_deck.index]
    retentions = map(Retention, by_deck.learned.tolist(), by_deck.recalled.tolist())
    return {
        "by_deck": {deck: found for deck, found in zip(decks, retentions, strict=True) if found.reviews},
        "seconds_by_deck": dict(zip(decks, (by_deck.seconds / by_deck.reviews).round(1).tolist(), strict=True)),
        "by_tag": _by_tag(per_card, names, cards),
    }


def _by_tag(per_card: pd.DataFrame, names: dict[int, str], cards: Iterable[Card]) -> dict[str, Retention]:
    sums = zip(per_card.index, per_card.learned.tolist(), per_card.recalled.tolist(), strict=True)
    reviewed = {names[id]: (learned, recalled) for id, learned, recalled in sums}
    tagged: dict[str, list[tuple[int, int]]] = {}
    for card in cards:
        if card.tags and (found := reviewed.get(card.name)):
            for tag in card.tags:
                tagged.setdefault(tag, []).append(found)
    totals = {tag: Retention(*map(sum, zip(*rows, strict=True))) for tag, rows in sorted(tagged.items())}
    return {tag: retention for tag, retention in totals.items() if retention.reviews}


def _calibration(sums: pd.DataFrame) -> Calibration:
    """From sums by prediction, kept in 1023rds; log loss is the mean of -log of what came true."""
    rows = [(min(int(row[0]) / CERTAIN, 0.999), int(row[2]), int(row[3])) for row in sums.itertuples()]
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
    dues = store.figures.dues(days.start(today + FORECAST_DAYS))
    counts = Counter(bisect_right(ends, due) for due in dues)
    return tuple(
        Ahead(date.fromordinal(today + ahead), counts[ahead], round(counts[ahead] * seconds / 60, 1))
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
