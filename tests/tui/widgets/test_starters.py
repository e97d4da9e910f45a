"""Every shipped starter opens at the start of its text, in the narrowest panes of usual terminals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll

from quizapp.decks.card import CardKind
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks
from quizapp.tui.widgets.editor import CodeEditor


class StartersApp(App[None]):
    """An app with an editor for each starter."""

    def __init__(self, starters: Sequence[str], width: int, height: int) -> None:
        super().__init__()
        self._starters, self._width, self._height = starters, width, height

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            for starter in self._starters:
                editor = CodeEditor(starter)
                editor.styles.width, editor.styles.height = self._width, self._height
                yield editor

    def on_mount(self) -> None:
        for editor in self.query(CodeEditor):
            editor.select_placeholder()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(78, 9), (48, 20), (40, 5)])
async def test_every_starter_opens_at_its_start(width: int, height: int) -> None:
    decks, _ = read_decks(sorted(shipped().glob("*.yaml")))
    cards = [card for deck in decks for card in deck.cards if card.kind is CardKind.CODE]
    app = StartersApp(sorted({card.starter for card in cards}), width, height)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        editors = list(app.query(CodeEditor))
        assert len(editors) > 100
        assert [editor.text for editor in editors if editor.scroll_offset != (0, 0)] == []
