"""Edits of whole lines: duplicate, move."""

from __future__ import annotations

import pytest

from quizapp.tui.widgets.line_edits import Lines, Location, duplicate, move


@pytest.mark.parametrize(
    ("rows", "start", "end", "by", "moved"),
    [
        ("a b c", (1, 1), (1, 1), -1, Lines(["b", "a", "c"], (0, 1), (0, 1))),
        ("a b c", (1, 0), (1, 0), 1, Lines(["a", "c", "b"], (2, 0), (2, 0))),
        ("a b c", (0, 0), (1, 1), 1, Lines(["c", "a", "b"], (1, 0), (2, 1))),
        ("a b c", (2, 1), (1, 0), -1, Lines(["b", "c", "a"], (1, 1), (0, 0))),
        ("a b c", (0, 0), (1, 0), 1, Lines(["b", "a", "c"], (1, 0), (2, 0))),
        ("a b c", (1, 0), (2, 0), 1, Lines(["a", "c", "b"], (2, 0), (2, 1))),
        ("a b c", (0, 0), (0, 0), -1, None),
        ("a b c", (2, 0), (2, 0), 1, None),
        ("a", (0, 0), (0, 1), 1, None),
    ],
)
def test_selected_lines_are_moved_past_one_row(
    rows: str, start: Location, end: Location, by: int, moved: Lines | None
) -> None:
    assert move(Lines(rows.split(), start, end), by) == moved


@pytest.mark.parametrize(
    ("text", "start", "end", "copied"),
    [
        ("x = 1\ny", (0, 3), (0, 3), Lines(["x = 1", "x = 1", "y"], (1, 3), (1, 3))),
        ("ab + c", (0, 0), (0, 2), Lines(["abab + c"], (0, 2), (0, 4))),
        ("x = ab + c", (0, 6), (0, 4), Lines(["x = abab + c"], (0, 6), (0, 8))),
        ("ab\ncd", (0, 1), (1, 1), Lines(["ab", "cb", "cd"], (1, 1), (2, 1))),
        ("ab\ncd\n", (0, 0), (1, 0), Lines(["ab", "ab", "cd", ""], (1, 0), (2, 0))),
    ],
)
def test_line_or_selection_is_duplicated(text: str, start: Location, end: Location, copied: Lines) -> None:
    assert duplicate(Lines(text.split("\n"), start, end)) == copied


def test_rows_that_an_edit_leaves_alone_are_counted() -> None:
    before = Lines(["a", "a", "b"], (0, 0), (0, 0))
    assert Lines(["a", "a", "a", "b"], (1, 0), (1, 0)).changed_rows(before) == (2, 1)
    assert before.changed_rows(before) == (3, 0)
