"""How it goes: retention, calibration, forecast, time, streak, and what is hard. The one place that loads pandas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.store import Store
from quizapp.review.store.figures import Hard
from quizapp.review.store.rows import micro

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FORECAST_DAYS = 28
LISTED = 10
BINS = 20
DAY_ZERO = date(2020, 1, 1).toordinal()
UNIX = date(1970, 1, 1).toordinal()


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
        by_month=_by_period(recalls, _first_of_month(recalls.day)),
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

    facts = store.figures.facts(_numbers)
    return pd.DataFrame(
        {
            "card": facts >> 42,
            "day": (facts >> 27 & 32767) + DAY_ZERO,
            "recalled": (facts >> 25 & 3) > 0,
            "before": facts >> 23 & 3,
            "mature": facts >> 22 & 1,
            "predicted": (facts >> 12 & 1023) / 1023,
            "seconds": facts & 4095,
        }
    )


def _retention(recalls: pd.DataFrame) -> Retention:
    return Retention(int(recalls["size"].sum()), int(recalls["sum"].sum()))


def _by_period(recalls: pd.DataFrame, period: pd.Series[int]) -> dict[date, Retention]:
    found = recalls.groupby(period)[["size", "sum"]].sum()
    return {date.fromordinal(int(row[0])): Retention(int(row[1]), int(row[2])) for row in found.itertuples()}


def _first_of_month(day: pd.Series[int]) -> pd.Series[int]:
    months = (day - UNIX).to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    import pandas as pd

    return pd.Series(months.astype("int64") + UNIX, index=day.index)


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
    import numpy as np

    said = learned[learned.predicted > 0]
    if said.empty:
        return Calibration(0, None, None)
    chance = said.predicted.clip(0.001, 0.999).to_numpy()
    came = said.recalled.to_numpy()
    loss = -np.log(np.where(came, chance, 1 - chance)).mean()
    numbers = (chance * BINS).astype(int)
    size = np.bincount(numbers, minlength=BINS)
    predicted = np.bincount(numbers, chance, BINS)[size > 0] / size[size > 0]
    true = np.bincount(numbers, came, BINS)[size > 0] / size[size > 0]
    size = size[size > 0]
    rmse = float(np.sqrt(((predicted - true) ** 2 * size).sum() / size.sum()))
    bins = zip(predicted.tolist(), true.tolist(), size.tolist(), strict=True)
    return Calibration(len(said), round(float(loss), 4), round(rmse, 4), tuple(bins))


def _forecast(store: Store, days: Days, now: datetime, seconds: float) -> tuple[Ahead, ...]:
    """What is overdue counts for today; minutes by the mean time of all reviews."""
    import numpy as np

    today = days.of(now)
    ends = [micro(days.start(today + ahead + 1)) for ahead in range(FORECAST_DAYS)]
    dues = store.figures.dues(days.start(today + FORECAST_DAYS), _numbers)
    counts = np.bincount(np.searchsorted(ends, dues, side="right"), minlength=FORECAST_DAYS)
    return tuple(
        Ahead(date.fromordinal(today + ahead), int(count), round(int(count) * seconds / 60, 1))
        for ahead, count in enumerate(counts)
    )


def _numbers(values: Iterator[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    import numpy as np

    return np.fromiter(values, dtype=np.int64)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
