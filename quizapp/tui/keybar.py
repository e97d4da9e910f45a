"""The line of keys below every screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey


class KeyBar(Footer):
    """Help comes first: it stays in sight where the terminal is too narrow for all."""

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)

    def compose(self) -> ComposeResult:
        yield from sorted(super().compose(), key=lambda key: not (isinstance(key, FooterKey) and key.action == "help"))
