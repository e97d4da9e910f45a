"""The base class of the pages behind Home: top bar, body, key bar, and the key that goes back."""

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
    """A page that Escape or q closes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("page")]
    app: PtquizApp
    heading = ""
    """Shown in the top bar."""

    def compose(self) -> ComposeResult:
        yield TopBar(self.heading)
        yield from self.compose_body()
        yield KeyBar()

    def load(self, services: Services) -> None:
        """Load the page's data. Called when the services are open and each time that the page is shown again."""

    @on(ServicesOpened)
    def load_first(self, event: ServicesOpened) -> None:
        self.load(event.services)

    def on_screen_resume(self) -> None:
        if self.app.services is not None:
            self.load(self.app.services)

    def compose_body(self) -> Iterable[Widget]:
        """Yield the widgets between the top bar and the key bar."""
        raise NotImplementedError

    @on(SandboxReady)
    def show_tier(self, event: SandboxReady) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    @on(ActionFailed)
    def show_failure(self, event: ActionFailed) -> None:
        self.notify(event.lines, severity="error", markup=False)

    def action_leave(self) -> None:
        if isinstance(self.focused, Input):
            # Escape moves the focus out of a field before it closes the page.
            self.focus_next()
        else:
            self.dismiss()
