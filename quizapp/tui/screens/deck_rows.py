"""The rows of Home: decks in groups by progress, in columns. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from quizapp.text.counting import plural
from quizapp.text.printable import one_line
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit

if TYPE_CHECKING:
    from quizapp.decks.card import Card, Deck
    from quizapp.review.store import DeckCounts
    from quizapp.review.today import Today

EVERYTHING = "Everything"
GAP = "  "
BAR_WIDTH = 70
"""Width of the list from which progress bars are shown."""

WIDE_WIDTH = 100
"""Width of the list from which ids and bars are wider."""


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck's row; `slug` is empty in the row of all decks."""

    slug: str
    title: str
    due: int = 0
    """Cards due within today's limits."""

    new: int = 0
    """New cards within today's limit."""

    learned: int = 0
    total: int = 0
    locked: int = 0
    waiting: int = 0
    next_new: str = ""
    """The next new card: title and name."""

    lock: str = ""
    """The card that must be learned to unlock others."""

    def matches(self, query: str) -> bool:
        """Return whether title or slug contain every word of the query."""
        return all(word in f"{self.title} {self.slug}".casefold() for word in query.casefold().split())


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of a group of decks, which cannot be selected."""

    title: str


def deck_rows(
    decks: Iterable[Deck],
    counts: Mapping[str, DeckCounts],
    today: Today,
    next_new: Mapping[str, str],
    locks: Mapping[str, str],
    card: Callable[[str], Card],
) -> list[DeckRow]:
    """Return the row of all decks and one for each deck. `next_new` and `locks` contain names of cards."""
    rows = []
    for deck in decks:
        count = counts[deck.slug]
        rows.append(
            DeckRow(
                slug=deck.slug,
                title=one_line(deck.title or deck.slug),
                due=min(count.due, today.due),
                new=min(count.new, today.new),
                learned=count.learned,
                total=count.total,
                locked=count.locked,
                waiting=count.waiting,
                next_new=_name(card(next_new[deck.slug])) if deck.slug in next_new else "",
                lock=one_line(locks.get(deck.slug, "")),
            )
        )
    following = _name(card(today.next_new)) if today.next_new else ""
    return [_all_decks(rows, today, following), *rows]


def _name(card: Card) -> str:
    return one_line(f"{card.title or card.id} ({card.name})")


def _all_decks(rows: Sequence[DeckRow], today: Today, following: str) -> DeckRow:
    learned, total, locked, waiting = (
        sum(getattr(row, name) for row in rows) for name in ("learned", "total", "locked", "waiting")
    )
    return DeckRow("", EVERYTHING, today.due, today.new, learned, total, locked, waiting, following)


def grouped(rows: Sequence[DeckRow]) -> list[DeckRow | GroupRow]:
    """Return the decks in groups with headings; without headings if all are in one group."""
    groups: dict[str, list[DeckRow]] = {"In progress": [], "Not started": [], "Finished": []}
    for row in (row for row in rows if row.slug):
        is_finished = 0 < row.total <= row.learned
        groups["Finished" if is_finished else "In progress" if row.learned else "Not started"].append(row)
    shown: list[DeckRow | GroupRow] = [row for row in rows if not row.slug]
    used = [title for title, members in groups.items() if members]
    for title in used:
        shown += [GroupRow(title)] if len(used) > 1 else []
        shown += groups[title]
    return shown


def render_row(row: DeckRow | GroupRow, width: int) -> Content:
    """Return a row in the columns of `head`."""
    if isinstance(row, GroupRow):
        return Content.styled(fit(row.title, width), f"bold {MUTED}")
    id_width, bar_width = _widths(width)
    title_width = _title_width(width)
    emphasis = "" if row.slug else "bold"
    return Content.assemble(
        (fit(row.title, title_width), emphasis),
        GAP,
        (fit(row.slug, id_width), MUTED),
        GAP,
        _number(row.due, "bold $text-primary"),
        GAP,
        _number(row.new, emphasis),
        *((GAP, progress_bar(row.learned, row.total, bar_width)) if bar_width else ()),
        GAP,
        (fit(f"{row.learned}/{row.total}", 7, "right"), "" if row.learned else MUTED),
    )


def head(width: int, title: str) -> Content:
    """Return the headings of the columns."""
    id_width, bar_width = _widths(width)
    titles = [fit(title, _title_width(width)), fit("id", id_width), " due", " new"]
    titles += [fit("progress", bar_width)] if bar_width else []
    return Content.styled(GAP.join([*titles, fit("learned", 7, "right")]), MUTED)


def progress_bar(done: int, total: int, width: int) -> Content:
    """Return a line of `width` cells; the part that is done is thicker, and of another colour."""
    # Rounded down: only a finished deck has a full bar.
    filled = max(width * done // total, min(done, 1)) if total else 0
    return Content.assemble(("━" * filled, "$primary"), ("─" * (width - filled), "$text 25%"))


def detail(row: DeckRow, leeches: int = 0) -> str:
    """Return the line below the list: the next new card, what is locked, and what waits."""
    parts = [f"next new: {row.next_new}"] if row.next_new else []
    if row.locked:
        until = f" until {row.lock} is learned" if row.lock else ""
        parts.append(f"{row.locked} locked{until}")
    if row.waiting:
        parts.append(f"{plural(row.waiting, 'card')} waiting for CUDA")
    if leeches and not row.slug:
        parts.append(f"{plural(leeches, 'leech')}: l shows them")
    return " · ".join(parts)


def _widths(width: int) -> tuple[int, int]:
    """Return the widths of the ids and of the progress bars."""
    if width >= WIDE_WIDTH:
        return 20, 24
    return 16, 8 if width >= BAR_WIDTH else 0


def _title_width(width: int) -> int:
    id_width, bar_width = _widths(width)
    fixed = [id_width, 4, 4, 7] + ([bar_width] if bar_width else [])
    # The last cell separates the numbers from a scrollbar.
    return max(0, width - 1 - sum(fixed) - len(GAP) * len(fixed))


def _number(number: int, style: str) -> Content:
    if number:
        return Content.styled(fit(str(number), 4, "right"), style)
    return Content.styled(fit("·", 4, "right"), MUTED)
