"""Cards that are forgotten over and over: what was answered last, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quizapp.decks.card import Card
from quizapp.review.days import Days
from quizapp.review.leech import Leech, find_leeches
from quizapp.review.store import EntryKind
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.card_history import answers
from quizapp.tui.widgets.columns import fit, shares
from quizapp.tui.widgets.highlighting import prose
from quizapp.tui.widgets.virtual_list import VirtualList

ABOUT = (
    "Repeating alone does not help these. Look at what you answered, read the note, learn what the card is made "
    "of first; or suspend it."
)
NONE = "No leeches: no card was forgotten {times}. (The setting `leech_lapses` says how often makes one.)"


@dataclass(frozen=True, slots=True)
class LeechRow:
    """A leech whose card is in a deck."""

    leech: Leech
    card: Card


@dataclass
class LeechesLoaded(Message, bubble=False):
    """Every leech, the worst first."""

    found: Sequence[LeechRow]


@dataclass
class LeechHandled(Message, bubble=False):
    """A card's standing was changed."""

    said: str


class LeechesScreen(BaseScreen):
    """The cards above, the last answers to the one under the cursor below."""

    CSS = """
    LeechesScreen #about { margin: 1 2; height: auto; color: $text-muted; }
    LeechesScreen #leeches { margin: 0 2; height: auto; max-height: 40%; }
    LeechesScreen VerticalScroll { height: 1fr; margin: 1 0 0 0; padding: 0 2; border-top: solid $primary 60%; }
    LeechesScreen #answers { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("leeches")]
    place = "leeches"

    def body(self) -> Iterable[Widget]:
        yield Static("looking for leeches …", id="about", markup=False)
        yield VirtualList[LeechRow](_draw, id="leeches")
        with VerticalScroll():
            yield Static("", id="answers", markup=False)

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()

    def fill(self, services: Services) -> None:
        self._list(services)

    @property
    def _rows(self) -> VirtualList[LeechRow]:
        return self.query_one("#leeches", VirtualList)

    @work(thread=True, exclusive=True, group="list", description="list the leeches")
    def _list(self, services: Services) -> None:
        with report_failure(self, "leeches"):
            self.post_message(LeechesLoaded(self._found(services)))

    def _found(self, services: Services) -> list[LeechRow]:
        cards = {card.name: card for card in services.library.cards()}
        return [
            LeechRow(each, cards[each.card])
            for each in find_leeches(services.store, self.app.settings)
            if each.card in cards
        ]

    @on(LeechesLoaded)
    def listed(self, event: LeechesLoaded) -> None:
        none = NONE.format(times=plural(self.app.settings.leech_lapses, "time"))
        self.query_one("#about", Static).update(ABOUT if event.found else none)
        self._rows.show(event.found)
        self.moved()

    @on(VirtualList.Moved)
    def moved(self) -> None:
        found = self._rows.current
        self.query_one("#answers", Static).update(_told(found, self.app.in_language(found.card)) if found else "")

    # What to do with one

    def action_suspend(self) -> None:
        self._act(EntryKind.SUSPEND, "suspended until you take it back, in Browse")

    def action_flag(self) -> None:
        self._act(EntryKind.FLAG, "flagged: `is:flagged` finds it in Browse")

    def action_reset(self) -> None:
        self._act(EntryKind.RESET, "a new card again; its history stays in the log")

    def _act(self, kind: EntryKind, said: str) -> None:
        if self._rows.current is not None and self.app.services is not None:
            self._write(self.app.services, kind, self._rows.current.card, said)

    @work(thread=True, group="act", description="change a card's standing")
    def _write(self, services: Services, kind: EntryKind, card: Card, said: str) -> None:
        now = services.clock()
        with report_failure(self, "leeches"):
            value = int(kind is not EntryKind.FLAG or not services.store.cards.standing(card.name).flagged)
            services.store.log.act(kind, card.name, value, now, Days(starts=self.app.settings.day_offset).of(now))
            self.post_message(LeechesLoaded(self._found(services)))
            self.post_message(LeechHandled(f"{card.title or card.id}: {said if value else 'no longer flagged'}"))

    @on(LeechHandled)
    def done(self, event: LeechHandled) -> None:
        self.notify(event.said, markup=False)

    @on(VirtualList.Chosen)
    def action_study(self) -> None:
        if self._rows.current is not None:
            self.app.study(cards=[self._rows.current.card.name])


def _draw(found: LeechRow, width: int) -> Content:
    times = f"forgotten {plural(found.leech.lapses, 'time')}"
    title = fit(visible(found.card.title or found.card.id), shares(width, [len(times)]))
    return Content(fit(f"{title}  {times}", width))


def _told(found: LeechRow, card: Card) -> Content:
    parts = [prose(card.question) + "\n\n"]
    if card.note.strip():
        parts.append(prose(card.note).stylize_before("$text-accent") + "\n\n")
    parts.append(
        answers(found.leech.answers) if found.leech.answers else Content("It was never answered, only given up.")
    )
    return Content("").join(parts)
