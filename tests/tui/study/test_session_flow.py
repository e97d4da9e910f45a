"""From card to card: skipping, leaving unsolved, failures, the summary."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Check
from quizapp.errors import StoreError
from quizapp.review.memory import Rating
from quizapp.tui.study.rating_bar import RatingButton
from tests.tui.harness import MakeHarness, card, open_app, text, until


@pytest.mark.slow
async def test_f8_skips_a_card(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"), card("joining/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: "joining · One" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "joining · Two" in text(app))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "Nothing is due" in text(app))


@pytest.mark.slow
async def test_an_unsolved_card_is_rated_and_left_only_after_a_second_press(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("x", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "press F8 again to leave it unsolved, rated Again" in text(app))
        assert harness.store.log.reviews() == []
        await pilot.press("f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert harness.store.log.reviews()[0].rating is Rating.AGAIN


@pytest.mark.slow
async def test_a_failed_fetch_can_be_repeated(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise StoreError("the store is locked", "close the other ptquiz")

    harness = make_harness(card("a/one"), card("a/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        with monkeypatch.context() as patch:
            patch.setattr(harness.store.drafts, "progress", fail)
            await pilot.press("f8")
            await until(pilot, lambda: "F8 tries again" in text(app))
            await pilot.press("f5", "f7", "f7", "f2", "f6")
        await pilot.press("f8")
        await until(pilot, lambda: "a · Two" in text(app))


@pytest.mark.slow
async def test_cards_that_need_a_gpu_are_skipped_once_the_sandbox_finds_none(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/gpu", checks=(Check("answer", device="cuda"),)), card("a/three"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: app.tier == "full")
        await pilot.press("f8")
        await until(pilot, lambda: "a · Three" in text(app))

        assert harness.store.cards.flags("a/gpu").waiting


@pytest.mark.slow
async def test_a_session_ends_with_a_summary(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "✓ 1 card in" in text(app))
        assert "correct" in text(app) and "next card in" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Everything" in text(app))


@pytest.mark.slow
async def test_why_cards_wait_for_a_gpu_is_said_once(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/gpu", checks=(Check("answer", device="cuda"),)), card("a/three"))
    harness.sandbox.cuda_problem = "`/dev/nvidia0` may not be opened [by you]"
    async with open_app(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: app.tier == "full")
        await pilot.press("f8")
        await until(pilot, lambda: "a · Three" in text(app))
        messages = [notification.message for notification in app._notifications]
    reason = "`/dev/nvidia0` may not be opened [by you]"
    assert messages == [f"Cards that need a GPU wait, because CUDA did not start: {reason}"]


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_the_interval_of_every_rating_is_shown_in_full(make_harness: MakeHarness, width: int) -> None:
    harness = make_harness(*(card(f"a/c{number}") for number in range(3)))
    async with open_app(harness, (width, 36), start_with=()) as (app, pilot):
        for answer in ("right", "wrong", "right"):
            await pilot.press(*answer, "f5")
            if answer == "wrong":
                await until(pilot, lambda: "fix it" in text(app))
                await pilot.press("f7", "f7")
            await until(pilot, lambda: "1 Again" in text(app))
            (bar,) = (line for line in text(app).splitlines() if "1 Again" in line)
            intervals = [str(button.label).strip() for button in app.screen.query(RatingButton)]
            assert all(interval in bar for interval in intervals), bar
            await pilot.press("1")
            await until(pilot, lambda: "1 Again" not in text(app))
    harness.store.close()
