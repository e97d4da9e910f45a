"""The app: opens everything behind the first paint, moves between screens, and leaves the terminal clean."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import BindingType

from quizapp.config import Locations, Settings
from quizapp.errors import PtquizError, SettingsError
from quizapp.tui.home import Home
from quizapp.tui.keys import bindings, keymap
from quizapp.tui.messages import Failed, Opened, Warm

if TYPE_CHECKING:
    from textual.screen import Screen

    from quizapp.decks.card import Card
    from quizapp.review.session import Summary
    from quizapp.tui.parts import Parts, Rooms

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class PtquizApp(App[None]):
    """Screens on a stack; Home is at the bottom."""

    TITLE = "ptquiz"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]

    def __init__(
        self,
        opening: Callable[[], Parts],
        settings: Settings,
        locations: Locations,
        clock: Callable[[], datetime],
        straight_to: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        self._opening = opening
        self.settings = settings
        self.locations = locations
        self.clock = clock
        self.parts: Parts | None = None
        self.tier = ""
        self.language = settings.language
        self._straight_to = straight_to
        self.theme = settings.theme if settings.theme in self.available_themes else "textual-dark"

    def get_default_screen(self) -> Screen[None]:
        return Home()

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                # Without a handler these leave the alternate screen and the mouse switched on.
                loop.add_signal_handler(number, self._leave, 128 + number)
        try:
            self.set_keymap(keymap(self.settings.keys))
        except SettingsError as error:
            self.notify(f"{error.message}\n{error.hint}", severity="error", markup=False)
        self.call_after_refresh(self._open)

    # Opening, behind the first paint

    @work(thread=True, group="open", description="open the decks")
    def _open(self) -> None:
        try:
            parts = self._opening()
            self.post_message(Opened(parts))
            self.post_message(Warm(parts.sandbox.wait(None)))
        except PtquizError as error:
            self.post_message(Failed(error.message, error.hint, "open" if self.parts is None else "warm"))

    @on(Opened)
    def opened(self, event: Opened) -> None:
        self.parts = event.parts
        for screen in self.screen_stack:
            screen.post_message(event)
        if self._straight_to is not None:
            self.study(decks=list(self._straight_to) or None)

    @on(Warm)
    def warm(self, event: Warm) -> None:
        self.tier = event.machine.tier
        for screen in self.screen_stack:
            screen.post_message(event)

    @on(Failed)
    def failed(self, event: Failed) -> None:
        for screen in self.screen_stack:
            screen.post_message(event)

    # Moving between screens

    def study(self, decks: list[str] | None = None, cards: list[str] | None = None) -> None:
        """Study these decks, these cards, or everything that is due."""
        if self.parts is None:
            self.notify("the decks are still being opened")
            return
        from quizapp.tui.desk import Desk
        from quizapp.tui.study import Study

        self.push_screen(Study(Desk(self.parts, self.settings, decks, cards)))

    def summary(self, summary: Summary) -> None:
        """Replace the study screen by what was done."""
        from quizapp.tui.summary import SummaryScreen

        self.switch_screen(SummaryScreen(summary, self.clock()))

    def in_language(self, card: Card) -> Card:
        """The card with the texts of the learner's language, where its deck has them."""
        from quizapp.decks.card import translate

        if not self.language or self.parts is None:
            return card
        texts = self.parts.library.deck(card.deck).translations.get(self.language, {})
        return translate(card, texts[card.id]) if card.id in texts else card

    # Leaving

    def action_quit_now(self) -> None:
        self._leave(0)

    async def action_quit(self) -> None:
        self._leave(0)

    def _leave(self, code: int) -> None:
        self.rescue()
        self.exit(return_code=code)

    def rescue(self) -> None:
        """Save whatever is typed and not yet saved."""
        for screen in self.screen_stack:
            if callable(save := getattr(screen, "rescue", None)):
                with suppress(PtquizError):
                    save()

    async def on_unmount(self) -> None:
        # Threads that wait for the sandbox would hold the process back.
        if self.parts is not None:
            await asyncio.to_thread(self.parts.close)


def run(rooms: Rooms, decks: Sequence[str] | None = None) -> int:
    """Show the screens until the learner leaves; gives the process's exit code.

    `decks` are studied at once (none of them: everything due); without it Home comes first.
    """

    def opening() -> Parts:
        from quizapp.tui.parts import open_parts

        return open_parts(rooms)

    app = PtquizApp(opening, rooms.settings, rooms.locations, rooms.clock, decks)
    app.run()
    return app.return_code or 0
