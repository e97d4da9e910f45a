"""The overlay with the documentation of a name."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.documentation import Documentation
from quizapp.tui.widgets.highlighting import highlight_python

NOTHING = "It has no documentation."


class DocumentationOverlay(ModalScreen[None]):
    """A scrollable box over the study screen; Escape closes it."""

    DEFAULT_CSS = """
    DocumentationOverlay { align: center middle; background: $background 60%; }
    DocumentationOverlay VerticalScroll {
        width: 90%; max-width: 96; height: auto; max-height: 80%; padding: 1 2; background: $surface;
        border: round $accent; border-subtitle-color: $text-muted;
    }
    DocumentationOverlay Static { height: auto; margin: 0 0 1 0; }
    DocumentationOverlay Static.last { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f12", "dismiss", "Close")]

    def __init__(self, documentation: Documentation) -> None:
        super().__init__()
        self._documentation = documentation

    def compose(self) -> ComposeResult:
        shown = self._documentation
        with VerticalScroll() as box:
            box.border_title = Content(shown.name)
            box.border_subtitle = "Esc closes"
            if shown.signature:
                yield Static(highlight_python(f"{shown.name}{shown.signature}"))
            else:
                yield Static(Content.styled(f"a value of the class {shown.kind}", MUTED))
            if shown.address:
                yield Static(Content.styled(shown.address, "$text-accent"))
            yield Static(shown.text or NOTHING, classes="last", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
