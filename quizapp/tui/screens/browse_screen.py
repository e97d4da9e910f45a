"""The browse page: every card, filtered by words; preview, history, and what to do with a card."""

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
from quizapp.tui.screens.card_filter import CardEntry, catalogue, complaint, matches
from quizapp.tui.screens.card_history import history
from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit, shares
from quizapp.tui.widgets.highlighting import prose
from quizapp.tui.widgets.virtual_list import VirtualList

FORM = "words  deck:joining  tag:shapes  is:new  is:flagged  last:wrong  kind:code  level:2  -tag:cuda"
DONE = {
    EntryKind.SUSPEND: ("no longer suspended", "suspended"),
    EntryKind.BURY: ("no longer buried", "buried until tomorrow"),
    EntryKind.FLAG: ("no longer flagged", "flagged"),
    EntryKind.RESET: ("", "to be learned anew; its history stays"),
}
PREVIEW_FROM = 110
"""Columns from which the preview stands beside the list."""

NAMED_FROM = 40
"""Columns left for the title from which the card's name has a column of its own."""


@dataclass
class CardsLoaded(Message, bubble=False):
    """Every card, as it stands now."""

    entries: Sequence[CardEntry]
    said: str = ""
    """What was done to a card before."""


@dataclass
class HistoryLoaded(Message, bubble=False):
    """A card's history in words."""

    card: str
    text: Content


class BrowseScreen(BaseScreen):
    """The filter above, the cards below, the card under the cursor beside them."""

    CSS = """
    BrowseScreen #filter { margin: 1 1 0 1; height: 1; border: none; padding: 0 1; background: $surface; }
    BrowseScreen #found { margin: 0 1; height: 1; color: $text-muted; }
    BrowseScreen Horizontal { height: 1fr; }
    BrowseScreen #cards { margin: 0 1; width: 3fr; height: 1fr; }
    BrowseScreen #preview { width: 2fr; display: none; border-left: solid $primary 60%; padding: 0 1; }
    BrowseScreen.-wide #preview, BrowseScreen.-shown #preview { display: block; }
    BrowseScreen.-shown #cards { display: none; }
    BrowseScreen.-wide.-shown #cards { display: block; }
    BrowseScreen #preview Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("browse")]
    place = "browse"

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[CardEntry] = ()

    def body(self) -> Iterable[Widget]:
        yield Input(placeholder=FORM, id="filter", compact=True)
        yield Static("looking through the cards …", id="found", markup=False)
        with Horizontal():
            yield VirtualList[CardEntry](_draw, id="cards")
            with VerticalScroll(id="preview"):
                yield Static("", id="card", markup=False)

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()

    def fill(self, services: Services) -> None:
        self._list(services)

    @property
    def _rows(self) -> VirtualList[CardEntry]:
        return self.query_one("#cards", VirtualList)

    @work(thread=True, exclusive=True, group="list", description="list the cards")
    def _list(self, services: Services) -> None:
        today = Days(starts=self.app.settings.day_offset).of(services.clock())
        with report_failure(self, "browse"):
            self.post_message(CardsLoaded(catalogue(services.library.cards(), services.store, today)))

    @on(CardsLoaded)
    def listed(self, event: CardsLoaded) -> None:
        self._entries = event.entries
        if event.said:
            self.notify(visible(event.said), markup=False)
        self._filter(self.query_one("#filter", Input).value)

    @on(Input.Changed, "#filter")
    def typed(self, event: Input.Changed) -> None:
        self._filter(event.value)

    @on(Input.Submitted, "#filter")
    def searched(self) -> None:
        self._rows.focus()

    def _filter(self, words: str) -> None:
        found = [entry for entry in self._entries if matches(entry, words)]
        self._rows.show(found)
        count = f"{plural(len(found), 'card')} of {len(self._entries)}"
        wrong = "" if found else complaint(self._entries, words)
        self.query_one("#found", Static).update(visible(f"{count} · {wrong}" if wrong else count))
        self._preview()

    @on(VirtualList.Moved, "#cards")
    def _preview(self) -> None:
        entry = self._rows.current
        self.query_one("#card", Static).update(_told(entry) if entry else "")
        if entry is not None and self.query_one("#preview").display and self.app.services is not None:
            self._tell(self.app.services, entry)

    @work(thread=True, exclusive=True, group="history", description="read a card's history")
    def _tell(self, services: Services, entry: CardEntry) -> None:
        with report_failure(self, "browse"):
            reviews = services.store.log.reviews(entry.card.name)
            attempts = services.store.work.attempts(entry.card.name)
            self.post_message(HistoryLoaded(entry.card.name, history(reviews, attempts)))

    @on(HistoryLoaded)
    def told(self, event: HistoryLoaded) -> None:
        entry = self._rows.current
        if entry is not None and entry.card.name == event.card:
            self.query_one("#card", Static).update(_told(entry) + event.text)

    def on_resize(self) -> None:
        self.set_class(self.size.width >= PREVIEW_FROM, "-wide")

    # What to do with a card

    @on(VirtualList.Chosen, "#cards")
    def chosen(self) -> None:
        self.action_history()

    def action_history(self) -> None:
        """Show the card with its history, over the list where the terminal is narrow."""
        self.add_class("-shown")
        self._preview()
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
        """Learn the card anew; its history stays in the log."""
        self._act(EntryKind.RESET)

    def _act(self, kind: EntryKind) -> None:
        entry = self._rows.current
        if entry is not None and self.app.services is not None:
            self._write(self.app.services, kind, entry)

    @work(thread=True, group="act", description="change a card's standing")
    def _write(self, services: Services, kind: EntryKind, entry: CardEntry) -> None:
        now = services.clock()
        today = Days(starts=self.app.settings.day_offset).of(now)
        value = {
            EntryKind.SUSPEND: int(not entry.suspended),
            EntryKind.FLAG: int(not entry.flagged),
            EntryKind.BURY: 0 if entry.buried else today + 1,
            EntryKind.RESET: 1,
        }[kind]
        with report_failure(self, "browse"):
            services.store.log.act(kind, entry.card.name, value, now, today)
            said = f"{entry.card.title or entry.card.id}: {DONE[kind][bool(value)]}"
            self.post_message(CardsLoaded(catalogue(services.library.cards(), services.store, today), said))

    def action_study(self) -> None:
        """Study the cards that are listed, due or not."""
        names = [entry.card.name for entry in self._rows.items if not entry.suspended]
        if names:
            self.app.study(cards=names)

    def action_leave(self) -> None:
        if self.has_class("-shown"):
            self.remove_class("-shown")
            self._rows.focus()
        elif isinstance(self.focused, Input) and self.focused.value:
            self.focused.value = ""
        elif isinstance(self.focused, Input):
            self._rows.focus()
        else:
            self.dismiss()


def _draw(entry: CardEntry, width: int) -> Content:
    due = entry.due.astimezone().strftime("%Y-%m-%d") if entry.due else ""
    outcome = OUTCOME_LABELS[entry.outcome].symbol if entry.outcome in OUTCOME_LABELS else " "
    flag = "⚑" if entry.flagged else " "
    cells = [f"{outcome} {flag}", fit(entry.state, 10), fit(due, 10)]
    title, room = visible(entry.card.title or entry.card.id), shares(width, [3, 10, 10])
    if room > NAMED_FROM:
        title = f"{fit(title, room * 3 // 5)}  {fit(entry.card.name, room - room * 3 // 5 - 2)}"
    return Content("  ".join([fit(title, room), *cells]))


def _told(entry: CardEntry) -> Content:
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
        prose(card.question) + "\n\n",
    )
