"""Home: what is due, searching, starting, and what happens while nothing is ready yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from quizapp.errors import DeckError, Problem
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.virtual_list import VirtualList
from tests.tui.harness import Harness, card, deck, opened, text, until
from tests.tui.scenes import learned, world

MakeHarness = Callable[..., Harness]


def titles(shown: str) -> str:
    return "\n".join(line[:40] for line in shown.splitlines())


async def test_a_newcomer_reaches_the_first_card_with_one_key(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("joining/one"))) as (app, pilot):
        assert "Welcome" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "joining · One" in text(app))


async def test_the_welcome_is_gone_once_something_is_learned(tmp_path: Path) -> None:
    stage = world(tmp_path)
    learned(harness)
    async with opened(harness) as (app, _):
        assert "Welcome" not in text(app)
    harness.store.close()


async def test_searching_filters_as_one_types_and_escape_brings_all_back(make_harness: MakeHarness) -> None:
    harness = make_harness(deck(card("a/x"), title="Alpha"), deck(card("b/x"), title="Beta"))
    async with opened(harness) as (app, pilot):
        await pilot.press("slash", *"bet")
        assert "Beta" in text(app) and "Alpha" not in text(app)
        await pilot.press("escape")
        assert "Beta" in text(app) and "Alpha" in text(app)
        await pilot.press("slash", *"zzz")
        assert "no deck has these words" in text(app)


async def test_a_deck_is_studied_alone(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with opened(harness) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "b · Two" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "Nothing is due" in text(app))


async def test_a_click_chooses_and_a_second_one_starts(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("b/two"))
    async with opened(harness) as (app, pilot):
        rows = app.screen.query_one(VirtualList)
        await pilot.click(rows, offset=(3, 2))
        assert rows.cursor == 2
        await pilot.click(rows, offset=(3, 2))
        await until(pilot, lambda: "b · Two" in text(app))


async def test_counts_are_new_again_after_a_session(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "next card" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "1 done, 0 min today" in text(app))


async def test_decks_that_cannot_be_read_are_said_with_the_way_out(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    problem = Problem("decks/a.yaml", 3, 1, "`promt` is not a field of a card", "did you mean `prompt`?")
    app = harness.app()

    def fails() -> object:
        raise DeckError([problem])

    app._opening = fails  # type: ignore[assignment]
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: "decks/a.yaml:3:1" in text(app))
        assert "did you mean `prompt`?" in text(app)


async def test_a_sandbox_that_cannot_start_is_said_and_the_decks_still_show(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.sandbox.broken = "torch cannot be imported"
    async with opened(harness, (100, 24)) as (app, pilot):
        await until(pilot, lambda: "torch cannot be imported" in text(app))
        assert "✗ none" in text(app)
        assert "run `ptquiz doctor`" in text(app)


async def test_titles_in_chinese_leave_the_columns_where_they_are(make_harness: MakeHarness) -> None:
    harness = make_harness(deck(card("a/one"), title="张量的形状"), deck(card("b/two"), title="Latin"))
    async with opened(harness) as (app, _):
        rows = [line for line in text(app).splitlines() if "张量" in line or "Latin" in line]
        from rich.cells import cell_len

        assert cell_len(rows[0]) == cell_len(rows[1])


async def test_headings_stand_over_their_columns_when_a_scrollbar_comes(make_harness: MakeHarness) -> None:
    harness = make_harness(*(deck(card(f"d{number}/one"), title=f"Deck {number}") for number in range(40)))
    async with opened(harness, (100, 30)) as (app, pilot):
        await pilot.press("slash", *"39")
        await until(pilot, lambda: "Deck 12" not in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Deck 12" in text(app))
        head = next(line for line in text(app).splitlines() if "learned" in line)
        row = next(line for line in text(app).splitlines() if "Everything" in line)
        assert head.index("new") + len("new") == row.index("40") + len("40")


async def test_the_footer_shows_its_keys_from_the_start(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await until(pilot, lambda: "f5 Start" in text(app) and "f1 Help" in text(app))


async def test_escape_once_too_often_does_not_quit(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("escape", "escape")
        assert not app._exit
        await pilot.press("q")
        assert app._exit
