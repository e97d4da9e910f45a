"""The statistics as text, for `ptquiz stats` and the statistics screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import fill

from quizapp.review.analysis.charts import TARGET, Scale, columns, count_scale, heat_map
from quizapp.review.analysis.statistics import ForecastDay, Retention, Statistics
from quizapp.review.analysis.tables import NONE, table
from quizapp.text.counting import plural
from quizapp.text.mistake_labels import mistake_label

WEEKS = 12
MONTHS = 12
MAX_LISTED = 12
MIN_SLOT = 4
"""Columns of text that a month needs below the chart."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    title: str
    text: str
    """A chart, or a table whose first line contains the headings."""

    note: str = ""
    """What the numbers mean."""


def report(found: Statistics, today: date, width: int = 80, desired: float = 0.9) -> str:
    """Return all sections with their headings, or one sentence if there is no review yet."""
    if not found.reviews:
        return "No reviews yet: statistics appear here after the first ones."
    sections = (
        Section("Overview", f"{overview(found)}\n{streaks(found)}"),
        *charts(found, today, width, desired),
        Section("Calendar", heat_map(found.calendar, today, width)),
        *tables(found, width, desired),
    )
    return "\n\n".join(_plain(section, width) for section in sections)


def _plain(section: Section, width: int) -> str:
    note = fill(section.note, width) + "\n" if section.note else ""
    return f"{section.title}\n\n{note}{section.text}"


def overview(found: Statistics) -> str:
    """Return the number of reviews and days, and the time spent."""
    pace = f", {found.seconds_per_review:.0f} s each (median)" if found.seconds_per_review is not None else ""
    return f"{_count(found.reviews, 'review')} on {_count(found.days, 'day')}, {found.minutes:,.0f} min{pace}"


def streaks(found: Statistics) -> str:
    """Return the current and the longest streak."""
    return f"streak: {_count(found.streak.current, 'day')}, longest {_count(found.streak.longest, 'day')}"


def charts(found: Statistics, today: date, width: int, desired: float) -> list[Section]:
    """Return the charts of the retention per month and of the cards due on the coming days."""
    return [retention_chart(found, today, width, desired), forecast_chart(found, width)]


def tables(found: Statistics, width: int, desired: float) -> list[Section]:
    """Return the tables; those that would be empty are left out."""
    ages = (("all", found.overall), ("young", found.young), ("mature", found.mature))
    weeks = [(f"{week:%d %b}", found.by_week[week]) for week in sorted(found.by_week)[-WEEKS:]]
    sections = [
        _retentions("True retention", "age", ages, width, desired, "Young: interval under three weeks."),
        _retentions("Retention by week", "week of", weeks, width, desired),
        _decks(found, width, desired),
        _retentions("Retention by tag", "tag", _largest(found.by_tag), width, desired),
        _forecast_weeks(found, width),
        _calibration(found, width),
        _hardest(found, width),
        _slowest(found, width),
        _mistakes(found, width),
        Section("Waiting for CUDA", table(("card",), [(card,) for card in found.waiting], width)),
    ]
    return [section for section in sections if "\n" in section.text]


def retention_chart(found: Statistics, today: date, width: int, desired: float) -> Section:
    """Return the retention of the last months, as many as fit, with the desired retention as a line."""
    title = f"Retention by month (desired: {desired:.0%})"
    if not found.overall.reviews:
        return Section(title, "no learned card has been reviewed yet")
    room = (width - Scale(0, 100, "%").width) // MIN_SLOT
    months = _months(today, max(1, min(MONTHS, room)))
    shares = [_percent(found.by_month.get(month)) for month in months]
    lowest = min((share for share in shares if share is not None), default=100.0)
    scale = Scale(60 if lowest >= 60 else 0, 100, "%")
    names = [f"{month:%b}" for month in months]
    numbers = [NONE if share is None else f"{share:.0f}" for share in shares]
    chart = columns(shares, width, scale, (names, numbers), desired * 100)
    return Section(title, chart, f"Share of reviews of learned cards that were recalled. {TARGET * 2} desired.")


def _percent(retention: Retention | None) -> float | None:
    return None if retention is None or retention.share is None else retention.share * 100


