"""Practice: the form counts matching cards, and ratings change no due date."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from quizapp.services import Services
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import TIMEOUT, MakeHarness, card, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness


@pytest.mark.slow
async def test_form_counts_matching_cards(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",), level=1), card("a/two", level=2), card("b/three", level=2))
    async with open_app(harness) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "3 cards" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "2 cards" in text(app))
        await pilot.press("tab", *"shapes")
        await until(pilot, lambda: "1 card ·" in text(app))
        await pilot.press("tab", "2")
        await until(pilot, lambda: "no cards match" in text(app))


@pytest.mark.slow
async def test_unknown_values_are_reported(make_harness: MakeHarness) -> None:
    harness = make_harness(card("alpha/one", tags=("shapes",)))
    async with open_app(harness) as (app, pilot):
        await pilot.press("p", *"alpah")
        await until(pilot, lambda: "did you mean `alpha`?" in text(app))
        await pilot.press("enter")
        assert not isinstance(app.screen, StudyScreen)
        await pilot.press("ctrl+u", "tab", *"sizes")
        await until(pilot, lambda: "no card has the tag `sizes`" in text(app))
        await pilot.press("ctrl+u", "tab", "9")
        await until(pilot, lambda: "`9` is not a number from 1 to 5" in text(app))


@pytest.mark.slow
async def test_practice_changes_no_due_date_and_buttons_show_none(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    before = harness.store.cards.memories()
    async with open_app(harness) as (app, pilot):
        await pilot.press("p", *"joining", "enter")
        await until(pilot, lambda: "practice, outside the schedule" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "›3 Good" in text(app) or "›4 Easy" in text(app))
        assert " min" not in text(app) and " d " not in text(app)
        await pilot.press("1")
        await until(pilot, lambda: "practice, outside the schedule" in text(app))
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
async def test_form_filters_cards_forgotten_today_and_due_soon(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    session = harness.session(cards=["joining/stack"])
    session.next()
    session.submit("x")
    session.rate(session.proposal().rating)
    async with open_app(harness) as (app, pilot):
        await pilot.press("p", "shift+tab", "shift+tab", "space")
        await until(pilot, lambda: "☑ only cards forgotten today" in text(app) and "1 card ·" in text(app))
        await pilot.press("space", "shift+tab", "0")
        await until(pilot, lambda: "☐ only cards forgotten today" in text(app) and "Due within  0" in text(app))
        await until(pilot, lambda: "1 card ·" in text(app))
        await pilot.press("ctrl+u", *"400")
        await until(pilot, lambda: "2 cards ·" in text(app))
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
        await until(pilot, lambda: "still being opened" in text(app))
        await pilot.press("escape", "b")
        await until(pilot, lambda: "loading the cards" in text(app))
        release.set()
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press("escape", "p")
        await until(pilot, lambda: "1 card ·" in text(app))
