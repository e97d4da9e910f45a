"""The browse page: a filtered list of all cards, with preview, history and actions on a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from quizapp.review.days import Days
from quizapp.review.store import EntryKind
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.text.labels import OUTCOME_LABELS
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.card_filter import CardEntry, explain_no_match, list_entries, matches
from quizapp.tui.screens.card_history import render_history
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.columns import fit, remaining_width
from quizapp.tui.widgets.highlighting import render_question
from quizapp.tui.widgets.virtual_list import VirtualList

PLACEHOLDER = "words  deck:joining  tag:shapes  is:new  is:flagged  last:wrong  kind:code  level:2  -tag:cuda"
ACTION_MESSAGES = {
    EntryKind.SUSPEND: ("no longer suspended", "suspended"),
    EntryKind.BURY: ("no longer buried", "buried until tomorrow"),
    EntryKind.FLAG: ("no longer flagged", "flagged"),
    EntryKind.RESET: ("", "reset to a new card; its history is kept"),
}
"""Entry -> message when it is cleared, message when it is set."""

MIN_PREVIEW_WIDTH = 110
"""Minimum terminal width at which the preview is shown beside the list."""

MIN_NAME_WIDTH = 40
"""Width of the title above which the card's name has a separate column."""


@dataclass
class CardsLoaded(Message, bubble=False):
    """The current state of every card."""

    entries: Sequence[CardEntry]
    message: str = ""
    """The result of an action on a card, shown to the learner."""


@dataclass
class HistoryLoaded(Message, bubble=False):
    """A card's rendered history."""

    card: str
    text: Content


