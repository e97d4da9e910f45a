"""Sentences of decks as the panes draw them."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.highlighting import prose


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a line\nand its rest", "a line and its rest"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("these:\n- a\n- b", "these:\n- a\n- b"),
        ("these:\n1. a\n2. b", "these:\n1. a\n2. b"),
        ("as in\n    x = 1\n", "as in\n    x = 1"),
        ("two `or\nthree` words", "two or three words"),
    ],
)
def test_lines_are_broken_by_the_terminal_and_not_by_the_deck(written: str, shown: str) -> None:
    assert prose(written).plain == shown


class Two(App[None]):
    """A word that is read last beside one that is not."""

    def compose(self) -> ComposeResult:
        yield Static(Content("plain") + Content.styled("muted", MUTED))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_muted_words_stand_out_less_than_plain_ones(theme: str) -> None:
    app = Two()
    app.theme = theme
    async with app.run_test() as pilot:
        await pilot.pause()
        plain, muted, *_ = app.query_one(Static).render_line(0)
        grounds = [segment.style.bgcolor.triplet.red for segment in (plain, muted)]
        inks = [segment.style.color.triplet.red for segment in (plain, muted)]
        far, near = (abs(ink - ground) for ink, ground in zip(inks, grounds, strict=True))
        assert near < far