def _months(today: date, count: int) -> list[date]:
    """Return the first days of the last months, oldest first."""
    months = [today.replace(day=1)]
    while len(months) < count:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def forecast_chart(found: Statistics, width: int) -> Section:
    """Return the cards due on each coming day."""
    days = found.forecast
    cards, minutes = sum(day.cards for day in days), sum(day.minutes for day in days)
    scale = count_scale(max(day.cards for day in days))
    labels = [f"{day.day.day} {day.day:%b}" if number % 7 == 0 else "" for number, day in enumerate(days)]
    note = (
        f"{_count(cards, 'card')}, about {minutes:,.0f} min; today {days[0].cards}, about {days[0].minutes:.0f} min. "
        "New cards are not included."
    )
    chart = columns([day.cards for day in days], width, scale, (labels,))
    return Section(f"Cards due in the next {len(days)} days", chart, note)


def _retentions(
    title: str,
    heading: str,
    rows: Iterable[tuple[str, Retention]],
    width: int,
    desired: float,
    note: str = "",
) -> Section:
    cells = [(name, *_retention_cells(retention, desired)) for name, retention in rows if retention.reviews]
    return Section(title, table((heading, "reviews", "recalled", "± desired"), cells, width), note)


def _retention_cells(retention: Retention, desired: float) -> tuple[str, str, str]:
    """Return the number of reviews, the retention, and its distance to the desired one in percentage points."""
    share = retention.share
    if share is None:
        return "0", NONE, NONE
    return f"{retention.reviews:,}", f"{share:.1%}", f"{(share - desired) * 100:+.1f}"


def _decks(found: Statistics, width: int, desired: float) -> Section:
    """Return the retention and the time of the decks, those with the most time first."""
    slowest = sorted(found.seconds_by_deck.items(), key=lambda each: -each[1])[:MAX_LISTED]
    rows = [
        (deck, *_retention_cells(found.by_deck.get(deck, Retention(0, 0)), desired), f"{seconds:.0f}")
        for deck, seconds in slowest
    ]
    headings = ("deck", "reviews", "recalled", "± desired", "s each")
    return Section("Decks", table(headings, rows, width), "Reviews of learned cards; slowest decks first.")


def _largest(groups: Mapping[str, Retention]) -> list[tuple[str, Retention]]:
    return sorted(groups.items(), key=lambda group: (-group[1].reviews, group[0]))[:MAX_LISTED]


def _calibration(found: Statistics, width: int) -> Section:
    calibration = found.calibration
    rows = [
        (f"{predicted:.0%}", f"{true:.0%}", f"{(true - predicted) * 100:+.0f}", f"{reviews:,}")
        for predicted, true, reviews in calibration.bins
    ]
    note = "Recall predicted by FSRS and true recall"
    if calibration.log_loss is not None:
        note += f": log loss {calibration.log_loss:.3f}, RMSE {calibration.rmse:.3f}; lower is better"
    return Section("Calibration", table(("predicted", "true", "±", "reviews"), rows, width), f"{note}.")


def _forecast_weeks(found: Statistics, width: int) -> Section:
    weeks = [found.forecast[first : first + 7] for first in range(0, len(found.forecast) - 6, 7)]
    return Section("Next four weeks", table(("week from", "cards", "min"), [*map(_week, weeks)], width))


def _week(days: Sequence[ForecastDay]) -> tuple[str, str, str]:
    cards, minutes = sum(day.cards for day in days), sum(day.minutes for day in days)
    return f"{days[0].day:%d %b}", f"{cards:,}", f"{minutes:,.0f}"


def _hardest(found: Statistics, width: int) -> Section:
    rows = [(card.card, str(card.lapses), str(card.reps), f"{card.difficulty:.1f}") for card in found.hardest]
    note = "Difficulty in FSRS, from 1 to 10."
    return Section("Hardest cards", table(("card", "forgotten", "reviews", "difficulty"), rows, width), note)


def _slowest(found: Statistics, width: int) -> Section:
    rows = [(card.card, f"{card.seconds:.0f} s", str(card.reviews)) for card in found.slowest]
    return Section("Slowest cards", table(("card", "mean", "reviews"), rows, width))


def _mistakes(found: Statistics, width: int) -> Section:
    rows = [(mistake_label(each.mistake), f"{each.attempts:,}", f"{each.reviews:,}") for each in found.mistakes]
    note = "Answers with this mistake, and reviews in which it was the first one."
    return Section("Most frequent mistakes", table(("mistake", "answers", "reviews"), rows, width), note)


def _count(count: int, noun: str) -> str:
    return plural(count, noun).replace(str(count), f"{count:,}", 1)
