"""Whether two DataFrames, Series or Indexes agree: shape, labels, order, dtypes, values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from quizapp.grading.judge.compare.mismatch import Gap, Rule, gather
from quizapp.sandbox.values.model import Value

PANDAS = frozenset({"frame", "series", "index"})

Arrays = Callable[[Any, Any, Rule], Gap | None]
"""How two array Values' data are compared."""


def frame_gap(got: Value, expected: Value, rule: Rule, arrays: Arrays) -> Gap | None:
    """None where two pandas values of one kind agree."""
    if got.kind == "index":
        return _index_gap(got, expected, rule, arrays)
    if got.kind == "series":
        return _series_gap(got, expected, rule, arrays)
    return _frame_gap(got, expected, rule, arrays)


def _size(index: Value) -> int:
    return int(index.data[0].data.shape[0])


def _dtype(value: Value) -> str:
    return dict(value.meta).get("dtype", "")


def _index_gap(got: Value, expected: Value, rule: Rule, arrays: Arrays) -> Gap | None:
    if _size(got) != _size(expected):
        return Gap(f"{_size(got)} labels instead of {_size(expected)}", "shape")
    return _column_gap(got.data[0], expected.data[0], rule, arrays, (_dtype(got), _dtype(expected)))


def _column_gap(
    got: Value, expected: Value, rule: Rule, arrays: Arrays, dtypes: tuple[str, str] | None = None
) -> Gap | None:
    mine, theirs = dtypes or (_dtype(got), _dtype(expected))
    if mine != theirs and "dtype" not in rule.ignore:
        return Gap(f"dtype {mine} instead of {theirs}", "dtype")
    return arrays(got.data, expected.data, rule)


def _series_gap(got: Value, expected: Value, rule: Rule, arrays: Arrays) -> Gap | None:
    (mine, rows, _), (theirs, wanted, _) = got.data, expected.data
    if _size(rows) != _size(wanted):
        return Gap(f"shape {(_size(rows),)} instead of {(_size(wanted),)}", "shape")
    order = _order(rows, wanted, rule)
    if order is None and (gap := _index_gap(rows, wanted, rule, arrays)):
        return Gap(f"other labels: {gap.summary}", "labels")
    return _column_gap(_taken(mine, order), theirs, rule, arrays, (_dtype(got), _dtype(expected)))


def _frame_gap(got: Value, expected: Value, rule: Rule, arrays: Arrays) -> Gap | None:
    (columns, rows, body), (wanted_columns, wanted_rows, wanted_body) = got.data, expected.data
    mine, theirs = (_size(rows), len(body)), (_size(wanted_rows), len(wanted_body))
    if mine != theirs:
        return Gap(f"shape {mine} instead of {theirs}", "shape")
    column_order, row_order = _order(columns, wanted_columns, rule), _order(rows, wanted_rows, rule)
    if column_order is None and (gap := _index_gap(columns, wanted_columns, rule, arrays)):
        return Gap(f"other column labels: {gap.summary}", "labels")
    if row_order is None and (gap := _index_gap(rows, wanted_rows, rule, arrays)):
        return Gap(f"other row labels: {gap.summary}", "labels")
    gaps = []
    for place, wanted in enumerate(wanted_body):
        own = body[place if column_order is None else column_order[place]]
        if gap := _column_gap(_taken(own, row_order), wanted, rule, arrays):
            label = _label(wanted_columns, place)
            gaps.append(gap.within(label, f"column `{label}`"))
    return gather(gaps, theirs[0] * theirs[1]) if gaps else None


def _label(index: Value, place: int) -> str:
    label = index.data[0].data[place]
    return str(label.data if isinstance(label, Value) else label)[:60]


def _order(got: Value, expected: Value, rule: Rule) -> list[int] | None:
    """Where in `got` each label of `expected` stands; None where order counts or labels do not match one to one."""
    if "order" not in rule.ignore:
        return None
    mine, theirs = _keys(got), _keys(expected)
    if len(set(mine)) != len(mine) or set(mine) != set(theirs):
        return None
    places = {label: place for place, label in enumerate(mine)}
    return [places[label] for label in theirs]


def _keys(index: Value) -> Sequence[str]:
    labels = index.data[0].data.tolist()
    return [repr((item.kind, item.data)) if isinstance(item, Value) else repr(item) for item in labels]


def _taken(column: Value, order: list[int] | None) -> Value:
    if order is None:
        return column
    return Value(column.kind, column.data[np.array(order, dtype=np.int64)], column.type, column.meta)
