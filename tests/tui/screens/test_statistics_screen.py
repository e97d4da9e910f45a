"""The statistics page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.content import Content

from quizapp.review.analysis.statistics import Calibration, ForecastDay, Retention, Statistics, Streak
from quizapp.review.store.stats_queries import HardCard, MistakeCount, SlowCard
from quizapp.review.today import Today
from quizapp.tui.screens.statistics_text import charts_at, empty_page, style_table, tables_at, tiles
from quizapp.tui.widgets.width_block import balanced, side_by_side
from tests.tui.harness import MakeHarness, card, open_app, text, until
from tests.tui.scenes import learn_cards, scene_harness

DAY = date(2026, 3, 18)
FOUND = Statistics(
    reviews=1200,
    minutes=600.0,
    days=100,
    seconds_per_review=30.0,
    overall=Retention(1000, 915),
    young=Retention(600, 540),
    mature=Retention(400, 375),
    by_week={DAY - timedelta(days=2 + 7 * week): Retention(50, 45) for week in range(14)},
    by_month={date(2026, month, 1): Retention(100, 80 + 5 * month) for month in (1, 2, 3)},
    by_deck={"means": Retention(1000, 915)},
    by_tag={"shape": Retention(1000, 915)},
    seconds_by_deck={"means": 30.0, "张量": 12.0},
    calibration=Calibration(1000, 0.28, 0.03, ((0.9, 0.92, 1000),)),
    forecast=tuple(ForecastDay(DAY + timedelta(days=ahead), ahead % 9, 1.0) for ahead in range(30)),
    streak=Streak(3, 8),
    calendar={DAY: 12},
    hardest=(HardCard("means/" + "long-" * 20, 9, 3, 8.5),),
    slowest=(SlowCard("means/centre-rows", 4, 90.0),),
    mistakes=(MistakeCount("dtype", 3, 0),),
    waiting=(),
)
TODAY = Today(
    day=DAY.toordinal(),
    due=17,
    new=10,
    minutes=24.0,
    rated=0,
    minutes_spent=0.0,
    offers_more_new=False,
    streak=3,
    reviews={DAY.toordinal(): 12},
    next_new="",
    next_due=None,
)


async def test_statistics_without_reviews_say_what_to_do(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "No reviews yet" in text(app))
        assert "Enter starts the first card" in text(app) and "Due today" not in text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 50)])
async def test_statistics_show_tiles_calendar_charts_and_tables(tmp_path: Path, size: tuple[int, int]) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness, size) as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "6 reviews on 3 days" in text(app))
        assert all(
            label in text(app) for label in ("Due today", "Recalled", "Minutes a day", "Streak", "Reviews a day")
        )
        await pilot.press("end")
        await until(pilot, lambda: "Slowest cards" in text(app))
    harness.store.close()


async def test_a_resized_page_is_laid_out_for_its_width(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    learn_cards(harness)
    async with open_app(harness, (120, 60)) as (app, pilot):
        await pilot.press("s")
        await until(
            pilot, lambda: any("Retention by month" in line and "Cards due" in line for line in text(app).split("\n"))
        )
        await pilot.resize_terminal(80, 60)
        await until(pilot, lambda: "Cards due" in text(app))
        assert not any("Retention by month" in line and "Cards due" in line for line in text(app).split("\n"))
    harness.store.close()


def test_tiles_compare_retention_with_the_desired_one_by_a_symbol() -> None:
    good, bad = (tiles(FOUND, TODAY, desired)[1].content for desired in (0.9, 0.95))
    assert good.plain == "Recalled\n91.5%\n▲ desired 90%" and bad.plain == "Recalled\n91.5%\n▼ desired 95%"
    assert good.spans != bad.spans
    unknown = replace(FOUND, overall=Retention(0, 0))
    assert tiles(unknown, TODAY, 0.9)[1].content.plain == "Recalled\n–\ndesired 90%"


def test_tiles_count_today_minutes_and_streak() -> None:
    due, _, minutes, streak = (tile.content.plain.split("\n") for tile in tiles(FOUND, TODAY, 0.9))
    assert due == ["Due today", "17", "+10 new, 24 min"]
    assert minutes == ["Minutes a day", "6", "30 s a card"] and streak == ["Streak", "3 days", "longest 8"]
    done = tiles(FOUND, replace(TODAY, due=0, new=0), 0.9)[0]
    assert done.content.plain == "Due today\n0\nall done"


@pytest.mark.parametrize("width", [48, 56, 76, 107, 108, 116, 196])
def test_charts_and_tables_fit_every_width(width: int) -> None:
    for content in (charts_at(FOUND, DAY, width, 0.9), tables_at(FOUND, width, 0.9), empty_page(width)):
        assert max(line.cell_length for line in content.split("\n")) <= width


def test_the_retention_chart_has_a_scale_and_the_desired_retention() -> None:
    lines = charts_at(FOUND, DAY, 76, 0.9).plain.split("\n")
    assert [line for line in lines if line.startswith(" 90% ┤╌╌╌")]
    assert any(line.split()[-3:] == ["85", "90", "95"] for line in lines)


def test_zeros_of_tables_are_dimmed() -> None:
    styled = style_table("mistake  answers\nsign           3\ndtype          0")
    dim = [styled.plain[span.start : span.end] for span in styled.spans]
    assert dim == ["mistake  answers\n", "0"]


def test_blocks_are_balanced_over_columns_side_by_side() -> None:
    blocks = [Content(text) for text in ("a\na\na", "b", "c")]
    left, right = balanced(blocks, 2)
    assert (left.plain, right.plain) == ("a\na\na", "b\n\nc")
    assert side_by_side((left, right), (2, 2)).plain == "a     b\na     \na     c"
