"""The statistics page."""

from __future__ import annotations

from pathlib import Path

from tests.tui.harness import MakeHarness, card, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness


async def test_statistics_without_reviews_say_so(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "No reviews yet" in text(app))


async def test_statistics_count_reviews_and_days(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness, (100, 40)) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "6 reviews on 3 days" in text(app))
    harness.store.close()
