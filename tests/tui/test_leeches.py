"""Cards that are forgotten over and over: Home says so, and a page shows what was answered last."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizapp.review.memory import Rating
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import Harness, card, opened, text, until

MakeHarness = Callable[..., Harness]


def forgetting(make_harness: MakeHarness, times: int = 2) -> Harness:
    """A card that was learned, then forgotten so many times."""
    harness = make_harness(card("a/one", note="Remember the comma."), card("a/two"), leech_lapses=2)
    session = harness.session(cards=["a/one"])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    for number in range(times):
        harness.clock.pass_(days=30)
        session = harness.session(cards=["a/one"])
        session.next()
        session.submit(f"wrong_{number} = 1")
        session.rate(Rating.AGAIN)
        harness.clock.pass_(minutes=11)
        session.next()
        session.submit("right")
        session.rate(Rating.EASY)
    return there


async def test_home_says_that_there_are_some_and_which_key_shows_them(make_harness: MakeHarness) -> None:
    async with opened(forgetting(harness)) as (app, pilot):
        await until(pilot, lambda: "1 card forgotten over and over: l shows" in text(app))


async def test_without_any_home_says_nothing_and_the_page_says_what_makes_one(make_harness: MakeHarness) -> None:
    async with opened(forgetting(harness, times=1)) as (app, pilot):
        assert "over and over" not in text(app)
        await pilot.press("l")
        await until(pilot, lambda: "No leeches: no card was forgotten 2 times" in text(app))


async def test_the_last_answers_and_the_note_are_shown(make_harness: MakeHarness) -> None:
    async with opened(forgetting(harness), (100, 40)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        assert "wrong_0 = 1" in text(app) and "wrong_1 = 1" in text(app)
        assert "Remember the comma." in text(app)


@pytest.mark.parametrize(("key", "said"), [("s", "suspended until"), ("R", "a new card again")])
async def test_a_leech_that_is_dealt_with_leaves_the_list(make_harness: MakeHarness, key: str, said: str) -> None:
    async with opened(forgetting(harness)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press(key)
        await until(pilot, lambda: "No leeches" in text(app) and said in text(app))


async def test_a_leech_is_flagged_and_the_flag_taken_off(make_harness: MakeHarness) -> None:
    harness = forgetting(harness)
    async with opened(harness) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("f")
        await until(pilot, lambda: harness.store.cards.standing("a/one").flagged)
        await pilot.press("f")
        await until(pilot, lambda: "no longer flagged" in text(app))


async def test_a_leech_is_studied_at_once(make_harness: MakeHarness) -> None:
    async with opened(forgetting(harness)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
