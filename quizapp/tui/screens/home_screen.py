"""The first screen: the decks, what is due in them, and the way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from quizapp.text.counting import plural
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import ActionDone, ActionFailed, CountsLoaded, SandboxReady, ServicesOpened, report_failure
from quizapp.tui.widgets.columns import fit, shares
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.review.store import DeckCounts
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp

EVERYTHING = "Everything"
NARROW = 70
"""Below this width the headings are single letters."""

WELCOME = (
    "Welcome. A card asks for a few lines of PyTorch. You write them, they run in a sandbox, their "
    "values are compared with the reference's, and the card comes back when you are about to forget it.\n\n"
    "Press Enter for the first card. F1 shows every key."
)


@dataclass(frozen=True, slots=True)
class DeckRow:
    """One line of the list; `slug` is empty for everything together."""

    slug: str
    title: str
    due: int
    new: int
    learned: int
    waiting: int


class HomeScreen(Screen[None]):
    """Decks with their counts; Enter starts."""

    # A default screen has no CSS of its own loaded.
    DEFAULT_CSS = """
    HomeScreen { layout: vertical; }
    HomeScreen #welcome { display: none; height: auto; margin: 1 2 0 2; padding: 1 2; background: $primary 15%; }
    HomeScreen.-first #welcome { display: block; }
    HomeScreen #search { margin: 1 2 0 2; height: 1; border: none; padding: 0 1; background: $surface; }
    HomeScreen #search:focus { background: $surface-lighten-1; }
    HomeScreen #head { margin: 1 2 0 2; height: 1; color: $text-muted; }
    HomeScreen #decks { margin: 0 2; height: 1fr; }
    HomeScreen #note { margin: 0 2; height: auto; max-height: 4; color: $text-warning; }
    HomeScreen #leeches { margin: 0 2; height: 1; color: $text-accent; display: none; }
    HomeScreen.-short #welcome { margin: 0 1; padding: 0 1; }
    HomeScreen.-short #search, HomeScreen.-short #head { margin: 0 1; }
    HomeScreen.-short #decks { margin: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("home")]
    app: PtquizApp

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[DeckRow] = []
        self._words = ""

    def compose(self) -> ComposeResult:
        yield TopBar("ptquiz")
        yield Static(WELCOME, id="welcome", markup=False)
        yield Static("opening the decks …", id="head", markup=False)
        yield VirtualList[DeckRow](_draw, id="decks")
        yield Static("", id="leeches", markup=False)
        yield Static("", id="note", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(VirtualList)
        rows.focus()
        # A scrollbar takes room from the rows, and comes only with their layout.
        self.watch(rows, "show_vertical_scrollbar", self._heading, init=False)
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        """Bring what the first paint need not wait for; who leaves at once does not wait for it either."""
        if not self.is_attached:
            return
        await self.mount(Input(placeholder="type / to search the decks", id="search", compact=True), before="#head")
        await self.mount(KeyBar())

    @on(ServicesOpened)
    def opened(self, event: ServicesOpened) -> None:
        problems = [problem for problem in event.services.library.problems if problem.severity == "error"]
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.say(f"{problems[0]}{more}\n`ptquiz decks` lists them all")
        self.count(event.services)

    def on_screen_resume(self) -> None:
        if self.app.services is not None:
            self.count(self.app.services)

    @work(thread=True, exclusive=True, group="count", description="count what is due")
    def count(self, services: Services) -> None:
        """Ask the session how many cards wait; a locked store must not hold the screen."""
        from quizapp.review.statistics import streak

        with report_failure(self, "count"):
            session = services.session(self.app.settings)
            day = session.days.of(services.clock())
            today = services.store.log.today(day)
            row = streak(map(date.fromordinal, services.store.log.days()), date.fromordinal(day)).current
            leeches = len(services.store.cards.leeches(self.app.settings.leech_lapses))
            self.post_message(CountsLoaded(session.counts(), today.rated, today.seconds / 60, row, leeches))

    @on(CountsLoaded)
    def counted(self, event: CountsLoaded) -> None:
        assert self.app.services is not None
        decks = [deck.in_language(self.app.settings.language) for deck in self.app.services.library.decks]
        rows = [_row(deck.slug, deck.title or deck.slug, event.counts) for deck in decks]
        self._rows = [_total(rows), *rows]
        self.set_class(not any(row.learned for row in rows) and event.reviews == 0, "-first")
        self.query_one(TopBar).today(event.reviews, event.minutes, event.streak)
        leeches = self.query_one("#leeches", Static)
        leeches.update(f"{plural(event.leeches, 'card')} forgotten over and over: l shows what you answered")
        leeches.display = event.leeches > 0
        self._filter()

    @on(Input.Changed, "#search")
    def typed(self, event: Input.Changed) -> None:
        self._words = event.value
        self._filter()

    @on(Input.Submitted, "#search")
    def searched(self) -> None:
        self.query_one(VirtualList).focus()

    def _filter(self) -> None:
        """Show the decks whose title or slug has every word."""
        wanted = self._words.casefold().split()
        rows = [row for row in self._rows if all(word in f"{row.title} {row.slug}".casefold() for word in wanted)]
        found: VirtualList[DeckRow] = self.query_one("#decks", VirtualList)
        found.show(rows)
        self._heading()

    def _heading(self) -> None:
        if not self._rows:
            return
        width = self.query_one(VirtualList).scrollable_content_region.width
        short = width < NARROW
        names = ("due", "new", "lrnd", "wait") if short else ("due", "new", "learned", "waiting")
        title = "deck" if self.query_one(VirtualList).items else "no deck has these words"
        self.query_one("#head", Static).update(_columns(title, names, width))

    def on_resize(self) -> None:
        self.set_class(self.size.height < 22, "-short")
        self.call_after_refresh(self._heading)

    @on(SandboxReady)
    def warm(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    @on(ActionFailed)
    def failed(self, event: ActionFailed) -> None:
        if event.where in ("open", "warm"):
            self.query_one(TopBar).tier = "none"
        self.say(event.lines)

    def say(self, text: str) -> None:
        self.query_one("#note", Static).update(text)

    @on(VirtualList.Chosen)
    def chosen(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        row = self.query_one(VirtualList).current
        if isinstance(row, DeckRow):
            self.app.study(decks=[row.slug] if row.slug else None)

    def action_search(self) -> None:
        # The field is not there before the first paint is over.
        for field in self.query("#search"):
            field.focus()

    def action_refresh(self) -> None:
        if self.app.services is not None:
            self.count(self.app.services)

    def action_undo(self) -> None:
        if self.app.services is not None:
            self._undo(self.app.services)

    @work(thread=True, exclusive=True, group="undo", description="take the last rating back")
    def _undo(self, services: Services) -> None:
        with report_failure(self, "undo"):
            undone = services.session(self.app.settings).undo()
            self.post_message(ActionDone("undo", f"undone: {undone}" if undone else "nothing to undo"))

    @on(ActionDone)
    def acted(self, event: ActionDone) -> None:
        self.notify(event.said or "", markup=False)
        self.action_refresh()

    def action_browse(self) -> None:
        self.app.browse()

    def action_statistics(self) -> None:
        self.app.statistics()

    def action_practise(self) -> None:
        self.app.practise()

    def action_leeches(self) -> None:
        self.app.leeches()

    def action_quit(self) -> None:
        self.app.action_quit_now()

    def action_clear(self) -> None:
        """Take the search back. Escape does not quit: who leaves a screen may press it once too often."""
        for field in self.query("#search").results(Input):
            field.value = ""
        self.query_one(VirtualList).focus()


def _row(slug: str, title: str, counts: Mapping[str, DeckCounts]) -> DeckRow:
    found = counts.get(slug)
    if found is None:
        return DeckRow(slug, title, 0, 0, 0, 0)
    return DeckRow(slug, title, found.due, found.new, found.learned, found.waiting)


def _total(rows: list[DeckRow]) -> DeckRow:
    sums = (sum(getattr(row, name) for row in rows) for name in ("due", "new", "learned", "waiting"))
    return DeckRow("", EVERYTHING, *sums)


def _draw(row: DeckRow, width: int) -> Content:
    numbers = [str(n) if n else "·" for n in (row.due, row.new, row.learned, row.waiting)]
    line = _columns(row.title, numbers, width)
    content = Content(line)
    if not row.slug:
        return content.stylize("bold")
    return content.stylize("$text-success", *_span(line, width, 0)) if row.due else content


def _columns(title: str, numbers: tuple[str, ...] | list[str], width: int) -> str:
    sizes = _sizes(width)
    cells = [fit(number, size, "right") for number, size in zip(numbers, sizes, strict=True)]
    return "  ".join([fit(title, shares(width, sizes)), *cells])


def _sizes(width: int) -> list[int]:
    return [5, 5, 5, 5] if width < NARROW else [7, 7, 9, 9]


def _span(line: str, width: int, column: int) -> tuple[int, int]:
    """Where a number stands in the line, counted from its end, since titles have wide characters."""
    after = sum(_sizes(width)[column + 1 :]) + 2 * (3 - column)
    return len(line) - after - _sizes(width)[column], len(line) - after
