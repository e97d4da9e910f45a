"""The texts at the end of a session. Contains no widget."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from quizapp.review.session_summary import Summary
from quizapp.text.counting import plural
from quizapp.text.durations import local_time, short_duration
from quizapp.text.mistake_labels import mistake_label
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit

if TYPE_CHECKING:
    from quizapp.review.today import Forecast

MAX_MISTAKES = 5
LABEL_WIDTH = 34


def common_mistakes(summary: Summary) -> list[tuple[str, int]]:
    """Return the most frequent mistakes of the session with their numbers."""
    return sorted(summary.mistakes.items(), key=lambda item: -item[1])[:MAX_MISTAKES]


def render_summary(summary: Summary, now: datetime, marked: int = 0) -> Content:
    """Return the numbers of the session, its mistakes with one of them marked, and the next due date."""
    parts = [Content.styled(title(summary), "bold $text-primary"), Content("")]
    if summary.reviews:
        parts += [
            _number(summary.passed, "correct"),
            _number(summary.again, "to repeat"),
            _number(summary.new, "new"),
            Content(""),
        ]
    parts += _mistakes(common_mistakes(summary), marked)
    parts.append(Content.styled(next_card(summary, now), MUTED))
    return Content("\n").join(parts)


def title(summary: Summary) -> str:
    """Return what the session was, in one line."""
    if summary.reviews:
        verb = " practised" if summary.is_practice else ""
        return f"✓ {plural(summary.reviews, 'card')}{verb} in {summary.minutes:.0f} min"
    return "No card was practised" if summary.is_practice else "Nothing is due"


def next_card(summary: Summary, now: datetime) -> str:
    """Return when the next card is due."""
    if summary.is_practice:
        return "practice changes no due date"
    if summary.next_due is None:
        return "no card is scheduled yet"
    span = short_duration(summary.next_due - now)
    return "next card now" if span == "now" else f"next card in {span}, {local_time(summary.next_due)}"


def render_forecast(forecast: Forecast) -> Content:
    """Return what is due tomorrow."""
    if not forecast.cards:
        return Content.styled("tomorrow: nothing is due", MUTED)
    minutes = f", about {max(1, round(forecast.minutes))} min"
    return Content.assemble("tomorrow: ", (f"{forecast.cards} due", "bold"), (minutes, MUTED))


def _mistakes(mistakes: list[tuple[str, int]], marked: int) -> list[Content]:
    if not mistakes:
        return []
    lines = [Content.styled("mistakes", MUTED)]
    for number, (key, count) in enumerate(mistakes):
        mark = "›" if number == marked else " "
        line = Content.styled(
            f"{mark} {fit(mistake_label(key), LABEL_WIDTH)} {count:>3}", "bold" if mark == "›" else ""
        )
        lines.append(line.stylize(Style.from_meta({"mistake": number})))
    return [*lines, Content.styled("  p practises 3 more like this", MUTED), Content("")]


def _number(number: int, label: str) -> Content:
    return Content.assemble(
        (f"{number:>4}", "bold" if number else MUTED), f"  {label}" if number else (f"  {label}", MUTED)
    )
