"""Cards whose answer is one line, which Enter submits."""

from __future__ import annotations

import pytest

from quizapp.tui.widgets.one_line import asks_for_one_line, is_finished_line
from tests.tui.harness import card


@pytest.mark.parametrize(
    ("starter", "solution", "expected"),
    [
        ("answer = ...\n", "answer = x.t()\n", True),
        ("", "answer = x.t()", False),
        ("answer = ...", "y = x.t()\nanswer = y", False),
        ("def f(x):\n    ...", "def f(x): return x", False),
    ],
)
def test_starter_and_solution_decide_whether_one_line_is_asked_for(starter: str, solution: str, expected: bool) -> None:
    assert asks_for_one_line(card("a/one", starter=starter, solution=solution)) is expected


@pytest.mark.parametrize(
    ("text", "row", "column", "expected"),
    [
        ("answer = x\n", 0, 10, True),
        ("answer = x  \n\n", 0, 10, True),
        ("answer = x", 0, 9, False),
        ("answer = f(x", 0, 12, False),
        ("answer = ...\n", 0, 12, False),
        ("y = 1\nanswer = y", 1, 10, False),
        ("for i in x: y", 0, 13, False),
        ("a = 1; b = 2", 0, 12, False),
        ("", 0, 0, False),
    ],
)
def test_only_a_whole_edited_statement_is_finished(text: str, row: int, column: int, expected: bool) -> None:
    assert is_finished_line(text, row, column, "answer = ...\n") is expected
