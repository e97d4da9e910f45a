"""The browse page: filter, preview, history, and actions on a card."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.review.memory import Rating
from quizapp.review.memory_rebuild import replay
from quizapp.review.store import EntryKind
from tests.tui.harness import MakeHarness, card, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("is:suspnded", "no card has `is:suspnded`; try buried, flagged, learning"),
        ("deck:zzz", "no card has `deck:zzz`; try a"),
        ("state:new", "unknown filter `state:`; use deck: tag: is: last: kind: level:"),
        ("nowhere", "0 cards of 1"),
    ],
)
async def test_filter_without_matches_lists_known_fields_and_values(
    make_harness: MakeHarness, query: str, message: str
) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press("slash", *query)
        await until(pilot, lambda: message in text(app))


@pytest.mark.slow
async def test_browse_filters_by_words_fields_and_negation(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",)), card("a/two"), card("b/three", tags=("shapes", "cuda")))
    async with open_app(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "3 cards of 3" in text(app))
        await pilot.press("slash", *"tag:shapes")
        assert "2 cards of 3" in text(app)
        await pilot.press("space", *"-tag:cuda")
        assert "1 card of 3" in text(app) and "One" in text(app)
        await pilot.press("escape", *"deck:b")
        assert "Three" in text(app) and "One" not in text(app)
        await pilot.press("escape", *"is:review")
        assert "0 cards of 3" in text(app)


@pytest.mark.slow
async def test_browse_filters_by_state_and_last_outcome(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("slash", *"last:passed")
        assert "2 cards of 6" in text(app)
        await pilot.press("escape", *"is:new")
        assert "4 cards of 6" in text(app)
    harness.store.close()


@pytest.mark.slow
@pytest.mark.parametrize(("key", "word"), [("exclamation_mark", "suspended"), ("minus", "buried"), ("asterisk", "⚑")])
async def test_card_is_suspended_buried_or_flagged_and_back(make_harness: MakeHarness, key: str, word: str) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "1 card of 1" in text(app))
        await pilot.press(key)
        await until(pilot, lambda: word in text(app))
        await pilot.press(key)
        await until(pilot, lambda: word not in text(app))


@pytest.mark.slow
async def test_listed_cards_are_studied_when_not_due(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    session = harness.session(["a/two"])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    async with open_app(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "2 cards of 2" in text(app))
        await pilot.press("slash", *"two", "enter", "f5")
        await until(pilot, lambda: "a · Two" in text(app))


@pytest.mark.slow
async def test_history_shows_reviews_intervals_and_answers(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness, (160, 48)) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Again · 0 s · 1 answer · transposed" in text(app))
        assert "│ 3 d" in text(app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))
    harness.store.close()


async def test_reset_makes_a_card_new_and_keeps_its_history(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "6 cards of 6" in text(app))
        await pilot.press("R")
        await until(pilot, lambda: "press the key again" in text(app))
        assert harness.store.cards.memory("joining/cat-rows") is not None
        await pilot.press("R")
        await until(pilot, lambda: harness.store.cards.memory("joining/cat-rows") is None)
        assert len(harness.store.log.reviews("joining/cat-rows")) == 3
    harness.store.close()


def test_reset_survives_a_rebuild_and_can_be_undone(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    session = harness.session(["a/one"])
    session.next()
    session.submit("right")
    before = session.rate(Rating.EASY)
    now = harness.clock()
    harness.store.log.append_action(EntryKind.RESET, "a/one", 1, now, session.days.of(now))
    replay(harness.store, session.scheduler)
    assert harness.store.cards.memory("a/one") is None
    assert str(harness.store.log.undo(now)) == "reset a/one"
    assert harness.store.cards.memory("a/one") == before
