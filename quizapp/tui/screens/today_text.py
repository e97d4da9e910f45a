"""The texts of Home's panel about today. Contains no widget."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from quizapp.text.counting import plural
from quizapp.text.durations import short_duration
from quizapp.text.wrapping import wrap_lines
from quizapp.tui.styles import MUTED

if TYPE_CHECKING:
    from quizapp.review.today import Today

LINES = 3
"""Lines of text in the panel, whatever it shows."""

WELCOME = (
    "Welcome. Each card asks for a few lines of PyTorch. Your code runs in a sandbox, and a card returns when you are "
    "about to forget it."
)
NO_DECKS = "No decks were found: `ptquiz decks` says why. `ptquiz new my-topic` writes a deck."


def today_lines(today: Today, now: datetime) -> list[Content]:
    """Return what is left today, what is done, and what to do next."""
    return [headline(today, now), progress_line(today), Content.styled(advice(today), MUTED)]


def paragraph(text: str, width: int) -> list[Content]:
    """Return `text` wrapped at `width`."""
    return [Content(line) for line in wrap_lines(text, max(10, width)).split("\n")]


def headline(today: Today, now: datetime) -> Content:
    """Return what is left: due, new and minutes, or when the next card is due."""
    if today.cards:
        minutes = f"about {max(1, round(today.minutes))} min"
        return Content("   ").join([_count(today.due, "due"), _count(today.new, "new"), Content.styled(minutes, MUTED)])
    done = "Done for today" if today.rated else "Nothing is due"
    is_later = today.next_due is not None and today.next_due > now
    later = f" · next card in {short_duration(today.next_due - now)}" if today.next_due and is_later else ""
    return Content.assemble((done, "bold"), later)


def progress_line(today: Today) -> Content:
    """Return today's reviews and the streak."""
    text = f"{today.rated} done, {today.minutes_spent:.0f} min today"
    if today.streak:
        text += f" · {plural(today.streak, 'day')} in a row"
    return Content.styled(text, "" if today.rated else MUTED)


def advice(today: Today) -> str:
    """Return what else can be done today."""
    if today.offers_more_new:
        return "today's new cards are done: n adds 10 more"
    return "" if today.cards else "p practises any cards, b lists them"


def _count(number: int, noun: str) -> Content:
    return Content.assemble((str(number), "bold $text-primary"), f" {noun}") if number else _none_of(noun)


def _none_of(noun: str) -> Content:
    return Content.styled(f"0 {noun}", MUTED)
