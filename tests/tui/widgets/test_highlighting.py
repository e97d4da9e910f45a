"""Deck texts as styled content."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.highlighting import render_prose, render_question
from tests.tui.harness import card


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a line\nand its rest", "a line and its rest"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("these:\n- a\n- b", "these:\n- a\n- b"),
        ("these:\n1. a\n2. b", "these:\n1. a\n2. b"),
        ("as in\n    x = 1\n", "as in\n    x = 1"),
        ("two `or\nthree` words", "two or three words"),
    ],
)
def test_soft_line_breaks_are_joined(source: str, expected: str) -> None:
    assert render_prose(source).plain == expected


def test_a_question_is_followed_by_the_rules_of_its_card() -> None:
    ruled = card("a/one", question="Sum `x`.", forbid=("while",), require=("lambda",))
    assert render_question(ruled).plain == "Sum x.\n\n- Not allowed: while\n- Required: lambda"
    assert render_question(card("a/two", question="Sum `x`.")).plain == "Sum x."


class MutedTextApp(App[None]):
    """A plain word beside a muted one."""

    def compose(self) -> ComposeResult:
        yield Static(Content("plain") + Content.styled("muted", MUTED))


def contrast(segment: Segment) -> int:
    """Return the difference of the red channels of text and background."""
    style = segment.style
    assert style is not None and style.color is not None and style.bgcolor is not None
    return abs(style.color.get_truecolor().red - style.bgcolor.get_truecolor().red)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_muted_text_has_less_contrast(theme: str) -> None:
    app = MutedTextApp()
    app.theme = theme
    async with app.run_test() as pilot:
        await pilot.pause()
        plain, muted, *_ = app.query_one(Static).render_line(0)
        assert contrast(muted) < contrast(plain)
