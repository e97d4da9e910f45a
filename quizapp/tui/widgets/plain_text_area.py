"""Textual's text area without the keys that the study screen needs."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

TAKEN = frozenset({"f6", "f7"})
"""The text area selects with them; shift and the arrows do so too."""


class PlainTextArea(TextArea, inherit_bindings=False):
    """A text area that lies flat in its pane."""

    DEFAULT_CSS = """
    PlainTextArea { border: none; padding: 0; height: 1fr; background: $surface; }
    PlainTextArea:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in TAKEN)
    ]

    class Left(Message):
        """Escape: the learner's hands leave the text."""

    async def _on_key(self, event: events.Key) -> None:
        """Keys work in the order in which they come.

        A key with a binding would travel to the screen and back first, and what is typed after it overtake it.
        """
        action = OWN.get(event.key)
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())
        elif action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)
        else:
            await super()._on_key(event)


OWN = {binding.key: binding.action for binding in Binding.make_bindings(PlainTextArea.BINDINGS)}
"""What the text area does with a key that is no text."""
