"""The question of a card, with everything that is visible before the card is answered."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Collapsible, Markdown, Static

from quizapp.decks.card import Card, CardKind
from quizapp.text.printable import visible
from quizapp.text.rule_lines import rule_list
from quizapp.tui.widgets.highlighting import highlight_python, render_prose


class QuestionPane(VerticalScroll):
    """A pane with the question, the rules, the given code, the folded preamble, and the hints taken so far."""

    DEFAULT_CSS: ClassVar[str] = """
    QuestionPane { padding: 0 1; }
    QuestionPane Markdown { padding: 0; margin: 0; background: transparent; }
    QuestionPane MarkdownBlock > .code_inline { color: $text-accent; background: $surface; }
    QuestionPane Markdown > MarkdownBlock { margin: 0 0 1 0; }
    QuestionPane .title { text-style: bold; margin: 0 0 1 0; }
    QuestionPane .rules { border-left: thick $border-blurred; padding: 0 1 0 0; margin: 0 0 1 0; color: $text-muted; }
    QuestionPane .rules > MarkdownBlock { margin: 0; }
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

    async def show(self, card: Card, hints_taken: int = 0) -> None:
        """Show a card, with the first hints."""
        async with self.batch():
            await self.query(".extra").remove()
            self.query_one(".title", Static).update(Content(visible(card.title or card.id)))
            await self.query_one(Markdown).update(visible(card.question))
            await self.mount_all(_extras(card))
        # A hint of the previous card may still be waiting to scroll into view.
        self.call_after_refresh(self.scroll_home, animate=False)
        for number in range(1, min(hints_taken, len(card.hints)) + 1):
            await self.show_hint(card, number)

    async def show_hint(self, card: Card, number: int) -> None:
        """Add a hint, counted from 1, and scroll to it."""
        label = Content.styled(f"Hint {number} of {len(card.hints)}\n", "bold")
        widget = Static(label + render_prose(card.hints[number - 1]), classes="hint extra")
        await self.mount(widget)
        widget.scroll_visible(animate=False)


def _extras(card: Card) -> list[Widget]:
    extras: list[Widget] = []
    if rules := rule_list(card):
        extras.append(Markdown(visible(rules), open_links=False, classes="rules extra"))
    if card.given.strip():
        label = "This code runs" if card.kind is CardKind.PREDICT else "Given: runs before your code"
        extras.append(Static(label, classes="label extra", markup=False))
        extras.append(Static(highlight_python(card.given), classes="code extra"))
    if card.preamble.strip() and card.kind is not CardKind.CHOICE:
        code = Static(highlight_python(card.preamble), classes="code")
        extras.append(Collapsible(code, title="Preamble", collapsed=True, classes="extra"))
    return extras
