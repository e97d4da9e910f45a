"""What every page behind Home shares: the top line, the footer, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from quizapp.tui.keymap import bindings
from quizapp.tui.messages import ActionFailed, SandboxReady, ServicesOpened
from quizapp.tui.widgets.key_bar import KeyBar
from quizapp.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp


class BaseScreen(Screen[None]):
    """Escape or q goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("page")]
    app: PtquizApp
    place = ""

    def compose(self) -> ComposeResult:
        yield TopBar(self.place)
        yield from self.body()
        yield KeyBar()

    def fill(self, services: Services) -> None:
        """Show what is in the decks and the store, as soon as they are open and whenever the page is back in sight."""

    @on(ServicesOpened)
    def opened(self, event: ServicesOpened) -> None:
        self.fill(event.services)

    def on_screen_resume(self) -> None:
        if self.app.services is not None:
            self.fill(self.app.services)

    def body(self) -> Iterable[Widget]:
        """Everything between the top line and the footer."""
        raise NotImplementedError

    @on(SandboxReady)
    def warm(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    @on(ActionFailed)
    def failed(self, event: ActionFailed) -> None:
        self.notify(event.lines, severity="error", markup=False)

    def action_leave(self) -> None:
        if isinstance(self.focused, Input):
            # Escape leaves a field before it leaves the page.
            self.focus_next()
        else:
            self.dismiss()
