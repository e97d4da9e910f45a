"""Practice outside the schedule: a form that counts while it is filled in, and ratings that move nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import Harness, card, opened, text, until
from tests.tui.scenes import learned, world

MakeHarness = Callable[..., Harness]


async def test_the_form_counts_the_cards_it_speaks_of(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",), level=1), card("a/two", level=2), card("b/three", level=2))
    async with opened(harness) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: "3 cards" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "2 cards" in text(app))
        await pilot.press("tab", *"shapes")
        await until(pilot, lambda: "1 card ·" in text(app))
        await pilot.press("tab", "2")
        await until(pilot, lambda: "no card is like that" in text(app))


async def test_what_there_is_not_is_said_in_place(make_harness: MakeHarness) -> None:
    harness = make_harness(card("alpha/one", tags=("shapes",)))
    async with opened(harness) as (app, pilot):
        await pilot.press("p", *"alpah")
        await until(pilot, lambda: "did you mean `alpha`?" in text(app))
        await pilot.press("enter")
        assert not isinstance(app.screen, StudyScreen)
        await pilot.press("ctrl+u", "tab", *"sizes")
        await until(pilot, lambda: "no card has the tag `sizes`" in text(app))
        await pilot.press("ctrl+u", "tab", "9")
        await until(pilot, lambda: "`9` is not a number from 1 to 5" in text(app))


async def test_practice_moves_no_due_date_and_the_buttons_promise_none(tmp_path: Path) -> None:
    harness = world(tmp_path)
    learned(harness)
    before = harness.store.cards.memories()
    async with opened(harness) as (app, pilot):
        await pilot.press("p", *"joining", "enter")
        await until(pilot, lambda: "practice, outside the schedule" in text(app))
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "›3 Good" in text(app) or "›4 Easy" in text(app))
        assert " min" not in text(app) and " d " not in text(app)
        await pilot.press("1")
        await until(pilot, lambda: "practice, outside the schedule" in text(app))
        assert harness.store.cards.memories() == before
    harness.store.close()


async def test_start_pressed_before_the_cards_are_counted_starts_when_they_are(tmp_path: Path) -> None:
    harness = world(tmp_path)
    async with opened(harness) as (app, pilot):
        await pilot.press("p")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StudyScreen))
    harness.store.close()


async def test_only_what_was_forgotten_today_or_falls_due_soon(tmp_path: Path) -> None:
    harness = world(tmp_path)
    learned(harness)
    session = harness.session(cards=["joining/stack"])
    session.next()
    session.submit("x")
    session.rate(session.proposal().rating)
    async with opened(harness) as (app, pilot):
        await pilot.press("p", "shift+tab", "shift+tab", "space")
        await until(pilot, lambda: "☑ only what I forgot today" in text(app) and "1 card ·" in text(app))
        await pilot.press("space", "shift+tab", "0")
        await until(pilot, lambda: "☐ only what I forgot today" in text(app) and "Due within  0" in text(app))
        await until(pilot, lambda: "1 card ·" in text(app))
        await pilot.press("ctrl+u", *"400")
        await until(pilot, lambda: "2 cards ·" in text(app))
    harness.store.close()


async def test_a_page_that_is_opened_too_early_fills_itself_later(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    app, go = harness.app(), Event()
    services = harness.services

    def slowly() -> object:
        go.wait(10)
        return services()

    app._opening = slowly  # type: ignore[assignment]
    async with app.run_test() as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "still being opened" in text(app))
        await pilot.press("escape", "b")
        await until(pilot, lambda: "looking through the cards" in text(app))
        go.set()
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press("escape", "p")
        await until(pilot, lambda: "1 card ·" in text(app))
