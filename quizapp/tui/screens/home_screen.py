"""The first screen: today's cards, the decks with their progress, and the keys to every other screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input, Static

from quizapp.text.printable import visible
from quizapp.tui.keymap import bindings
from quizapp.tui.messages import (
    ActionDone,
    ActionFailed,
    CountsLoaded,
    LanguageChanged,
    SandboxReady,
    ServicesOpened,
    report_failure,
)
from quizapp.tui.screens.deck_rows import (
    EVERYTHING,
    DeckRow,
    GroupRow,
    deck_rows,
    detail,
    grouped,
    head,
    render_row,
)
from quizapp.tui.screens.today_panel import TodayPanel
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar
from quizapp.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp

__all__ = ["EVERYTHING", "HomeScreen"]

SHORT_HEIGHT = 24
"""Screen height below which there are no margins."""

TALL_HEIGHT = 32
"""Screen height from which the panel about today is taller."""

MORE_NEW = 10
"""New cards that one key press adds to today's limit."""


class HomeScreen(Screen[None]):
    """Today's cards above the list of decks; Enter studies the deck under the cursor."""

    # Textual does not load the `CSS` of a default screen.
    DEFAULT_CSS = """
    HomeScreen { layout: vertical; align-horizontal: center; }
    HomeScreen #search, HomeScreen #head, HomeScreen #decks, HomeScreen #detail, HomeScreen #note { max-width: 128; }
    HomeScreen TodayPanel { margin: 1 1 0 1; max-width: 132; }
    HomeScreen #search { margin: 1 3 0 3; height: 1; border: none; padding: 0 1; background: $surface; display: none; }
    HomeScreen #search.-open { display: block; }
    HomeScreen #head { margin: 1 3 0 3; height: 1; }
    HomeScreen #decks { margin: 0 3; height: 1fr; }
    HomeScreen #detail { margin: 0 3; height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    HomeScreen #note { margin: 0 3; height: auto; max-height: 4; color: $text-warning; display: none; }
    HomeScreen #note.-shown { display: block; }
    HomeScreen.-short TodayPanel { margin: 0; }
    HomeScreen.-short #search, HomeScreen.-short #head { margin: 0 2; }
    HomeScreen.-short #decks, HomeScreen.-short #detail, HomeScreen.-short #note { margin: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("home")]
    app: PtquizApp

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[DeckRow] = ()
        self._leeches = 0
        self._offers_more_new = False
        self._query = ""

    def compose(self) -> ComposeResult:
        yield TopBar("ptquiz")
        yield TodayPanel()
        yield Static("", id="head", markup=False)
        yield VirtualList[DeckRow | GroupRow](render_row, is_heading=_is_heading, id="decks")
        yield Static("", id="detail", markup=False)
        yield Static("", id="note", markup=False)

    def on_mount(self) -> None:
        self._decks.focus()
        # The scrollbar narrows the rows, but it appears only when they are laid out.
        self.watch(self._decks, "show_vertical_scrollbar", self._update_head, init=False)
        self.call_after_refresh(self._mount_later_widgets)

    @property
    def _decks(self) -> VirtualList[DeckRow | GroupRow]:
        return self.query_one("#decks", VirtualList)

    async def _mount_later_widgets(self) -> None:
        """Mount the widgets that are not needed for the first paint."""
        # The app may have been closed since the first paint.
        if not self.is_attached:
            return
        await self.mount(Input(placeholder="words of a deck's title or id", id="search", compact=True), before="#head")
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
        from quizapp.review.today import today

        with report_failure(self, "count"):
            settings, store, library = self.app.settings_of_today, services.store, services.library
            session, now = services.session(settings), services.clock()
            counts, left = session.counts(), today(store, settings, session.days, now, library.card)
            day = session.days.day(now)
            decks = [deck.in_language(settings.language) for deck in library.decks]
            names = store.queue.next_new(day), store.queue.locks(day)
            leeches = len(store.cards.leeches(settings.leech_lapses))
            self.post_message(CountsLoaded(deck_rows(decks, counts, left, *names, library.card), left, leeches))

    @on(CountsLoaded)
    def show_counts(self, event: CountsLoaded) -> None:
        has_decks = len(event.rows) > 1
        self._rows, self._leeches = event.rows if has_decks else (), event.leeches
        self._offers_more_new = event.today.offers_more_new
        is_first = not event.today.reviews and not any(row.learned for row in event.rows)
        self.query_one(TodayPanel).show(event.today, self.app.clock(), is_first=is_first, has_decks=has_decks)
        self._filter()
        self.refresh_bindings()

    @on(LanguageChanged)
    def show_language(self) -> None:
        self.action_refresh()

    @on(Input.Changed, "#search")
    def filter_decks(self, event: Input.Changed) -> None:
        self._query = event.value
        self._filter()

    @on(Input.Submitted, "#search")
    def focus_decks(self) -> None:
        self._decks.focus()

    def _filter(self) -> None:
        """Show the decks that match the search, and keep the cursor on its deck."""
        decks, before = self._decks, self._decks.current
        rows = grouped([row for row in self._rows if row.matches(self._query)])
        slugs = [row.slug if isinstance(row, DeckRow) else None for row in rows]
        is_kept = isinstance(before, DeckRow) and before.slug in slugs
        decks.show(rows, slugs.index(before.slug) if is_kept and isinstance(before, DeckRow) else 0)
        self._update_head()
        self.show_current()

    def _update_head(self) -> None:
        if self._rows:
            title = "deck" if self._decks.items else f"no deck matches `{self._query}`: esc shows all"
            width = self._decks.scrollable_content_region.width
            self.query_one("#head", Static).update(head(width, visible(title)))

    @on(VirtualList.Highlighted)
    def show_current(self) -> None:
        """Show what Enter starts, and what comes next in the deck under the cursor."""
        row = self._decks.current
        self.query_one(TodayPanel).set_target(row.title if isinstance(row, DeckRow) and row.slug else "")
        self.query_one("#detail", Static).update(detail(row, self._leeches) if isinstance(row, DeckRow) else "")

    def on_resize(self) -> None:
        self.set_class(self.size.height < SHORT_HEIGHT, "-short")
        self.query_one(TodayPanel).set_class(self.size.height >= TALL_HEIGHT, "-tall")
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
        note = self.query_one("#note", Static)
        note.update(visible(text))
        note.add_class("-shown")

    @on(VirtualList.Selected)
    @on(TodayPanel.StartClicked)
    def study_selected(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        row = self._decks.current
        if isinstance(row, DeckRow):
            self.app.study(decks=[row.slug] if row.slug else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._offers_more_new if action == "more_new" else super().check_action(action, parameters)

    def action_more_new(self) -> None:
        """Raise today's limit of new cards, until the day ends."""
        self.app.add_new_cards(MORE_NEW)
        self.action_refresh()

    def action_search(self) -> None:
        # The field is mounted after the first paint.
        for field in self.query("#search"):
            field.add_class("-open")
            field.focus()

    def action_refresh(self) -> None:
        if self.app.services is not None:
            self.load_counts(self.app.services)
        else:
            self.app.retry_open()

    def action_undo(self) -> None:
        self._act("undo")

    def action_redo(self) -> None:
        self._act("redo")

    def _act(self, action: str) -> None:
        if self.app.services is not None:
            self._change_log(self.app.services, action)

    @work(thread=True, exclusive=True, group="undo", description="undo or redo a rating")
    def _change_log(self, services: Services, action: str) -> None:
        from quizapp.tui.study.study_controller import history_message

        with report_failure(self, action):
            session = services.session(self.app.settings)
            entry = session.undo() if action == "undo" else session.redo()
            self.post_message(ActionDone(action, history_message(action, entry)))

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
        """Close the search. Escape does not quit, because it closes other screens and may be pressed once too often."""
        for field in self.query("#search").results(Input):
            field.value = ""
            field.remove_class("-open")
        self._decks.focus()


def _is_heading(row: DeckRow | GroupRow) -> bool:
    return isinstance(row, GroupRow)
