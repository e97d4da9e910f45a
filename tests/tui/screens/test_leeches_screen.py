"""Leeches: the note on Home, and the page with their last answers and actions on them."""

from __future__ import annotations

import pytest

from quizapp.review.memory import Rating
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import Harness, MakeHarness, card, open_app, text, until


def harness_with_leech(make_harness: MakeHarness, times: int = 2) -> Harness:
    """Return a harness with a card that was learned, then forgotten `times` times."""
    harness = make_harness(card("a/one", note="Remember the comma."), card("a/two"), leech_lapses=2)
    session = harness.session(cards=["a/one"])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    for number in range(times):
        harness.clock.advance(days=30)
        session = harness.session(cards=["a/one"])
        session.next()
        session.submit(f"wrong_{number} = 1")
        session.rate(Rating.AGAIN)
        harness.clock.advance(minutes=11)
        session.next()
        session.submit("right")
        session.rate(Rating.EASY)
    return harness


async def test_home_counts_leeches_and_names_the_key(make_harness: MakeHarness) -> None:
    async with open_app(harness_with_leech(make_harness)) as (app, pilot):
        await until(pilot, lambda: "1 leech: l shows" in text(app))


async def test_page_without_leeches_explains_what_one_is(make_harness: MakeHarness) -> None:
    async with open_app(harness_with_leech(make_harness, times=1)) as (app, pilot):
        assert "l shows them" not in text(app)
        await pilot.press("l")
        await until(pilot, lambda: "No leeches: no card was forgotten 2 times" in text(app))


async def test_last_answers_and_note_are_shown(make_harness: MakeHarness) -> None:
    async with open_app(harness_with_leech(make_harness), (100, 40)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        assert "wrong_0 = 1" in text(app) and "wrong_1 = 1" in text(app)
        assert "Remember the comma." in text(app)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "message"), [("s", "suspended;"), ("R R", "reset to a new card; ")])
async def test_suspended_or_reset_leech_is_removed(make_harness: MakeHarness, key: str, message: str) -> None:
    async with open_app(harness_with_leech(make_harness)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press(*key.split())
        await until(pilot, lambda: "No leeches" in text(app) and message in text(app))


async def test_leech_is_flagged_and_unflagged(make_harness: MakeHarness) -> None:
    harness = harness_with_leech(make_harness)
    async with open_app(harness) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("f")
        await until(pilot, lambda: harness.store.cards.flags("a/one").flagged)
        await pilot.press("f")
        await until(pilot, lambda: "no longer flagged" in text(app))


@pytest.mark.slow
async def test_leech_is_studied(make_harness: MakeHarness) -> None:
    async with open_app(harness_with_leech(make_harness)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
