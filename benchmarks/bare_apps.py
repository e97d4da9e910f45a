"""Apps of bare Textual widgets that paint what a screen of ptquiz paints, as baselines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.highlight import highlight
from textual.screen import Screen
from textual.widgets import Button, Input, Markdown, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from quizapp.decks.card import Card


class BareCards(App[None]):
    """A title, a question, given code and an editor; the key `3` replaces all of them by the next card's."""

    CSS = """
    Horizontal { height: 1fr; }
    #left, TextArea { width: 1fr; }
    Markdown, Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("3", "next", "Next")]

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self.cards, self.index = cards, 0

    def compose(self) -> ComposeResult:
        first = self.cards[0]
        with Horizontal():
            with VerticalScroll(id="left", can_focus=False):
                yield Static(first.title, markup=False)
                yield Markdown(first.question)
                yield Static(highlight(first.given, language="python"), id="given")
            yield TextArea(first.starter, language="python", show_line_numbers=True)
        yield Button("3 Good", compact=True)

    async def action_next(self) -> None:
        self.index += 1
        card = self.cards[self.index]
        with self.batch_update():
            self.query_one(Static).update(Content(card.title))
            await self.query_one(Markdown).update(card.question)
            self.query_one("#given", Static).update(highlight(card.given, language="python"))
            self.query_one(TextArea).text = card.starter
            self.query_one(TextArea).focus()


class BareList(App[None]):
    """An input, a line with the count, a list and a preview: the body of Browse."""

    CSS = """
    #list { width: 3fr; height: 1fr; }
    #preview { width: 2fr; }
    #card { height: auto; }
    """

    def __init__(self, rows: Sequence[str], previews: Sequence[Content]) -> None:
        super().__init__()
        self.rows, self.previews = rows, previews
        self.found: Sequence[int] = range(len(rows))

    def compose(self) -> ComposeResult:
        yield Input(id="filter", compact=True)
        yield Static("", id="found", markup=False)
        with Horizontal():
            yield OptionList(*self._options(), id="list", markup=False, compact=True)
            with VerticalScroll(id="preview"):
                yield Static("", id="card", markup=False)

    def _options(self) -> list[Option]:
        return [Option(self.rows[index]) for index in self.found]

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one("#card", Static).update(self.previews[self.found[event.option_index]])

    def on_input_changed(self, event: Input.Changed) -> None:
        self.found = [index for index, row in enumerate(self.rows) if event.value.casefold() in row.casefold()]
        self.query_one("#found", Static).update(f"{len(self.found)} of {len(self.rows)}")
        self.query_one(OptionList).set_options(self._options())
        if self.found:
            self.query_one(OptionList).highlighted = 0


class TextScreen(Screen[None]):
    """A page with one text."""

    def __init__(self, text: Sequence[Content]) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            for part in self.text:
                yield Static(part, markup=False)
