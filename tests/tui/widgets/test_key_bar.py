"""The key bar: active keys, help first, and clicks."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from textual.events import AppBlur

from quizapp.tui.screens.help_screen import HelpScreen
from quizapp.tui.widgets.key_bar import KeyBar
from tests.tui.harness import MakeHarness, card, open_app, text, until


async def test_click_presses_the_key(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.hover(KeyBar, offset=(1, 0))
        assert app.screen.query_one(KeyBar).hovered_key == "f1"
        await pilot.click(KeyBar, offset=(1, 0))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_only_active_keys_are_shown(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), start_with=()) as (app, pilot):
        assert "^o Hint" in text(app)
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "^o Hint" not in text(app).splitlines()[-1])
        assert "^n Next" in text(app)


async def test_help_is_visible_in_a_narrow_terminal(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), (40, 20), start_with=()) as (app, _):
        assert text(app).splitlines()[-1].startswith("f1 Help")


async def test_bar_is_redrawn_only_when_keys_change(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed = Mock()
    async with open_app(make_harness(card("a/one")), start_with=()) as (app, pilot):
        bar = app.screen.query_one(KeyBar)
        monkeypatch.setattr(bar, "refresh", refreshed)
        app.screen.refresh_bindings()
        await pilot.pause()
        refreshed.assert_not_called()
        await pilot.press("f7", "f7")
        await until(pilot, lambda: refreshed.called)


async def test_bar_is_unchanged_while_the_terminal_is_not_focused(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("slash")
        await until(pilot, lambda: "f5 Start" in text(app).splitlines()[-1])
        before = text(app).splitlines()[-1]
        app.post_message(AppBlur())
        await until(pilot, lambda: not app.app_focus)
        assert text(app).splitlines()[-1] == before
