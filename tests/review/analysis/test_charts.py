"""Charts and tables as text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quizapp.review.analysis.charts import Scale, columns, count_scale, heat_map
from quizapp.review.analysis.tables import table

TODAY = date(2026, 3, 2)


def test_columns_have_a_scale_and_labels() -> None:
    chart = columns([4, 1, None, 0], 12, count_scale(4), [("02", "", "04", "")])
    assert chart.splitlines() == [
        "4 ┤█",
        "  │█",
        "3 ┤█",
        "  │█",
        "2 ┤█",
        "  │█",
        "1 ┤█ █",
        "  │█ █",
        "0 └────────",
        "   02  04",
    ]


def test_a_target_is_a_line_behind_the_columns() -> None:
    chart = columns([100, 85, None], 20, Scale(60, 100, "%"), [], target=90)
    lines = chart.splitlines()
    assert lines[2:4] == [" 90% ┤██╌╌╌╌╌╌╌╌╌╌", "     │██  ██"]
    assert sum("╌" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (3, 4), (5, 8), (9, 12), (16, 16), (17, 20), (150, 160), (9000, 10000)]
)
def test_a_scale_of_counts_has_whole_numbers_and_little_empty_space(most: float, top: float) -> None:
    scale = count_scale(most)
    assert scale.top == top
    assert all("." not in scale.mark(row) for row in range(0, 9, 2))


def test_a_small_value_is_visible_and_zero_is_not() -> None:
    assert columns([1, 0], 10, count_scale(1000), []).splitlines()[7] == "     │▁"


@pytest.mark.parametrize("width", [20, 36, 60])
def test_labels_never_exceed_the_width(width: int) -> None:
    labels = [f"{day} Sep" if day % 7 == 0 else "" for day in range(30)]
    chart = columns([float(day) for day in range(30)], width, count_scale(29), [labels])
    assert len(chart.splitlines()[-1]) <= width


def test_a_table_aligns_numbers_and_cuts_long_names() -> None:
    rows = [("a/short", "3", "1.0"), ("deck/a-very-long-name", "12", "10.5")]
    assert table(("card", "times", "mean"), rows, 24).splitlines() == [
        "card         times  mean",
        "a/short          3   1.0",
        "deck/a-ver…     12  10.5",
    ]


def test_a_table_measures_wide_characters_and_escapes_control_characters() -> None:
    lines = table(("card", "n"), [("张量/形状", "1"), ("a\x1b[2Jb\nc", "2")], 40).splitlines()
    assert len(lines) == 3 and "\x1b" not in lines[2]
    assert lines[1].endswith("  1") and len(lines[1]) == len(lines[2]) - 4


def test_a_heat_map_has_a_column_per_week() -> None:
    counts = {TODAY: 8, TODAY - timedelta(days=1): 2, TODAY - timedelta(days=7): 4}
    lines = heat_map(counts, TODAY, 11).splitlines()
    assert lines[1] == "Mon  · ▒ █"
    assert lines[7] == "Sun  · ░"
