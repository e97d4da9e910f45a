"""Charts as text."""

from __future__ import annotations

from datetime import date, timedelta

from quizapp.review.analysis.charts import bars, columns, heat_map

TODAY = date(2026, 3, 2)


def test_bars_have_numbers() -> None:
    assert bars([("shape", 4, "4"), ("dtype", 1, "1")], 22) == "shape  ████████████  4\ndtype  ███           1"
    assert bars([], 20) == "nothing yet"


def test_columns_have_an_axis() -> None:
    assert columns([4, 1, 0], 2, ["02", "", "04"]) == "4 ┤██\n0 ┤██▄▄\n   02  04"


def test_a_heat_map_has_a_column_per_week() -> None:
    counts = {TODAY: 8, TODAY - timedelta(days=1): 2, TODAY - timedelta(days=7): 4}
    lines = heat_map(counts, TODAY, 11).splitlines()
    assert lines[1] == "Mon  · ▒ █"
    assert lines[7] == "Sun  · ░"
