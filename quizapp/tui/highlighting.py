"""Python code as coloured text, and hostile text as plain text."""

from __future__ import annotations

from textual.content import Content
from textual.highlight import highlight

from quizapp.sandbox.printable import visible


def python(code: str) -> Content:
    """Code of a deck or an answer: highlighted, control characters made visible, never markup."""
    return highlight(visible(code.rstrip()), language="python")