class BrowseScreen(BaseScreen):
    """A filter, the list of matching cards, and a preview of the card under the cursor."""

    CSS = """
    BrowseScreen #filter { margin: 1 1 0 1; height: 1; border: none; padding: 0 1; background: $surface; }
    BrowseScreen #found { margin: 0 1; height: 1; color: $text-muted; }
    BrowseScreen Horizontal { height: 1fr; }
    BrowseScreen #cards { margin: 0 1; width: 3fr; height: 1fr; }
    BrowseScreen #preview { width: 2fr; display: none; border-left: solid $border-blurred; padding: 0 1; }
    BrowseScreen.-wide #preview, BrowseScreen.-shown #preview { display: block; }
    BrowseScreen.-shown #cards { display: none; }
    BrowseScreen.-wide.-shown #cards { display: block; }
    BrowseScreen #preview Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("browse")]
    heading = "browse"

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[CardEntry] = ()
        self._asked_to_reset = ""
        """The card whose reset is done if the key is pressed again."""

    def compose_body(self) -> Iterable[Widget]:
        yield Input(placeholder=PLACEHOLDER, id="filter", compact=True)
        yield Static("loading the cards …", id="found", markup=False)
        with Horizontal():
            yield VirtualList[CardEntry](_render_row, id="cards")
            with VerticalScroll(id="preview"):
                yield Static("", id="card", markup=False)

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()

    def load(self, services: Services) -> None:
        self._load_cards(services)

    @property
    def _cards(self) -> VirtualList[CardEntry]:
        return self.query_one("#cards", VirtualList)

    @work(thread=True, exclusive=True, group="list", description="list the cards")
    def _load_cards(self, services: Services) -> None:
        today = Days(starts=self.app.settings.day_offset).of(services.clock())
        with report_failure(self, "browse"):
            self.post_message(CardsLoaded(list_entries(services.library.cards(), services.store, today)))

    @on(CardsLoaded)
    def show_cards(self, event: CardsLoaded) -> None:
        self._entries = event.entries
        if event.message:
            self.notify(visible(event.message), markup=False)
        self._filter(self.query_one("#filter", Input).value)

    @on(Input.Changed, "#filter")
    def filter_cards(self, event: Input.Changed) -> None:
        self._filter(event.value)

    @on(Input.Submitted, "#filter")
    def focus_cards(self) -> None:
        self._cards.focus()

    def _filter(self, query: str) -> None:
        found = [entry for entry in self._entries if matches(entry, query)]
        self._cards.show(found)
        count = f"{plural(len(found), 'card')} of {len(self._entries)}"
        reason = "" if found else explain_no_match(self._entries, query)
        self.query_one("#found", Static).update(visible(f"{count} · {reason}" if reason else count))
        self._update_preview()

    @on(VirtualList.Highlighted, "#cards")
    def _update_preview(self) -> None:
        entry = self._cards.current
        self.query_one("#card", Static).update(_render_card(entry) if entry else "")
        if entry is not None and self.query_one("#preview").display and self.app.services is not None:
            self._load_history(self.app.services, entry)

    # Exclusive: while the cursor moves fast, only the last card's history is needed.
    @work(thread=True, exclusive=True, group="history", description="read a card's history")
    def _load_history(self, services: Services, entry: CardEntry) -> None:
        with report_failure(self, "browse"):
            reviews = services.store.log.reviews(entry.card.name)
            attempts = services.store.drafts.attempts(entry.card.name)
            self.post_message(HistoryLoaded(entry.card.name, render_history(reviews, attempts)))

    @on(HistoryLoaded)
    def show_history(self, event: HistoryLoaded) -> None:
        entry = self._cards.current
        if entry is not None and entry.card.name == event.card:
            self.query_one("#card", Static).update(_render_card(entry) + event.text)

    def on_resize(self) -> None:
        self.set_class(self.size.width >= MIN_PREVIEW_WIDTH, "-wide")

    # Actions on a card

    @on(VirtualList.Selected, "#cards")
    def open_history(self) -> None:
        self.action_history()

    def action_history(self) -> None:
        """Show the card with its history, instead of the list in a narrow terminal."""
        self.add_class("-shown")
        self._update_preview()
        self.query_one("#preview").focus()

    def action_search(self) -> None:
        self.query_one("#filter", Input).focus()

    def action_suspend(self) -> None:
        self._act(EntryKind.SUSPEND)

    def action_bury(self) -> None:
        self._act(EntryKind.BURY)

    def action_flag(self) -> None:
        self._act(EntryKind.FLAG)

    def action_reset(self) -> None:
        """Make the card new again if the key is pressed twice; its history is kept in the log."""
        entry = self._cards.current
        if entry is not None and self._asked_to_reset == entry.card.name:
            self._asked_to_reset = ""
            self._act(EntryKind.RESET)
        elif entry is not None:
            self._asked_to_reset = entry.card.name
            self.notify(f"press the key again to reset {entry.card.name} to a new card", markup=False)

    def _act(self, kind: EntryKind) -> None:
        entry = self._cards.current
        if entry is not None and self.app.services is not None:
            self._save(self.app.services, kind, entry)

    @work(thread=True, group="act", description="change a card's state")
    def _save(self, services: Services, kind: EntryKind, entry: CardEntry) -> None:
        now = services.clock()
        today = Days(starts=self.app.settings.day_offset).of(now)
        value = {
            EntryKind.SUSPEND: int(not entry.suspended),
            EntryKind.FLAG: int(not entry.flagged),
            EntryKind.BURY: 0 if entry.buried else today + 1,
            EntryKind.RESET: 1,
        }[kind]
        with report_failure(self, "browse"):
            services.store.log.append_action(kind, entry.card.name, value, now, today)
            message = f"{entry.card.title or entry.card.id}: {ACTION_MESSAGES[kind][bool(value)]}"
            self.post_message(CardsLoaded(list_entries(services.library.cards(), services.store, today), message))

    def action_study(self) -> None:
        """Study the listed cards, whether or not they are due."""
        names = [entry.card.name for entry in self._cards.items if not entry.suspended]
        if names:
            self.app.study(cards=names)

    def action_leave(self) -> None:
        if self.has_class("-shown"):
            self.remove_class("-shown")
            self._cards.focus()
        elif isinstance(self.focused, Input) and self.focused.value:
            self.focused.value = ""
        elif isinstance(self.focused, Input):
            self._cards.focus()
        else:
            self.dismiss()


def _render_row(entry: CardEntry, width: int) -> Content:
    due = entry.due.astimezone().strftime("%Y-%m-%d") if entry.due else ""
    outcome = OUTCOME_LABELS[entry.outcome].symbol if entry.outcome in OUTCOME_LABELS else " "
    flag = "⚑" if entry.flagged else " "
    cells = [f"{outcome} {flag}", fit(entry.state, 10), fit(due, 10)]
    title, title_width = visible(entry.card.title or entry.card.id), remaining_width(width, [3, 10, 10])
    if title_width > MIN_NAME_WIDTH:
        title = f"{fit(title, title_width * 3 // 5)}  {fit(entry.card.name, title_width - title_width * 3 // 5 - 2)}"
    return Content("  ".join([fit(title, title_width), *cells]))


def _render_card(entry: CardEntry) -> Content:
    card = entry.card
    facts = [card.name, f"{card.kind} · level {card.level} · {entry.state}", " ".join(f"#{tag}" for tag in card.tags)]
    memory = entry.memory
    if memory is not None:
        facts.append(
            f"due {memory.due.astimezone():%Y-%m-%d %H:%M} · stability {memory.stability:.1f} d · "
            f"difficulty {memory.difficulty:.1f} · {plural(memory.reps, 'review')}, {memory.lapses} forgotten"
        )
    return Content.assemble(
        (visible(card.title or card.id) + "\n", "bold"),
        (visible("\n".join(filter(None, facts))) + "\n\n", MUTED),
        render_question(card) + "\n\n",
    )
