"""Practice: the lists pick cards and count them, and ratings change no due date."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from quizapp.review.practice import PracticeFilter
from quizapp.services import Services
from quizapp.tui.screens.practice_picks import Picked, choices, practice_filter
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import TIMEOUT, MakeHarness, card, deck, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness


def test_choices_count_their_cards() -> None:
    offered = choices([deck(card("a/one", tags=("shapes",)), card("a/two", level=3)), deck(card("b/three"))])
    assert [(pick.key, pick.count) for pick in offered.decks] == [("a", 2), ("b", 1)]
    assert [(pick.key, pick.count) for pick in offered.tags] == [("shapes", 1)]
    assert [(pick.key, pick.count) for pick in offered.levels] == [("1", 2), ("3", 1)]


@pytest.mark.parametrize(
    ("picked", "practice"),
    [
        (Picked(), PracticeFilter(seed=5)),
        (Picked(order=("decks",)), PracticeFilter()),
        (Picked({"b", "a"}, {"t"}, {"3", "1"}), PracticeFilter(("a", "b"), ("t",), (1, 3), seed=5)),
        (Picked(which={"forgotten"}), PracticeFilter(forgotten_today=True, seed=5)),
        (Picked(which={"7"}), PracticeFilter(ahead=7, seed=5)),
    ],
)
def test_filter_of_the_picked_rows(picked: Picked, practice: PracticeFilter) -> None:
    assert practice_filter(picked, seed=5) == practice


@pytest.mark.slow
async def test_lists_count_matching_cards(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",), level=1), card("a/two", level=2), card("b/three", level=2))
    async with open_app(harness) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "3 cards" in text(app))
        await pilot.press("space")
        await until(pilot, lambda: "2 cards" in text(app) and "☑ A" in text(app))
        await pilot.press("right", "space")
        await until(pilot, lambda: "1 card ·" in text(app))
        await pilot.press("tab", "down", "space")
        await until(pilot, lambda: "no cards match" in text(app))
        await pilot.press("enter")
        assert not isinstance(app.screen, StudyScreen)
        await pilot.press("delete", "left", "backspace", "left", "x")
        await until(pilot, lambda: "3 cards" in text(app))


@pytest.mark.slow
async def test_click_picks_a_row(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"), card("b/two"))) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "2 cards" in text(app))
        await pilot.click("#decks", offset=(4, 2))
        await until(pilot, lambda: "1 card ·" in text(app) and "☑ B" in text(app))


@pytest.mark.slow
async def test_practice_changes_no_due_date_and_buttons_show_none(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    before = harness.store.cards.memories()
    async with open_app(harness) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "cards ·" in text(app))
        await pilot.press("space")
        await until(pilot, lambda: "2 cards ·" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "joining" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "3 Good" in text(app))
        (buttons,) = [line for line in text(app).splitlines() if "3 Good" in line]
        assert " min" not in buttons and " d " not in buttons
        await pilot.press("1")
        await until(pilot, lambda: "3 Good" not in text(app))
        assert harness.store.cards.memories() == before
    harness.store.close()


@pytest.mark.slow
async def test_start_before_the_count_starts_after_it(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    async with open_app(harness) as (app, pilot):
        await pilot.press("p")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen))
    harness.store.close()


@pytest.mark.slow
async def test_cards_forgotten_today_and_due_soon(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    session = harness.session(cards=["joining/stack"])
    session.next()
    session.submit("x")
    session.rate(session.proposal().rating)
    async with open_app(harness) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "cards ·" in text(app))
        await pilot.press("right", "right", "right", "down", "space")
        await until(pilot, lambda: "● forgotten today" in text(app) and "1 card ·" in text(app))
        await pilot.press("down", "space")
        await until(pilot, lambda: "● due today" in text(app) and "1 card ·" in text(app))
        await pilot.press("delete")
        await until(pilot, lambda: "● all cards" in text(app) and "6 cards ·" in text(app))
    harness.store.close()


@pytest.mark.slow
async def test_pages_opened_before_the_services_load_later(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    app, release = harness.app(), Event()

    def open_later() -> Services:
        release.wait(TIMEOUT)
        return harness.services()

    app._open_services = open_later
    async with app.run_test() as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "opening the decks" in text(app))
        await pilot.press("escape", "b")
        await until(pilot, lambda: "loading the cards" in text(app))
        release.set()
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press("escape", "p")
        await until(pilot, lambda: "1 card ·" in text(app))
