"""Practice outside the schedule: which cards, chosen by what is typed, and how many that makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Static

from quizapp.decks.library import Library
from quizapp.errors import PtquizError, UsageError
from quizapp.review.days import Days
from quizapp.review.practice import PracticeFilter
from quizapp.services import Services
from quizapp.text.counting import plural
from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import report_failure
from quizapp.tui.screens.base_screen import BaseScreen

ABOUT = "Practise what you like, as often as you like: nothing here moves the day on which a card comes back."
FIELDS = (
    ("decks", "Decks", "all of them; or slugs, with commas between: tensors, autograd"),
    ("tags", "Tags", "any; or some of them, with commas between"),
    ("levels", "Levels", "any; or numbers from 1 to 5, with commas between"),
    ("ahead", "Due within", "any time; or a number of days: only cards that you have learned"),
)


@dataclass
class MatchesCounted(Message, bubble=False):
    """How many cards the form speaks of."""

    practice: PracticeFilter
    count: int


class OptionToggle(Checkbox, inherit_bindings=False):
    """A box whose symbol says whether it is ticked; Enter is left to the form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_button", show=False)]

    def render(self) -> Content:
        return Content(f"{'☑' if self.value else '☐'} {self.label}")


class PracticeScreen(BaseScreen):
    """A form; Enter or F5 begins."""

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
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("practise")]
    place = "practice"

    def __init__(self) -> None:
        super().__init__()
        self._found: MatchesCounted | None = None
        self._eager = False
        """Start was pressed before the cards were counted."""

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            yield Static(ABOUT, id="about", markup=False)
            for name, label, placeholder in FIELDS:
                with HorizontalGroup():
                    yield Static(label)
                    yield Input(placeholder=placeholder, id=name, compact=True)
            yield OptionToggle("only what I forgot today", id="forgotten", compact=True)
            yield OptionToggle("in random order", value=True, id="shuffled", compact=True)
            yield Static("", id="count", markup=False)

    def on_mount(self) -> None:
        self.query_one("#decks").focus()
        self.ask()

    def fill(self, services: Services) -> None:
        self.ask()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def ask(self) -> None:
        """Count anew whatever was changed."""
        self._found, self._eager = None, False
        if self.app.services is None:
            self._say("the decks are still being opened", error=True)
            return
        try:
            practice = self._practice(self.app.services)
        except PtquizError as error:
            self._say(f"✗ {error.message}" + (f"\n{error.hint}" if error.hint else ""), error=True)
        else:
            self._count(self.app.services, practice)

    @work(thread=True, exclusive=True, group="count", description="count the cards to practise")
    def _count(self, services: Services, practice: PracticeFilter) -> None:
        days = Days(starts=self.app.settings.day_offset)
        with report_failure(self, "count"):
            self.post_message(
                MatchesCounted(
                    practice, len(practice.cards(services.library.cards(), services.store, days, services.clock()))
                )
            )

    @on(MatchesCounted)
    def counted(self, event: MatchesCounted) -> None:
        self._found = event
        self._say(f"{plural(event.count, 'card')} · Enter begins" if event.count else "no card is like that")
        if self._eager:
            self.action_start()

    def _say(self, text: str, *, error: bool = False) -> None:
        said = self.query_one("#count", Static)
        said.update(visible(text))
        said.set_class(error, "-error")

    @on(Input.Submitted)
    def action_start(self) -> None:
        self._eager = self._found is None
        if self._found is not None and self._found.count:
            self.app.study(practice=self._found.practice)

    def action_leave(self) -> None:
        self.dismiss()

    def _practice(self, services: Services) -> PracticeFilter:
        """What the form says. Raises UsageError for a deck, a tag or a number that there is not."""
        library = services.library
        ahead = self._typed("ahead")
        return PracticeFilter(
            decks=tuple(library.deck(slug).slug for slug in self._typed("decks")),
            tags=_known_tags(library, self._typed("tags")),
            levels=tuple(_number(word, 1, 5) for word in self._typed("levels")),
            forgotten_today=self.query_one("#forgotten", Checkbox).value,
            ahead=_number(ahead[0], 0, 36500) if ahead else None,
            seed=int(self.app.clock().timestamp()) if self.query_one("#shuffled", Checkbox).value else None,
        )

    def _typed(self, name: str) -> list[str]:
        return self.query_one(f"#{name}", Input).value.replace(",", " ").split()


def _known_tags(library: Library, words: Sequence[str]) -> tuple[str, ...]:
    known = {tag for card in library.cards() for tag in card.tags} if words else set()
    for word in words:
        if word not in known:
            raise UsageError(f"no card has the tag `{word}`", "tags are: " + ", ".join(sorted(known)[:12]))
    return tuple(words)


def _number(word: str, low: int, high: int) -> int:
    if not (word.isascii() and word.isdigit() and low <= int(word) <= high):
        raise UsageError(f"`{word}` is not a number from {low} to {high}")
    return int(word)
