"""Python code as coloured text, a deck's sentences with their code in them, and hostile text as plain text."""

from __future__ import annotations

import re

from textual.content import Content
from textual.highlight import highlight

from quizapp.text.printable import visible

MARKED = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*")

SOFT_BREAK = re.compile(r"(?<=\S)\n(?!\s|[-*+] |\d+\. )")
"""A line's end within a paragraph: the terminal's width breaks lines, not the deck's."""


def python(code: str) -> Content:
    """Code of a deck or an answer: highlighted, control characters made visible, never markup."""
    return highlight(visible(code.rstrip()), language="python")


def prose(text: str) -> Content:
    """A sentence of a deck: what stands between backticks or double stars is set off, without these signs."""
    shown, parts, last = SOFT_BREAK.sub(" ", visible(text.strip())), [], 0
    for found in MARKED.finditer(shown):
        code, strong = found.groups()
        style = "bold underline $text-accent" if code else "bold"
        parts += [Content(shown[last : found.start()]), Content.styled(code or strong, style)]
        last = found.end()
    return Content("").join([*parts, Content(shown[last:])])
