"""The first screen: the decks with their counts, and the keys to every other screen."""

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
from quizapp.text.printable import one_line, visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import ActionDone, ActionFailed, CountsLoaded, SandboxReady, ServicesOpened, report_failure
from quizapp.tui.widgets.columns import fit, remaining_width
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.review.store import DeckCounts
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp

EVERYTHING = "Everything"
NARROW_WIDTH = 70
"""Screen width below which the headings are abbreviated."""

SHORT_HEIGHT = 22
"""Screen height below which the margins are smaller."""

WELCOME = (
    "Welcome. A card asks for a few lines of PyTorch. Your code runs in a sandbox, its values are "
    "compared with the reference's, and the card is shown again when you are about to forget it.\n\n"
    "Press Enter for the first card. F1 shows every key."
)


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck's row in the list; `slug` is empty in the row of all decks."""

    slug: str
    title: str
    due: int
    new: int
    learned: int
    waiting: int


class HomeScreen(Screen[None]):
    """The list of decks with their counts; Enter studies the deck under the cursor."""

    # Textual does not load the `CSS` of a default screen.
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
        self._query = ""

    def compose(self) -> ComposeResult:
        yield TopBar("ptquiz")
        yield Static(WELCOME, id="welcome", markup=False)
        yield Static("opening the decks …", id="head", markup=False)
        yield VirtualList[DeckRow](_render_row, id="decks")
        yield Static("", id="leeches", markup=False)
        yield Static("", id="note", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(VirtualList)
        rows.focus()
        # The scrollbar narrows the rows, but it appears only when they are laid out.
        self.watch(rows, "show_vertical_scrollbar", self._update_head, init=False)
        self.call_after_refresh(self._mount_later_widgets)

    async def _mount_later_widgets(self) -> None:
        """Mount the widgets that are not needed for the first paint."""
        # The app may have been closed since the first paint.
        if not self.is_attached:
            return
        await self.mount(Input(placeholder="type / to search the decks", id="search", compact=True), before="#head")
        await self.mount(KeyBar())

    @on(ServicesOpened)
    def show_deck_problems(self, event: ServicesOpened) -> None:
        problems = event.services.library.skipped()
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.show_note(f"{problems[0]}{more}\n`ptquiz decks` lists them all")
        self.load_counts(event.services)

    def on_screen_resume(self) -> None:
        if self.app.services is not None:
            self.load_counts(self.app.services)

    @work(thread=True, exclusive=True, group="count", description="count the due cards")
    def load_counts(self, services: Services) -> None:
        """Count the due cards in a thread, because the store may be locked."""
        from quizapp.review.analysis.statistics import streak

        with report_failure(self, "count"):
            session = services.session(self.app.settings)
            day = session.days.of(services.clock())
            today = services.store.log.day_totals(day)
            days = streak(map(date.fromordinal, services.store.log.days()), date.fromordinal(day)).current
            leeches = len(services.store.cards.leeches(self.app.settings.leech_lapses))
            self.post_message(CountsLoaded(session.counts(), today.rated, today.seconds / 60, days, leeches))

    @on(CountsLoaded)
    def show_counts(self, event: CountsLoaded) -> None:
        assert self.app.services is not None
        decks = [deck.in_language(self.app.settings.language) for deck in self.app.services.library.decks]
        rows = [_row(deck.slug, one_line(deck.title or deck.slug), event.counts) for deck in decks]
        self._rows = [_total(rows), *rows]
        self.set_class(not any(row.learned for row in rows) and event.reviews == 0, "-first")
        self.query_one(TopBar).show_today(event.reviews, event.minutes, event.streak)
        leeches = self.query_one("#leeches", Static)
        leeches.update(f"{plural(event.leeches, 'leech')}, often forgotten: l shows your answers")
        leeches.display = event.leeches > 0
        self._filter()

    @on(Input.Changed, "#search")
    def filter_decks(self, event: Input.Changed) -> None:
        self._query = event.value
        self._filter()

    @on(Input.Submitted, "#search")
    def focus_decks(self) -> None:
        self.query_one(VirtualList).focus()

    def _filter(self) -> None:
        """Show the decks whose title or slug contains every word of the search."""
        words = self._query.casefold().split()
        rows = [row for row in self._rows if all(word in f"{row.title} {row.slug}".casefold() for word in words)]
        decks: VirtualList[DeckRow] = self.query_one("#decks", VirtualList)
        decks.show(rows)
        self._update_head()

    def _update_head(self) -> None:
        if not self._rows:
            return
        width = self.query_one(VirtualList).scrollable_content_region.width
        is_narrow = width < NARROW_WIDTH
        names = ("due", "new", "lrnd", "wait") if is_narrow else ("due", "new", "learned", "waiting")
        title = "deck" if self.query_one(VirtualList).items else "no decks match"
        self.query_one("#head", Static).update(_columns(title, names, width))

    def on_resize(self) -> None:
        self.set_class(self.size.height < SHORT_HEIGHT, "-short")
        self.call_after_refresh(self._update_head)

    @on(SandboxReady)
    def show_tier(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    @on(ActionFailed)
    def show_failure(self, event: ActionFailed) -> None:
        if event.operation in ("open", "warm"):
            self.query_one(TopBar).tier = "none"
        self.show_note(event.lines)

    def show_note(self, text: str) -> None:
        """Show a warning below the decks."""
        self.query_one("#note", Static).update(visible(text))

    @on(VirtualList.Selected)
    def study_selected(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        row = self.query_one(VirtualList).current
        if isinstance(row, DeckRow):
            self.app.study(decks=[row.slug] if row.slug else None)

    def action_search(self) -> None:
        # The field is mounted after the first paint.
        for field in self.query("#search"):
            field.focus()

    def action_refresh(self) -> None:
        if self.app.services is not None:
            self.load_counts(self.app.services)

    def action_undo(self) -> None:
        if self.app.services is not None:
            self._undo(self.app.services)

    @work(thread=True, exclusive=True, group="undo", description="undo the last rating")
    def _undo(self, services: Services) -> None:
        with report_failure(self, "undo"):
            undone = services.session(self.app.settings).undo()
            self.post_message(ActionDone("undo", f"undone: {undone}" if undone else "nothing to undo"))

    @on(ActionDone)
    def show_result(self, event: ActionDone) -> None:
        self.notify(event.message or "", markup=False)
        self.action_refresh()

    def action_browse(self) -> None:
        self.app.show_browse()

    def action_statistics(self) -> None:
        self.app.show_statistics()

    def action_practice(self) -> None:
        self.app.show_practice()

    def action_leeches(self) -> None:
        self.app.show_leeches()

    def action_quit(self) -> None:
        self.app.action_quit_now()

    def action_clear(self) -> None:
        """Clear the search. Escape does not quit, because it closes other screens and may be pressed once too often."""
        for field in self.query("#search").results(Input):
            field.value = ""
        self.query_one(VirtualList).focus()


def _row(slug: str, title: str, counts: Mapping[str, DeckCounts]) -> DeckRow:
    deck = counts.get(slug)
    if deck is None:
        return DeckRow(slug, title, 0, 0, 0, 0)
    return DeckRow(slug, title, deck.due, deck.new, deck.learned, deck.waiting)


def _total(rows: list[DeckRow]) -> DeckRow:
    sums = (sum(getattr(row, name) for row in rows) for name in ("due", "new", "learned", "waiting"))
    return DeckRow("", EVERYTHING, *sums)


def _render_row(row: DeckRow, width: int) -> Content:
    numbers = [str(n) if n else "·" for n in (row.due, row.new, row.learned, row.waiting)]
    line = _columns(row.title, numbers, width)
    content = Content(line)
    if not row.slug:
        return content.stylize("bold")
    return content.stylize("$text-success", *_column_span(line, width, 0)) if row.due else content


def _columns(title: str, numbers: tuple[str, ...] | list[str], width: int) -> str:
    widths = _column_widths(width)
    cells = [fit(number, column, "right") for number, column in zip(numbers, widths, strict=True)]
    return "  ".join([fit(title, remaining_width(width, widths)), *cells])


def _column_widths(width: int) -> list[int]:
    return [5, 5, 5, 5] if width < NARROW_WIDTH else [7, 7, 9, 9]


def _column_span(line: str, width: int, column: int) -> tuple[int, int]:
    """Return the span of a number in the line, counted from its end because titles may have wide characters."""
    widths = _column_widths(width)
    end = len(line) - sum(widths[column + 1 :]) - 2 * (3 - column)
    return end - widths[column], end
