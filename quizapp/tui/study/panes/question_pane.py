"""The question of a card, and all that the learner may see before answering."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Collapsible, Markdown, Static

from quizapp.decks.card import Card, CardKind
from quizapp.text.printable import visible
from quizapp.tui.widgets.highlighting import prose, python


class QuestionPane(VerticalScroll):
    """Markdown, the given code, the folded preamble, and the hints taken so far."""

    DEFAULT_CSS: ClassVar[str] = """
    QuestionPane { padding: 0 1; }
    QuestionPane Markdown { padding: 0; margin: 0; background: transparent; }
    QuestionPane Markdown > * { margin: 0 0 1 0; }
    QuestionPane .title { text-style: bold; margin: 0 0 1 0; }
    QuestionPane .label { color: $text-muted; }
    QuestionPane .code { background: $surface; padding: 0 1; margin: 0 0 1 0; }
    QuestionPane .hint { border-left: thick $accent; padding: 0 1; margin: 0 0 1 0; }
    QuestionPane Collapsible { border: none; padding: 0; margin: 0; background: transparent; }
    QuestionPane Collapsible > Contents { padding: 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="question")
        self.border_title = "Question"

    def compose(self) -> ComposeResult:
        yield Static("", classes="title", markup=False)
        yield Markdown("", open_links=False)

    async def load(self, card: Card) -> None:
        """Show another card."""
        async with self.batch():
            await self.query(".extra").remove()
            self.query_one(".title", Static).update(Content(visible(card.title or card.id)))
            await self.query_one(Markdown).update(visible(card.question))
            await self.mount_all(_extras(card))
        # After whatever still waits to scroll to a hint of the card before.
        self.call_after_refresh(self.scroll_home, animate=False)

    async def hint(self, number: int, of: int, text: str) -> None:
        """Add one step of the ladder, and show it."""
        label = Content.styled(f"Hint {number} of {of}\n", "bold")
        widget = Static(label + prose(text), classes="hint extra")
        await self.mount(widget)
        widget.scroll_visible(animate=False)


def _extras(card: Card) -> list[Static | Collapsible]:
    found: list[Static | Collapsible] = []
    if card.given.strip():
        label = "This is run" if card.kind is CardKind.PREDICT else "Given: runs before your code"
        found += [Static(label, classes="label extra", markup=False), Static(python(card.given), classes="code extra")]
    if card.preamble.strip() and card.kind is not CardKind.CHOICE:
        code = Static(python(card.preamble), classes="code")
        found.append(Collapsible(code, title="Preamble", collapsed=True, classes="extra"))
    return found
