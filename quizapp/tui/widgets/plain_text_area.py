"""Textual's text area without the key bindings that the study screen uses."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

RELEASED_KEYS = frozenset({"f6", "f7"})
"""Keys that select text in Textual's text area; shift with the arrows still does."""


class PlainTextArea(TextArea, inherit_bindings=False):
    """A text area without a border."""

    DEFAULT_CSS = """
    PlainTextArea { border: none; padding: 0; height: 1fr; background: $surface; }
    PlainTextArea:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in RELEASED_KEYS)
    ]

    class Exited(Message):
        """Escape was pressed in the text area."""

    async def on_key(self, event: events.Key) -> None:
        """Run bound actions here, so that keys take effect in the order in which they were pressed.

        A binding is dispatched through the screen, and characters typed after it could be inserted first.
        """
        action = KEY_ACTIONS.get(event.key)
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Exited())
        elif action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)


KEY_ACTIONS = {binding.key: binding.action for binding in Binding.make_bindings(PlainTextArea.BINDINGS)}
"""Key -> action of the text area's own bindings."""
