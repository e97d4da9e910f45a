"""Textual's text area without the key bindings that the study screen uses."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

RELEASED_KEYS = frozenset({"f6", "f7", "ctrl+a"})
"""Keys of Textual's text area with another meaning here."""


class PlainTextArea(TextArea, inherit_bindings=False):
    """A text area without a border."""

    DEFAULT_CSS = """
    PlainTextArea { border: none; padding: 0; height: 1fr; background: $surface; }
    PlainTextArea:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "select_all", show=False),
        *(
            Binding(binding.key, binding.action, show=False)
            for binding in Binding.make_bindings(TextArea.BINDINGS)
            if binding.key not in RELEASED_KEYS
        ),
    ]

    class Exited(Message):
        """Escape was pressed in the text area."""

    def action_of(self, event: events.Key) -> str | None:
        """Return the action that a key is bound to in this text area, with the learner's keys; None for text."""
        if event.is_printable and "+" not in event.key:
            return None
        active = self.screen.active_bindings.get(event.key)
        return active.binding.action if active is not None and active.node is self and active.enabled else None

    async def on_key(self, event: events.Key) -> None:
        """Run bound actions here, so that keys take effect in the order in which they were pressed.

        A binding is dispatched through the screen, and characters typed after it could be inserted first.
        """
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Exited())
        elif action := self.action_of(event):
            event.stop()
            event.prevent_default()
            await self.run_action(action)
        elif is_chord(event):
            # The text area would insert the letter of Alt with a letter.
            event.prevent_default()


def is_chord(event: events.Key) -> bool:
    """Return whether a key was pressed together with Alt or Ctrl, so that it is no text."""
    return event.key.startswith(("alt+", "ctrl+"))
