"""Deck texts and Python code as styled content. Control characters of hostile text are shown as escapes."""

from __future__ import annotations

import re

from textual.content import Content
from textual.highlight import highlight

from quizapp.decks.card import Card
from quizapp.text.printable import visible
from quizapp.text.rule_lines import rule_list

MARKUP = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*")

SOFT_BREAK = re.compile(r"(?<=\S)\n(?!\s|[-*+] |\d+\. )")
"""A line break inside a paragraph, which is joined: lines wrap at the terminal's width, not at the deck file's."""


def highlight_python(code: str) -> Content:
    """Return highlighted code. Control characters are escaped and console markup is not interpreted."""
    return highlight(visible(code.rstrip()), language="python")


def render_prose(text: str) -> Content:
    """Return a deck's text with `code` and **strong** words styled and their delimiters removed."""
    joined, parts, last = SOFT_BREAK.sub(" ", visible(text.strip())), [], 0
    for match in MARKUP.finditer(joined):
        code, strong = match.groups()
        style = "bold underline $text-accent" if code else "bold"
        parts += [Content(joined[last : match.start()]), Content.styled(code or strong, style)]
        last = match.end()
    return Content("").join([*parts, Content(joined[last:])])


def render_question(card: Card) -> Content:
    """Return the question of a card, and the rules for its answers below it."""
    return Content("\n\n").join(map(render_prose, filter(None, (card.question, rule_list(card)))))
