"""The settings page: editing, validating and saving settings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from quizapp.settings import Settings, read_settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.screens.setting_rows import TEXTS, Setting, describe, setting_rows
from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import MakeHarness, card, open_app, text, until


async def go_to(app: PtquizApp, pilot: Pilot[None], key: str) -> None:
    """Open the settings page and move the cursor to a setting."""
    await pilot.press("comma")
    await until(pilot, lambda: "Appearance" in text(app))
    rows = app.screen.query_one(VirtualList)
    rows.cursor = next(n for n, row in enumerate(rows.items) if isinstance(row, Setting) and row.key == key)
    await pilot.pause()


def test_every_setting_has_a_row() -> None:
    assert set(TEXTS) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize(
    ("key", "by", "value"),
    [
        ("order", 1, "retrievability"),
        ("order", -1, "deck"),
        ("soft_wrap", 1, True),
        ("new_per_day", 1, 11),
        ("desired_retention", -1, 0.89),
        ("learning_steps", 1, None),
    ],
)
def test_next_value_of_a_setting(key: str, by: int, value: Any) -> None:
    rows = [row for row in setting_rows(Settings(), ("dark", "light")) if isinstance(row, Setting)]
    (setting,) = [row for row in rows if row.key == key]
    assert setting.stepped(by) == value


def test_description_says_the_name_in_the_file_and_the_default() -> None:
    assert describe(Setting("keys", {}, {})).endswith("\nkeys · default: empty")
    assert describe(Setting("new_per_day", 5, 10)).endswith("\nnew_per_day · default: 10")


@pytest.mark.slow
async def test_setting_is_saved_and_comments_in_the_file_are_kept(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.locations.settings.parent.mkdir(exist_ok=True)
    harness.locations.settings.write_text('# mine\nnew_per_day = 5  # few\norder = "deck"\n', encoding="utf-8")
    harness.settings = read_settings(harness.locations.settings)
    async with open_app(harness) as (app, pilot):
        await go_to(app, pilot, "new_per_day")
        await pilot.press("enter", "backspace", *"20", "enter")
        await until(pilot, lambda: app.settings.new_per_day == 20)
        written = harness.locations.settings.read_text(encoding="utf-8")
        assert written == '# mine\nnew_per_day = 20  # few\norder = "deck"\n'


@pytest.mark.slow
async def test_numbers_are_changed_by_plus_and_minus_or_typed(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await go_to(app, pilot, "new_per_day")
        await pilot.press("plus", "plus", "minus")
        await until(pilot, lambda: app.settings.new_per_day == 11)
        await pilot.press("4", "2", "enter")
        await until(pilot, lambda: app.settings.new_per_day == 42)
        await pilot.press("delete")
        await until(pilot, lambda: app.settings.new_per_day == 10)


@pytest.mark.slow
async def test_choices_are_changed_by_the_arrow_keys(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await go_to(app, pilot, "key_set")
        await pilot.press("right")
        await until(pilot, lambda: app.settings.key_set == "vscode" and "‹ vscode ›" in text(app))
        await pilot.press("left", "left")
        await until(pilot, lambda: app.settings.key_set == "vim")


@pytest.mark.slow
async def test_text_is_edited_in_the_row(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await go_to(app, pilot, "learning_steps")
        rows = app.screen.query_one(VirtualList)
        await pilot.press("enter")
        field = app.screen.query_one(Input)
        assert field.region.y == rows.region.y + rows.cursor - rows.scroll_offset.y
        await pilot.press("escape")
        assert not field.has_class("-open") and app.focused is rows


@pytest.mark.slow
async def test_missing_deck_path_is_reported_while_typing_and_after_saving(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await go_to(app, pilot, "decks")
        await until(pilot, lambda: "Deck files and folders" in text(app))
        await pilot.press("enter", *"/no/such")
        await until(pilot, lambda: "! not found: /no/such" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "saved, but not found: /no/such" in text(app))
        assert app.settings.decks == ("/no/such",)
        await pilot.press("enter", "ctrl+u", *str(harness.folder))
        await until(pilot, lambda: "✓ Deck files and folders" in text(app))


@pytest.mark.slow
async def test_invalid_value_is_reported_while_typing_and_not_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await go_to(app, pilot, "desired_retention")
        await pilot.press("enter", *["backspace"] * 3, *"2")
        await until(pilot, lambda: "write a number from 0.7 to 0.99" in text(app))
        await pilot.press("enter")
        assert not harness.locations.settings.exists()
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))


async def test_theme_is_applied_immediately_and_saved(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        before = app.theme
        await go_to(app, pilot, "theme")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme != before)
        assert read_settings(harness.locations.settings).theme == app.theme
