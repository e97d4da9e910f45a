"""A worker's messages are converted to records, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.sandbox.frames import BadFrame, Frame, FrameKind
from quizapp.sandbox.host.run_reports import (
    MAX_COUNT,
    MAX_ITEMS,
    MAX_TEXT,
    read_code,
    read_end,
    read_lines,
    read_observation,
    read_raised,
)
from quizapp.sandbox.protocol import MAX_LINE_TEXT, MAX_LINE_VALUES, LineValue, Observation, Raised

HALF = "\ud800"
ERROR: dict[str, Any] = {"type": "E", "message": "m", "bases": [], "shapes": [], "trace": ""}


def observed(blobs: tuple[bytes, ...] = (), **facts: Any) -> Observation:
    return read_observation(Frame(FrameKind.OBSERVED, facts, blobs))


@pytest.mark.parametrize(
    "facts",
    [
        None,
        [],
        {"type": 1},
        {"type": "E", "message": "m"},
        {**ERROR, "message": "y" * 10**6},
        {**ERROR, "source": HALF * (MAX_TEXT + 1)},
        {**ERROR, "type": None},
        {**ERROR, "trace": b"x"},
        {**ERROR, "bases": ["x"] * (MAX_ITEMS + 1)},
        {**ERROR, "bases": {"x": 1}},
        {**ERROR, "bases": [1]},
        {**ERROR, "bases": "x"},
        {**ERROR, "line": True},
        {**ERROR, "line": 1.0},
        {**ERROR, "line": "1"},
        {**ERROR, "column": float("nan")},
        {**ERROR, HALF: 1},
    ],
)
def test_an_invalid_exception_is_refused(facts: object) -> None:
    with pytest.raises(BadFrame):
        read_raised(facts)


@pytest.mark.parametrize("pair", [5, "xy", {"a": 1, "b": 2}, ["x"], ["x", 1], ["x", "y", "z"], None])
def test_an_invalid_shape_is_refused(pair: object) -> None:
    with pytest.raises(BadFrame):
        read_raised({**ERROR, "shapes": [pair]})


def test_a_valid_exception_is_read_and_unknown_fields_are_ignored() -> None:
    facts = {**ERROR, "bases": ["a.B"], "shapes": [["x", "(2,)"]], "line": 3, "source": "s" * MAX_TEXT, "more": [{}]}
    assert read_raised(facts) == Raised("E", "m", ("a.B",), 3, None, None, "s" * MAX_TEXT, (("x", "(2,)"),), "")


def test_a_position_outside_any_answer_is_unknown() -> None:
    facts = {**ERROR, "message": HALF, "source": "x"}
    raised = read_raised({**facts, "line": 10**15, "column": -5, "end_column": 10**4000})
    assert raised is not None
    assert (raised.line, raised.column, raised.end_column, raised.message) == (None, None, None, "\\ud800")


def test_lone_surrogates_are_escaped_in_every_text() -> None:
    texts = dict.fromkeys(("type", "message", "trace", "source"), HALF)
    raised = read_raised({**texts, "bases": [HALF], "shapes": [[HALF, HALF]]})
    assert raised is not None
    assert HALF not in repr(raised).replace("\\\\ud800", "") and raised.bases == ("\\ud800",)
    assert read_code({"bound": [HALF]}) == (None, ("\\ud800",))
    assert observed(number=0, refused=HALF).refused == "\\ud800"


def test_an_observation_has_exactly_one_of_value_exception_and_refusal() -> None:
    assert observed((b"v",), number=2) == Observation(2, b"v")
    assert observed(number=2, refused="r", raised=None) == Observation(2, refused="r")
    assert observed(number=2, raised=ERROR).raised == Raised("E", "m")
    invalid: list[tuple[tuple[bytes, ...], dict[str, Any]]] = [
        ((), {}),
        ((b"v",), {"refused": "r"}),
        ((b"v",), {"raised": ERROR}),
        ((), {"refused": "r", "raised": ERROR}),
        ((b"v", b"w"), {}),
    ]
    for blobs, facts in invalid:
        with pytest.raises(BadFrame):
            observed(blobs, number=2, **facts)


@pytest.mark.parametrize("number", [None, True, 1.0, "1", [1]])
def test_an_observation_without_an_integer_number_is_refused(number: object) -> None:
    with pytest.raises(BadFrame):
        observed((b"v",), number=number)


@pytest.mark.parametrize("bound", [None, "x", [1], ["x" * (MAX_TEXT + 1)], ["x"] * (MAX_ITEMS + 1)])
def test_invalid_bound_names_are_refused(bound: object) -> None:
    with pytest.raises(BadFrame):
        read_code({"bound": bound})


@pytest.mark.parametrize(
    "calls",
    [
        None,
        [],
        {"a": True},
        {"a": 1.0},
        {"a": -1},
        {"a": MAX_COUNT + 1},
        {"a": 10**4000},
        {str(number): 1 for number in range(MAX_ITEMS + 1)},
    ],
)
def test_invalid_counts_are_refused(calls: object) -> None:
    with pytest.raises(BadFrame):
        read_end({"calls": calls})


@pytest.mark.parametrize("field", ["operators", "peak_memory"])
@pytest.mark.parametrize("value", [None, True, 1.0, -1, "1", MAX_COUNT + 1])
def test_invalid_usage_is_refused(field: str, value: object) -> None:
    with pytest.raises(BadFrame):
        read_end({"calls": {}, field: value})


def test_the_end_of_a_run_is_read() -> None:
    assert read_end({"calls": {"a": MAX_COUNT}}).calls == {"a": MAX_COUNT}
    end = read_end({"calls": {}, "libraries": ["pandas"], "operators": 2, "peak_memory": 3, "memory": []})
    assert (end.calls, end.libraries, end.operators, end.peak_memory) == ({}, ("pandas",), 2, 3)
    with pytest.raises(BadFrame):
        read_end({"calls": {}, "libraries": "pandas"})


def test_the_values_of_lines_are_cut_and_impossible_lines_are_left_out() -> None:
    claimed = [[0, "a"], [-1, "b"], [10**15, "c"], [2, HALF], [3, "x" * MAX_TEXT]]
    assert read_lines({"lines": claimed, "echo": HALF}) == (
        (LineValue(2, "\\ud800"), LineValue(3, "x" * MAX_LINE_TEXT)),
        "\\ud800",
    )
    assert len(read_lines({"lines": [[1, "x"]] * MAX_ITEMS})[0]) == MAX_LINE_VALUES
    assert read_lines({}) == ((), None)


@pytest.mark.parametrize(
    "facts", [{"lines": [["1", "x"]]}, {"lines": [[1]]}, {"lines": {"1": "x"}}, {"lines": None}, {"echo": 3}]
)
def test_invalid_values_of_lines_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(BadFrame):
        read_lines(facts)
