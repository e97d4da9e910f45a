"""Restyling is delayed within a batch, and done once."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.widgets import Static

from quizapp.tui.style_batch import StyleBatch
from tests.tui.harness import MakeHarness, card, deck, open_app


class Boxes(StyleBatch):
    """A box with a line of text."""

    CSS = ".-high { height: 3; } .-high Static { display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self.restyled: list[DOMNode] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static("line", id="line")

    def on_mount(self) -> None:
        update_nodes = self.stylesheet.update_nodes

        def record(nodes: Iterable[DOMNode], animate: bool = False) -> None:
            restyled = list(nodes)
            self.restyled += restyled
            update_nodes(restyled, animate)

        self.stylesheet.update_nodes = record  # type: ignore[method-assign]


async def test_a_batch_restyles_each_widget_once_at_its_end() -> None:
    app = Boxes()
    async with app.run_test():
        box, line = app.query_one("#box"), app.query_one("#line")
        app.restyled.clear()
        with app.batch_styles():
            line.add_class("-first")
            box.add_class("-high")
            with app.batch_styles():
                line.add_class("-second")
            assert (app.restyled, line.display) == ([], True)
        assert app.restyled == [box, line]
        assert (box.styles.height is not None and box.styles.height.value, line.display) == (3, False)


async def test_a_batch_that_fails_still_restyles() -> None:
    app = Boxes()
    async with app.run_test():
        with pytest.raises(ValueError, match="failed"), app.batch_styles():
            app.query_one("#box").add_class("-high")
            raise ValueError("failed")
        assert not app.query_one("#line").display


async def test_a_change_of_focus_does_not_restyle_the_whole_screen(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(deck(card("arrays/join"))), start_with=()) as (app, _):
        # Textual restyles the highest ancestor of the focused widget that a rule with `:focus-within` may apply to.
        assert not app.screen._has_focus_within
