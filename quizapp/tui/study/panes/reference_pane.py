"""The reference, shown after a pass or a give-up."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from quizapp.decks.card import Card, CardKind
from quizapp.text.printable import visible
from quizapp.tui.study.panes.diff import render_diff
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.highlighting import highlight_python, render_prose

CLOSED = "The reference is shown after a correct answer, or when you give up (F7)."


class ReferencePane(VerticalScroll):
    """A pane with the note, a diff of answer and reference, and every hint. It is closed until the card is done."""

    DEFAULT_CSS: ClassVar[str] = """
    ReferencePane { padding: 0 1; }
    ReferencePane > Static, ReferencePane > Markdown { height: auto; margin: 0 0 1 0; }
    ReferencePane Markdown { padding: 0; background: transparent; }
    ReferencePane .label { text-style: bold; margin: 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="reference")
        self.border_title = "Reference"

    def compose(self) -> ComposeResult:
        yield Static(CLOSED, classes="content", markup=False)

    async def close(self) -> None:
        """Hide the reference."""
        await self._fill([Static(CLOSED, classes="content", markup=False)])

    async def open(self, card: Card, answer: str, truth: str) -> None:
        """Show the reference of `card`. `truth` is the value of a predict card's expression; others ignore it."""
        parts: list[Static | Markdown] = []
        if card.note.strip():
            parts += [_label("To remember"), Markdown(visible(card.note), open_links=False, classes="content")]
        parts += [_label(_title(card)), Static(_reference(card, answer, truth), classes="content")]
        if card.hints:
            hints = (Content(f"{number}. ") + render_prose(hint) for number, hint in enumerate(card.hints, 1))
            parts += [_label("Hints"), Static(Content("\n").join(hints), classes="content")]
        await self._fill(parts)

    async def _fill(self, parts: list[Static | Markdown]) -> None:
        async with self.batch():
            await self.query("*").remove()
            await self.mount_all(parts)
        self.scroll_home(animate=False)


def _label(text: str) -> Static:
    return Static(text, classes="label", markup=False)


def _title(card: Card) -> str:
    return "- your answer   + reference" if card.kind in (CardKind.CODE, CardKind.ORDER) else "The correct answer"


def _reference(card: Card, answer: str, truth: str) -> Content:
    if card.kind is CardKind.CHOICE:
        return Content("\n").join(_choice(choice.text, choice.right, choice.says) for choice in card.choices)
    if card.kind is CardKind.PREDICT:
        gives = "\n".join(f"  {line}" for line in visible(truth.strip()).splitlines())
        return highlight_python(f"{card.given}\n{card.checks[0].see}") + Content(f"\n\ngives\n{gives}")
    return render_diff(answer, card.solution)


def _choice(text: str, right: bool, says: str | None) -> Content:
    symbol, style = ("✓", "$text-success") if right else ("✗", "$text-error")
    content = Content.styled(f"{symbol} ", style) + render_prose(text)
    return content + "\n    " + render_prose(says).stylize_before(MUTED) if says else content
