"""The statistics as text, for `ptquiz stats` and the statistics screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from textwrap import fill

from quizapp.review.analysis.charts import Row, bars, columns, heat_map
from quizapp.review.analysis.statistics import ForecastDay, Retention, Statistics
from quizapp.text.mistake_labels import mistake_label

WEEKS = 12
MONTHS = 12
MAX_LISTED = 12


def report(found: Statistics, today: date, width: int = 80, desired: float = 0.9) -> str:
    """Return all sections with their headings, or one sentence if there is no review yet."""
    if not found.reviews:
        return "No reviews yet: statistics appear here after the first ones."
    return "\n\n".join(f"{title}\n\n{text}" for title, text in sections(found, today, width, desired))


def sections(found: Statistics, today: date, width: int = 80, desired: float = 0.9) -> list[tuple[str, str]]:
    """Return (heading, text) of each section."""
    return [
        ("Overview", _overview(found)),
        (f"True retention (desired: {desired:.0%})", _retention(found, width)),
        ("Calibration", _calibration(found, width)),
        ("Next four weeks", _forecast(found, width)),
        ("Time per review", _times(found, width)),
        ("Calendar", heat_map(found.calendar, today, width)),
        ("Hardest cards", _hardest(found)),
        ("Slowest cards", _slowest(found)),
        ("Most frequent mistakes", _mistakes(found, width)),
        *([("Waiting for CUDA", "\n".join(found.waiting))] if found.waiting else []),
    ]


def _overview(found: Statistics) -> str:
    pace = f", {found.seconds_per_review:.0f} s each (median)" if found.seconds_per_review is not None else ""
    return "\n".join(
        (
            f"{_count(found.reviews, 'review')} on {_count(found.days, 'day')}, {found.minutes:,.0f} min{pace}",
            f"streak: {_count(found.streak.current, 'day')}, longest {_count(found.streak.longest, 'day')}",
        )
    )


def _retention(found: Statistics, width: int) -> str:
    parts: list[tuple[str, Iterable[tuple[str, Retention]]]] = [
        (
            fill("share of reviews of learned cards that were recalled; young: interval under three weeks", width),
            [("all", found.overall), ("young", found.young), ("mature", found.mature)],
        ),
        ("by week", _latest(found.by_week, WEEKS, "%d %b")),
        ("by month", _latest(found.by_month, MONTHS, "%b %Y")),
        ("by deck", _largest(found.by_deck)),
        ("by tag", _largest(found.by_tag)),
    ]
    texts = []
    for title, rows in parts:
        lines = [
            (label, share, _share_text(retention))
            for label, retention in rows
            if (share := retention.share) is not None
        ]
        if lines:
            texts.append((f"{title}\n" if title else "") + bars(lines, width, full=1.0))
    return "\n\n".join(texts) or "no learned card has been reviewed yet"


def _share_text(retention: Retention) -> str:
    return f"{retention.share or 0:6.1%} of {retention.reviews}"


def _latest(periods: Mapping[date, Retention], count: int, form: str) -> list[tuple[str, Retention]]:
    return [(period.strftime(form), periods[period]) for period in sorted(periods)[-count:]]


def _largest(groups: Mapping[str, Retention]) -> list[tuple[str, Retention]]:
    return sorted(groups.items(), key=lambda group: (-group[1].reviews, group[0]))[:MAX_LISTED]


def _calibration(found: Statistics, width: int) -> str:
    calibration = found.calibration
    if calibration.log_loss is None:
        return "no prediction has been tested yet"
    rows = [
        (f"{predicted:.0%} predicted", true, f"{true:.0%} true, {_count(reviews, 'review')}")
        for predicted, true, reviews in calibration.bins
    ]
    explanation = fill("recall predicted by FSRS against true recall; for both numbers, lower is better", width)
    return f"{explanation}\nlog loss {calibration.log_loss:.3f}, RMSE {calibration.rmse:.3f}\n" + bars(
        rows, width, full=1.0
    )


def _forecast(found: Statistics, width: int) -> str:
    cards = sum(day.cards for day in found.forecast)
    minutes = sum(day.minutes for day in found.forecast)
    first = found.forecast[0]
    labels = [f"{day.day:%d}" if number % 7 == 0 else "" for number, day in enumerate(found.forecast)]
    return (
        f"{_count(cards, 'card')}, about {minutes:.0f} min; today {first.cards}, about {first.minutes:.0f} min\n"
        + columns([day.cards for day in found.forecast], 6, labels)
        + "\n\nper week, starting on that day\n"
        + bars([_week(found.forecast[first : first + 7]) for first in range(0, len(found.forecast), 7)], width)
    )


def _week(days: Sequence[ForecastDay]) -> Row:
    cards, minutes = sum(day.cards for day in days), sum(day.minutes for day in days)
    return (f"{days[0].day:%d %b}", cards, f"{_count(cards, 'card')}, about {minutes:.0f} min")


def _times(found: Statistics, width: int) -> str:
    slowest = sorted(found.seconds_by_deck.items(), key=lambda each: -each[1])[:MAX_LISTED]
    return bars([(deck, seconds, f"{seconds:.0f} s") for deck, seconds in slowest], width)


def _hardest(found: Statistics) -> str:
    if not found.hardest:
        return "no card has been forgotten yet"
    lines = (
        f"{card.card}: forgotten {card.lapses} of {_count(card.reps, 'time')}, difficulty {card.difficulty:.1f}"
        for card in found.hardest
    )
    return "\n".join(lines)


def _slowest(found: Statistics) -> str:
    lines = (f"{card.card}: {card.seconds:.0f} s, {_count(card.reviews, 'review')}" for card in found.slowest)
    return "\n".join(lines)


def _mistakes(found: Statistics, width: int) -> str:
    rows = [(mistake_label(each.mistake), each.attempts, f"{each.attempts:,}") for each in found.mistakes]
    return bars(rows, width)


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
