"""The line of keys: what works now, help first, and a click is a key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import AppBlur

from quizapp.tui.screens.help_screen import HelpScreen
from quizapp.tui.widgets.key_bar import KeyBar
from tests.tui.harness import Harness, card, opened, text, until

MakeHarness = Callable[..., Harness]


async def test_a_click_is_a_key(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await pilot.hover(KeyBar, offset=(1, 0))
        assert app.screen.query_one(KeyBar).pointed == "f1"
        await pilot.click(KeyBar, offset=(1, 0))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_what_works_now_is_offered(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one")), start_with=()) as (app, pilot):
        assert "f2 Hint" in text(app)
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "f2 Hint" not in text(app).splitlines()[-1])
        assert "f8 Next" in text(app)


async def test_help_is_in_sight_in_a_narrow_terminal(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one")), (40, 20), start_with=()) as (app, _):
        assert text(app).splitlines()[-1].startswith("f1 Help")


async def test_it_is_drawn_again_only_where_other_keys_work(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[KeyBar] = []
    async with opened(make_harness(card("a/one")), start_with=()) as (app, pilot):
        bar = app.screen.query_one(KeyBar)
        monkeypatch.setattr(bar, "refresh", lambda *how, **more: drawn.append(bar) or bar)
        app.screen.refresh_bindings()
        await pilot.pause()
        assert drawn == []
        await pilot.press("f7", "f7")
        await until(pilot, lambda: drawn)


async def test_it_stays_as_it_is_while_another_window_has_the_keyboard(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("slash")
        await until(pilot, lambda: "f5 Start" in text(app).splitlines()[-1])
        before = text(app).splitlines()[-1]
        app.post_message(AppBlur())
        await until(pilot, lambda: not app.app_focus)
        assert text(app).splitlines()[-1] == before
