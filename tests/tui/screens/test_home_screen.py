"""Home: counts, search, starting a session, and problems with decks and sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from quizapp.errors import DeckError, Problem
from quizapp.services import Services
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import MakeHarness, card, deck, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness


async def test_one_key_opens_the_first_card(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("joining/one"))) as (app, pilot):
        assert "Welcome" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "joining · One" in text(app))


async def test_welcome_is_hidden_after_the_first_review(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness) as (app, _):
        assert "Welcome" not in text(app)
    harness.store.close()


@pytest.mark.slow
async def test_search_filters_while_typing_and_escape_clears_it(make_harness: MakeHarness) -> None:
    harness = make_harness(deck(card("a/x"), title="Alpha"), deck(card("b/x"), title="Beta"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("slash", *"bet")
        assert "Beta" in text(app) and "Alpha" not in text(app)
        await pilot.press("escape")
        assert "Beta" in text(app) and "Alpha" in text(app)
        await pilot.press("slash", *"zzz")
        assert "no decks match" in text(app)


@pytest.mark.slow
async def test_one_deck_is_studied(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "b · Two" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "Nothing is due" in text(app))


@pytest.mark.slow
async def test_click_selects_a_deck_and_a_second_click_starts(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with open_app(harness) as (app, pilot):
        rows = app.screen.query_one(VirtualList)
        await pilot.click(rows, offset=(3, 2))
        assert rows.cursor == 2
        await pilot.click(rows, offset=(3, 2))
        await until(pilot, lambda: "b · Two" in text(app))


@pytest.mark.slow
async def test_counts_are_updated_after_a_session(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "next card" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "1 done, 0 min today" in text(app))


async def test_unreadable_decks_are_reported_with_a_hint(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    problem = Problem("decks/a.yaml", 3, 1, "`promt` is not a field of a card", "did you mean `prompt`?")
    app = harness.app()

    def fail() -> Services:
        raise DeckError([problem])

    app._open_services = fail
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: "decks/a.yaml:3:1" in text(app))
        assert "did you mean `prompt`?" in text(app)


async def test_failed_sandbox_is_reported_and_decks_are_shown(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.sandbox.broken = "torch cannot be imported"
    async with open_app(harness, (100, 24)) as (app, pilot):
        await until(pilot, lambda: "torch cannot be imported" in text(app))
        assert "✗ none" in text(app)
        assert "run `ptquiz doctor`" in text(app)


async def test_columns_line_up_with_chinese_titles(make_harness: MakeHarness) -> None:
    harness = make_harness(deck(card("a/one"), title="张量的形状"), deck(card("b/two"), title="Latin"))
    async with open_app(harness) as (app, _):
        rows = [line for line in text(app).splitlines() if "张量" in line or "Latin" in line]
        assert cell_len(rows[0]) == cell_len(rows[1])


async def test_headings_line_up_with_columns_beside_a_scrollbar(make_harness: MakeHarness) -> None:
    harness = make_harness(*(deck(card(f"d{number}/one"), title=f"Deck {number}") for number in range(40)))
    async with open_app(harness, (100, 30)) as (app, pilot):
        await pilot.press("slash", *"39")
        await until(pilot, lambda: "Deck 12" not in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Deck 12" in text(app))
        head = next(line for line in text(app).splitlines() if "learned" in line)
        row = next(line for line in text(app).splitlines() if "Everything" in line)
        assert head.index("new") + len("new") == row.index("40") + len("40")


async def test_key_bar_is_shown_after_the_start(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await until(pilot, lambda: "f5 Start" in text(app) and "f1 Help" in text(app))


async def test_escape_does_not_quit(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("escape", "escape")
        assert not app._exit
        await pilot.press("q")
        assert app._exit
