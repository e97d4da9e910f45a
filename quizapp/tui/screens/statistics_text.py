"""The texts of the statistics page. Contains no widget."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from quizapp.text.counting import plural
from quizapp.text.printable import visible
from quizapp.text.wrapping import wrap_lines
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.width_block import GAP, balanced, side_by_side

if TYPE_CHECKING:
    from quizapp.review.analysis.report import Section
    from quizapp.review.analysis.statistics import Statistics
    from quizapp.review.today import Today

TILES = ("Due today", "Recalled", "Minutes a day", "Streak")
"""Labels of the summary tiles."""

EMPTY = (
    "After your first reviews this page shows how much you remember, what is due on the coming days, a calendar of the "
    "year, and the cards and mistakes that cost you most time.",
    "Esc goes back to Home; Enter starts the first card there.",
)

BAR = re.compile("[▁▂▃▄▅▆▇█]+")
TARGET = re.compile("╌+")
AXIS = re.compile("[┤│└─]+")
ZERO = re.compile(r"(?<=  )(?:0|0%|0 s|–)(?= |$)", re.MULTILINE)

TWO_COLUMNS, THREE_COLUMNS = 108, 168
"""Least widths of a page with two and with three columns of tables."""

MAX_TABLE = 72
"""Cells of a table; in a wider one, numbers would be far from their names."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with a label above it and a note below it."""

    label: str
    value: str = "…"
    note: str = ""
    style: str = "bold $text-accent"

    @property
    def content(self) -> Content:
        is_zero = self.value.split(" ")[0] in {"0", "–", "…"}
        return Content.assemble(
            (f"{self.label}\n", MUTED), (f"{self.value}\n", MUTED if is_zero else self.style), (self.note, MUTED)
        )


def tiles(found: Statistics, today: Today, desired: float) -> tuple[Tile, ...]:
    """Return the four summary tiles, in the order of `TILES`."""
    due, recalled, minutes, streak = TILES
    seconds = found.seconds_per_review
    run, longest = found.streak.current, found.streak.longest
    return (
        Tile(
            due, str(today.due), f"+{today.new} new, {max(1, round(today.minutes))} min" if today.cards else "all done"
        ),
        _retention_tile(recalled, found.overall.share, desired),
        Tile(
            minutes, f"{found.minutes / max(1, found.days):.0f}", "" if seconds is None else f"{seconds:.0f} s a card"
        ),
        Tile(streak, plural(run, "day"), f"longest {longest}"),
    )


def _retention_tile(label: str, share: float | None, desired: float) -> Tile:
    """Return the retention beside the desired one; the arrow does not depend on the colour."""
    if share is None:
        return Tile(label, "–", f"desired {desired:.0%}")
    is_enough = round(share, 3) >= desired
    note = f"{'▲' if is_enough else '▼'} desired {desired:.0%}"
    return Tile(label, f"{share:.1%}", note, "bold $text-success" if is_enough else "bold $text-warning")


def empty_page(width: int) -> Content:
    """Return what a learner without reviews sees."""
    paragraphs = (wrap_lines(text, max(10, width)) for text in EMPTY)
    return Content.assemble(("No reviews yet\n\n", "bold $text-accent"), "\n\n".join(paragraphs))


def charts_at(found: Statistics, today: date, width: int, desired: float) -> Content:
    """Return the charts, side by side where both fit."""
    from quizapp.review.analysis.report import forecast_chart, retention_chart

    left = width if width < TWO_COLUMNS else (width - GAP) * 5 // 12
    right = width if width < TWO_COLUMNS else width - GAP - left
    parts = (
        _render(retention_chart(found, today, left, desired), left, style_chart),
        _render(forecast_chart(found, right), right, style_chart),
    )
    return Content("\n\n").join(parts) if width < TWO_COLUMNS else side_by_side(parts, (left, right))


def tables_at(found: Statistics, width: int, desired: float) -> Content:
    """Return the tables in as many columns as fit."""
    from quizapp.review.analysis.report import tables

    count = 1 + (width >= TWO_COLUMNS) + (width >= THREE_COLUMNS)
    column = min(MAX_TABLE, (width - GAP * (count - 1)) // count)
    blocks = [_render(section, column, style_table) for section in tables(found, column, desired)]
    return side_by_side(balanced(blocks, count), [column] * count)


def _render(section: Section, width: int, style: Callable[[str], Content]) -> Content:
    note = f"{wrap_lines(section.note, width)}\n" if section.note else ""
    return Content.assemble((f"{section.title}\n", "bold $text-accent"), (note, MUTED), style(visible(section.text)))


def style_chart(text: str) -> Content:
    """Return a chart with its columns in the accent colour and a quiet axis."""
    content = Content(text).highlight_regex(BAR, style="$primary").highlight_regex(AXIS, style=MUTED)
    return content.highlight_regex(TARGET, style="$text-warning").highlight_regex(ZERO, style=MUTED)


def style_table(text: str) -> Content:
    """Return a table with quiet headings and zeros."""
    headings, line_feed, rows = text.partition("\n")
    return Content.assemble((headings + line_feed, MUTED), Content(rows).highlight_regex(ZERO, style=MUTED))
