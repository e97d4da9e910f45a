"""What every page behind Home shares: the top line, the footer, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input

from quizapp.tui.keys import bindings
from quizapp.tui.messages import Failed, Warm
from quizapp.tui.topbar import TopBar

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp


class Page(Screen[None]):
    """Escape or q goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("page")]
    app: PtquizApp
    place = ""

    def compose(self) -> ComposeResult:
        yield TopBar(self.place)
        yield from self.body()
        yield Footer(compact=True, show_command_palette=False)

    def body(self) -> Iterable[Widget]:
        """Everything between the top line and the footer."""
        raise NotImplementedError

    @on(Warm)
    def warm(self, event: Warm) -> None:
        self.query_one(TopBar).tier = event.machine.tier

    @on(Failed)
    def failed(self, event: Failed) -> None:
        hint = f"\nhint: {event.hint}" if event.hint else ""
        self.notify(event.message + hint, severity="error", markup=False)

    def action_leave(self) -> None:
        if isinstance(self.focused, Input):
            # Escape leaves a field before it leaves the page.
            self.focus_next()
        else:
            self.dismiss()
