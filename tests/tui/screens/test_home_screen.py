"""Home: counts, search, starting a session, and problems with decks and sandbox."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from rich.cells import cell_len

from quizapp.errors import DeckError, Problem
from quizapp.review.memory import Rating
from quizapp.services import Services
from quizapp.tui.screens.deck_rows import DeckRow, GroupRow
from quizapp.tui.screens.today_panel import TodayPanel
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import TIMEOUT, MakeHarness, card, deck, open_app, text, until
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
        assert "no deck matches `zzz`" in text(app)


@pytest.mark.slow
async def test_one_deck_is_studied(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "b · Two" in text(app))


@pytest.mark.slow
async def test_start_names_the_deck_under_the_cursor_and_can_be_clicked(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("down", "down")
        assert "▶ Start  B" in text(app)
        await pilot.click(TodayPanel, offset=(5, 4))
        await until(pilot, lambda: "b · Two" in text(app))


async def test_progress_locks_and_the_next_new_card_are_shown(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two", after=("a/one",)), card("b/three", after=("b/two",)))
    async with open_app(harness, (100, 30)) as (app, pilot):
        assert "next new: One (a/one) · 2 locked" in text(app)
        await pilot.press("down", "down")
        await until(pilot, lambda: "2 locked until a/one is learned" in text(app))


async def test_decks_are_grouped_by_progress_and_the_cursor_skips_headings(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness, (100, 30)) as (app, pilot):
        rows: VirtualList[DeckRow | GroupRow] = app.screen.query_one("#decks", VirtualList)
        shown = [getattr(row, "slug", None) for row in rows.items]
        assert shown == ["", None, "reading", "shapes-zh", None, "joining"]
        await pilot.press("down")
        assert isinstance(rows.current, DeckRow) and rows.current.slug == "reading"
        await pilot.press("up")
        assert isinstance(rows.current, DeckRow) and rows.current.slug == ""
        await pilot.press("end", "r")
        assert isinstance(rows.current, DeckRow) and rows.current.slug == "joining"
    harness.store.close()


@pytest.mark.slow
async def test_ten_more_new_cards_are_offered_at_the_limit_and_end_with_the_day(make_harness: MakeHarness) -> None:
    harness = make_harness(*(card(f"a/c{number}") for number in range(30)), new_per_day=1)
    session = harness.session(cards=["a/c0"])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    async with open_app(harness) as (app, pilot):
        await until(pilot, lambda: "n adds 10 more" in text(app))
        await pilot.press("n")
        await until(pilot, lambda: "10 new" in text(app))
        assert app.settings_of_today.new_per_day == 11 and app.settings.new_per_day == 1
        harness.clock.advance(days=1)
        assert app.settings_of_today.new_per_day == 1
        await pilot.press("r")
        await until(pilot, lambda: "1 new" in text(app))


async def test_more_new_cards_are_not_offered_below_the_limit(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("n")
        assert "10 more" not in text(app)


async def test_without_decks_home_says_what_to_do(make_harness: MakeHarness) -> None:
    app = make_harness().app()
    async with app.run_test() as pilot:
        await until(pilot, lambda: "No decks were found" in text(app))
        await pilot.press("enter")
        assert "ptquiz new" in text(app)


@pytest.mark.slow
async def test_panel_has_the_same_height_before_and_after_the_counts(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    app, release = harness.app(), Event()

    def open_later() -> Services:
        release.wait(TIMEOUT)
        return harness.services()

    app._open_services = open_later
    async with app.run_test() as pilot:
        await until(pilot, lambda: "opening the decks" in text(app) and "f1 Help" in text(app))
        before = app.screen.query_one("#decks").region
        release.set()
        await until(pilot, lambda: "Everything" in text(app))
        assert app.screen.query_one("#decks").region == before


@pytest.mark.slow
async def test_undo_on_home_can_be_redone(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    session = harness.session()
    session.next()
    session.submit("right")
    session.rate(Rating.GOOD)
    async with open_app(harness) as (app, pilot):
        await pilot.press("u")
        await until(pilot, lambda: "Welcome" in text(app) and not harness.store.cards.memories())
        await pilot.press("U")
        await until(pilot, lambda: "1 done" in text(app) and len(harness.store.cards.memories()) == 1)


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
        await pilot.press("escape", "home")
        await until(pilot, lambda: "Deck 12" in text(app))
        head = next(line for line in text(app).splitlines() if "learned" in line)
        row = next(line for line in text(app).splitlines() if "Everything" in line)
        assert head.index("new") + len("new") == row.index("10") + len("10")
        assert head.index("learned") + len("learned") == row.index("0/40") + len("0/40")


async def test_key_bar_is_shown_after_the_start(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await until(pilot, lambda: "f5 Start" in text(app) and "f1 Help" in text(app))


async def test_escape_does_not_quit(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("escape", "escape")
        assert not app._exit
        await pilot.press("q")
        assert app._exit
