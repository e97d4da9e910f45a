"""Textual's text area without the keys that the study screen needs."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

TAKEN = frozenset({"f6", "f7"})
"""The text area selects with them; shift and the arrows do so too."""


class TextBox(TextArea, inherit_bindings=False):
    """A text area that lies flat in its pane."""

    DEFAULT_CSS = """
    TextBox { border: none; padding: 0; height: 1fr; background: $surface; }
    TextBox:focus { border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in TAKEN)
    ]
