"""The practice page: a form that selects cards to study outside the schedule, and counts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Static

from quizapp.errors import PtquizError, UsageError
from quizapp.review.days import Days
from quizapp.review.practice import PracticeFilter
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen

ABOUT = "Practise any cards, as often as you like: practice never changes a due date."
FIELDS = (
    ("decks", "Decks", "all, or slugs: tensors, autograd"),
    ("tags", "Tags", "any, or tags separated by commas"),
    ("levels", "Levels", "any, or numbers from 1 to 5: 1, 2"),
    ("ahead", "Due within", "any time, or days (learned cards only)"),
)


@dataclass
class MatchesCounted(Message, bubble=False):
    """The form's filter and the number of matching cards."""

    practice: PracticeFilter
    count: int


class OptionToggle(Checkbox, inherit_bindings=False):
    """A check box drawn as ☑ or ☐. Enter is not bound, because it submits the form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_button", show=False)]

    def render(self) -> Content:
        return Content(f"{'☑' if self.value else '☐'} {self.label}")


class PracticeScreen(BaseScreen):
    """A form that Enter or F5 submits."""

    CSS = """
    PracticeScreen VerticalScroll { padding: 1 2; }
    PracticeScreen #about { height: auto; margin: 0 0 1 0; color: $text-muted; }
    PracticeScreen HorizontalGroup { margin: 0 0 1 0; }
    PracticeScreen HorizontalGroup > Static { width: 12; }
    PracticeScreen Input { width: 1fr; }
    PracticeScreen Checkbox { margin: 0 0 0 12; }
    PracticeScreen #count { height: auto; margin: 1 0 0 12; text-style: bold; }
    PracticeScreen #count.-error { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("practice")]
    heading = "practice"

    def __init__(self) -> None:
        super().__init__()
        self._matches: MatchesCounted | None = None
        self._starts_when_counted = False
        """Start was pressed before the cards were counted."""

    def compose_body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            yield Static(ABOUT, id="about", markup=False)
            for name, label, placeholder in FIELDS:
                with HorizontalGroup():
                    yield Static(label)
                    yield Input(placeholder=placeholder, id=name, compact=True)
            yield OptionToggle("only cards forgotten today", id="forgotten", compact=True)
            yield OptionToggle("in random order", value=True, id="shuffled", compact=True)
            yield Static("", id="count", markup=False)

    def on_mount(self) -> None:
        self.query_one("#decks").focus()
        self.count_cards()

    def load(self, services: Services) -> None:
        self.count_cards()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def count_cards(self) -> None:
        """Count the matching cards again."""
        self._matches, self._starts_when_counted = None, False
        if self.app.services is None:
            self._show_status("the decks are still being opened", is_error=True)
            return
        try:
            practice = self._read_form(self.app.services)
        except PtquizError as error:
            self._show_status(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), is_error=True)
        else:
            self._count(self.app.services, practice)

    @work(thread=True, exclusive=True, group="count", description="count the cards to practise")
    def _count(self, services: Services, practice: PracticeFilter) -> None:
        days = Days(starts=self.app.settings.day_offset)
        with report_failure(self, "count"):
            cards = practice.cards(services.library.cards(), services.store, days, services.clock())
            self.post_message(MatchesCounted(practice, len(cards)))

    @on(MatchesCounted)
    def show_count(self, event: MatchesCounted) -> None:
        self._matches = event
        self._show_status(f"{plural(event.count, 'card')} · Enter starts" if event.count else "no cards match")
        if self._starts_when_counted:
            self.action_start()

    def _show_status(self, text: str, *, is_error: bool = False) -> None:
        status = self.query_one("#count", Static)
        status.update(visible(text))
        status.set_class(is_error, "-error")

    @on(Input.Submitted)
    def action_start(self) -> None:
        self._starts_when_counted = self._matches is None
        if self._matches is not None and self._matches.count:
            self.app.study(practice=self._matches.practice)

    def action_leave(self) -> None:
        self.dismiss()

    def _read_form(self, services: Services) -> PracticeFilter:
        """Return the form's filter. Raises UsageError for an unknown deck, an unknown tag or an invalid number."""
        library, tags = services.library, self._words("tags")
        library.require_tags(tags)
        ahead = self._words("ahead")
        return PracticeFilter(
            decks=tuple(library.deck(slug).slug for slug in self._words("decks")),
            tags=tuple(tags),
            levels=tuple(_parse_number(word, 1, 5) for word in self._words("levels")),
            forgotten_today=self.query_one("#forgotten", Checkbox).value,
            ahead=_parse_number(ahead[0], 0, 36500) if ahead else None,
            seed=int(self.app.clock().timestamp()) if self.query_one("#shuffled", Checkbox).value else None,
        )

    def _words(self, name: str) -> list[str]:
        return self.query_one(f"#{name}", Input).value.replace(",", " ").split()


def _parse_number(word: str, low: int, high: int) -> int:
    if not (word.isascii() and word.isdigit() and low <= int(word) <= high):
        raise UsageError(f"`{word}` is not a number from {low} to {high}")
    return int(word)
