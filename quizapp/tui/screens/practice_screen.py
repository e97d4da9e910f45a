"""The practice page: lists to pick the cards to study outside the schedule from, with their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Grid
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from quizapp.review.days import Days
from quizapp.review.practice import PracticeFilter
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen
from quizapp.tui.screens.pick_list import PickList
from quizapp.tui.screens.practice_picks import ANY, ORDERS, RANDOM, WHICH, Choices, Picked, choices, practice_filter
from quizapp.tui.widgets.virtual_list import VirtualList

ABOUT = "Practise any cards: no due date changes."
WIDE_WIDTH = 100
"""Screen width from which the lists are in three columns."""

SHORT_HEIGHT = 24
"""Screen height below which there are no margins."""


@dataclass
class ChoicesLoaded(Message, bubble=False):
    """The rows to offer."""

    choices: Choices


@dataclass
class MatchesCounted(Message, bubble=False):
    """The filter and the number of matching cards."""

    practice: PracticeFilter
    count: int


class PracticeScreen(BaseScreen):
    """Lists of which Space picks rows; Enter starts."""

    CSS = """
    PracticeScreen #about { height: 1; margin: 1 3 0 3; color: $text-muted; }
    PracticeScreen Grid {
        margin: 1 1 0 1; grid-size: 2 3; grid-columns: 1fr 1fr; grid-rows: 1fr 7 4; max-width: 132; height: 1fr;
    }
    PracticeScreen #levels { row-span: 2; }
    PracticeScreen.-wide Grid { grid-size: 3 3; grid-columns: 2fr 1fr 1fr; grid-rows: 1fr 7 4; }
    PracticeScreen.-wide #decks, PracticeScreen.-wide #tags { row-span: 3; }
    PracticeScreen.-wide #levels { row-span: 1; }
    PracticeScreen #count { height: 1; margin: 0 3; text-style: bold; }
    PracticeScreen.-short #about, PracticeScreen.-short #count { margin: 0 2; }
    PracticeScreen.-short Grid { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("practice")]
    heading = "practice"

    def __init__(self) -> None:
        super().__init__()
        self._matches: MatchesCounted | None = None
        self._starts_when_counted = False
        """Start was pressed before the cards were counted."""

    def compose_body(self) -> Iterable[Widget]:
        yield Static(ABOUT, id="about", markup=False)
        with Grid():
            yield PickList("Decks", id="decks")
            yield PickList("Tags", id="tags")
            yield PickList("Levels", id="levels")
            yield PickList("Which", id="which", is_single=True)
            yield PickList("Order", id="order", is_single=True)
        yield Static("opening the decks …", id="count", markup=False)

    def on_mount(self) -> None:
        self._list("which").offer(WHICH, [ANY])
        self._list("order").offer(ORDERS, [RANDOM])
        self._list("decks").focus()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE_WIDTH, "-wide")
        self.set_class(self.size.height < SHORT_HEIGHT, "-short")

    def _list(self, name: str) -> PickList:
        return self.query_one(f"#{name}", PickList)

    def load(self, services: Services) -> None:
        self._load_choices(services)

    @work(thread=True, exclusive=True, group="choices", description="list decks, tags and levels")
    def _load_choices(self, services: Services) -> None:
        with report_failure(self, "choices"):
            self.post_message(ChoicesLoaded(choices(services.library.decks, self.app.settings.language)))

    @on(ChoicesLoaded)
    def show_choices(self, event: ChoicesLoaded) -> None:
        for name in ("decks", "tags", "levels"):
            self._list(name).offer(getattr(event.choices, name))
        self.count_cards()

    @on(PickList.Changed)
    def count_cards(self) -> None:
        """Count the matching cards again."""
        self._matches = None
        if self.app.services is not None:
            picked = Picked(*(self._list(name).picked for name in ("decks", "tags", "levels", "which", "order")))
            self._count(self.app.services, practice_filter(picked, int(self.app.clock().timestamp())))

    @work(thread=True, exclusive=True, group="count", description="count the cards to practise")
    def _count(self, services: Services, practice: PracticeFilter) -> None:
        days = Days(starts=self.app.settings.day_offset)
        with report_failure(self, "count"):
            cards = practice.cards(services.library.cards(), services.store, days, services.clock())
            self.post_message(MatchesCounted(practice, len(cards)))

    @on(MatchesCounted)
    def show_count(self, event: MatchesCounted) -> None:
        self._matches = event
        found = f"{plural(event.count, 'card')} · Enter starts"
        nothing = "no cards match · delete clears a list, space toggles a row"
        self.query_one("#count", Static).update(found if event.count else nothing)
        if self._starts_when_counted:
            self.action_start()

    @on(VirtualList.Selected)
    def start_from_list(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        self._starts_when_counted = self._matches is None
        if self._matches is not None and self._matches.count:
            self.app.study(practice=self._matches.practice)

    def action_pick(self) -> None:
        if isinstance(self.focused, PickList):
            self.focused.toggle()

    def action_clear(self) -> None:
        """Pick nothing in the focused list, which means everything."""
        if isinstance(self.focused, PickList):
            self.focused.clear()

    def action_next_list(self) -> None:
        self.focus_next(PickList)

    def action_previous_list(self) -> None:
        self.focus_previous(PickList)

    def action_leave(self) -> None:
        self.dismiss()
