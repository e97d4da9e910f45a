"""The settings page: editing, validating and saving settings."""

from __future__ import annotations

import pytest

from quizapp.settings import read_settings
from tests.tui.harness import MakeHarness, card, open_app, text, until


@pytest.mark.slow
async def test_setting_is_saved_and_comments_in_the_file_are_kept(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.locations.settings.parent.mkdir(exist_ok=True)
    harness.locations.settings.write_text('# mine\nnew_per_day = 5  # few\norder = "deck"\n', encoding="utf-8")
    harness.settings = read_settings(harness.locations.settings)
    async with open_app(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "new_per_day" in text(app))
        await pilot.press(*["down"] * 10, "enter")
        await pilot.press("backspace", *"20", "enter")
        await until(pilot, lambda: app.settings.new_per_day == 20)
        written = harness.locations.settings.read_text(encoding="utf-8")
        assert written == '# mine\nnew_per_day = 20  # few\norder = "deck"\n'


@pytest.mark.slow
async def test_missing_deck_path_is_reported_while_typing_and_after_saving(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "deck files and folders" in text(app))
        await pilot.press("enter", *"/no/such")
        await until(pilot, lambda: "! not found: /no/such" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "saved, but not found: /no/such" in text(app))
        assert app.settings.decks == ("/no/such",)
        await pilot.press("enter", "ctrl+u", *str(harness.folder))
        await until(pilot, lambda: "✓ deck files and folders" in text(app))


@pytest.mark.slow
async def test_invalid_value_is_reported_while_typing_and_not_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: "desired_retention" in text(app))
        await pilot.press(*["down"] * 4, "enter", *["backspace"] * 3, *"2")
        await until(pilot, lambda: "write a number from 0.7 to 0.99" in text(app))
        await pilot.press("enter")
        assert not harness.locations.settings.exists()
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))


async def test_theme_is_applied_immediately_and_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        before = app.theme
        await pilot.press("comma")
        await until(pilot, lambda: "theme" in text(app))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: app.theme != before)
        assert read_settings(harness.locations.settings).theme == app.theme
