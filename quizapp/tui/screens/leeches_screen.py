"""The leeches page: cards that are forgotten again and again, their last answers, and actions on them."""

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
from quizapp.review.analysis.leech import Leech, find_leeches
from quizapp.review.days import Days
from quizapp.review.store import EntryKind
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.card_history import render_answers
from quizapp.tui.widgets.columns import fit, remaining_width
from quizapp.tui.widgets.highlighting import render_prose, render_question
from quizapp.tui.widgets.virtual_list import VirtualList

ABOUT = (
    "Repetition alone does not help with these cards. Compare your answers, read the note, learn the parts of the "
    "card first, or suspend it."
)
NO_LEECHES = "No leeches: no card was forgotten {times}. (The setting `leech_lapses` changes this limit.)"


@dataclass(frozen=True, slots=True)
class LeechRow:
    """A leech with its card, which is still in a deck."""

    leech: Leech
    card: Card


@dataclass
class LeechesLoaded(Message, bubble=False):
    """Every leech, the most forgotten first."""

    rows: Sequence[LeechRow]


@dataclass
class LeechHandled(Message, bubble=False):
    """A leech was suspended, flagged or reset."""

    message: str


class LeechesScreen(BaseScreen):
    """A list of leeches and the last answers to the one under the cursor."""

    CSS = """
    LeechesScreen #about { margin: 1 2; height: auto; color: $text-muted; }
    LeechesScreen #leeches { margin: 0 2; height: auto; max-height: 40%; }
    LeechesScreen VerticalScroll { height: 1fr; margin: 1 0 0 0; padding: 0 2; border-top: solid $border-blurred; }
    LeechesScreen #answers { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("leeches")]
    heading = "leeches"

    def __init__(self) -> None:
        super().__init__()
        self._asked_to_reset = ""
        """The card whose reset is done if the key is pressed again."""

    def compose_body(self) -> Iterable[Widget]:
        yield Static("loading the leeches …", id="about", markup=False)
        yield VirtualList[LeechRow](_render_row, id="leeches")
        with VerticalScroll():
            yield Static("", id="answers", markup=False)

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()

    def load(self, services: Services) -> None:
        self._load_leeches(services)

    @property
    def _leeches(self) -> VirtualList[LeechRow]:
        return self.query_one("#leeches", VirtualList)

    @work(thread=True, exclusive=True, group="list", description="list the leeches")
    def _load_leeches(self, services: Services) -> None:
        with report_failure(self, "leeches"):
            self.post_message(LeechesLoaded(self._find_leeches(services)))

    def _find_leeches(self, services: Services) -> list[LeechRow]:
        cards = {card.name: card for card in services.library.cards()}
        leeches = find_leeches(services.store, self.app.settings)
        return [LeechRow(leech, cards[leech.card]) for leech in leeches if leech.card in cards]

    @on(LeechesLoaded)
    def show_leeches(self, event: LeechesLoaded) -> None:
        no_leeches = NO_LEECHES.format(times=plural(self.app.settings.leech_lapses, "time"))
        self.query_one("#about", Static).update(ABOUT if event.rows else no_leeches)
        self._leeches.show(event.rows)
        self.show_answers()

    @on(VirtualList.Highlighted)
    def show_answers(self) -> None:
        row = self._leeches.current
        self.query_one("#answers", Static).update(_render_answers(row, self.app.in_language(row.card)) if row else "")

    # Actions on a leech

    def action_suspend(self) -> None:
        self._act(EntryKind.SUSPEND, "suspended; resume it in Browse")

    def action_flag(self) -> None:
        self._act(EntryKind.FLAG, "flagged; `is:flagged` finds it in Browse")

    def action_reset(self) -> None:
        """Make the card new again if the key is pressed twice."""
        row = self._leeches.current
        if row is not None and self._asked_to_reset == row.card.name:
            self._asked_to_reset = ""
            self._act(EntryKind.RESET, "reset to a new card; its history is kept")
        elif row is not None:
            self._asked_to_reset = row.card.name
            self.notify(f"press the key again to reset {row.card.name} to a new card", markup=False)

    def _act(self, kind: EntryKind, message: str) -> None:
        if self._leeches.current is not None and self.app.services is not None:
            self._save(self.app.services, kind, self._leeches.current.card, message)

    @work(thread=True, group="act", description="change a card's state")
    def _save(self, services: Services, kind: EntryKind, card: Card, message: str) -> None:
        now = services.clock()
        today = Days(starts=self.app.settings.day_offset).of(now)
        with report_failure(self, "leeches"):
            value = int(kind is not EntryKind.FLAG or not services.store.cards.flags(card.name).flagged)
            services.store.log.append_action(kind, card.name, value, now, today)
            self.post_message(LeechesLoaded(self._find_leeches(services)))
            self.post_message(LeechHandled(f"{card.title or card.id}: {message if value else 'no longer flagged'}"))

    @on(LeechHandled)
    def show_result(self, event: LeechHandled) -> None:
        self.notify(event.message, markup=False)

    @on(VirtualList.Selected)
    def action_study(self) -> None:
        if self._leeches.current is not None:
            self.app.study(cards=[self._leeches.current.card.name])


def _render_row(row: LeechRow, width: int) -> Content:
    times = f"forgotten {plural(row.leech.lapses, 'time')}"
    title = fit(visible(row.card.title or row.card.id), remaining_width(width, [len(times)]))
    return Content(fit(f"{title}  {times}", width))


def _render_answers(row: LeechRow, card: Card) -> Content:
    parts = [render_question(card) + "\n\n"]
    if card.note.strip():
        parts.append(render_prose(card.note).stylize_before("$text-accent") + "\n\n")
    answers = row.leech.answers
    parts.append(render_answers(answers) if answers else Content("Never answered, only given up."))
    return Content("").join(parts)
