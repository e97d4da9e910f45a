"""Cards that are forgotten over and over: Home says so, and a page shows what was answered last."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quizapp.review.memory import Rating
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.stage import Stage, card, opened, text, until

Make = Callable[..., Stage]


def forgetting(stage: Make, times: int = 2) -> Stage:
    """A card that was learned, then forgotten so many times."""
    there = stage(card("a/one", note="Remember the comma."), card("a/two"), leech_lapses=2)
    session = there.session(cards=["a/one"])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    for number in range(times):
        there.clock.pass_(days=30)
        session = there.session(cards=["a/one"])
        session.next()
        session.submit(f"wrong_{number} = 1")
        session.rate(Rating.AGAIN)
        there.clock.pass_(minutes=11)
        session.next()
        session.submit("right")
        session.rate(Rating.EASY)
    return there


async def test_home_says_that_there_are_some_and_which_key_shows_them(stage: Make) -> None:
    async with opened(forgetting(stage)) as (app, pilot):
        await until(pilot, lambda: "1 card forgotten over and over: l shows" in text(app))


async def test_without_any_home_says_nothing_and_the_page_says_what_makes_one(stage: Make) -> None:
    async with opened(forgetting(stage, times=1)) as (app, pilot):
        assert "over and over" not in text(app)
        await pilot.press("l")
        await until(pilot, lambda: "No leeches: no card was forgotten 2 times" in text(app))


async def test_the_last_answers_and_the_note_are_shown(stage: Make) -> None:
    async with opened(forgetting(stage), (100, 40)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        assert "wrong_0 = 1" in text(app) and "wrong_1 = 1" in text(app)
        assert "Remember the comma." in text(app)


@pytest.mark.parametrize(("key", "said"), [("s", "suspended until"), ("R", "a new card again")])
async def test_a_leech_that_is_dealt_with_leaves_the_list(stage: Make, key: str, said: str) -> None:
    async with opened(forgetting(stage)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press(key)
        await until(pilot, lambda: "No leeches" in text(app) and said in text(app))


async def test_a_leech_is_flagged_and_the_flag_taken_off(stage: Make) -> None:
    there = forgetting(stage)
    async with opened(there) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("f")
        await until(pilot, lambda: there.store.cards.standing("a/one").flagged)
        await pilot.press("f")
        await until(pilot, lambda: "no longer flagged" in text(app))


async def test_a_leech_is_studied_at_once(stage: Make) -> None:
    async with opened(forgetting(stage)) as (app, pilot):
        await pilot.press("l")
        await until(pilot, lambda: "forgotten 2 times" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
