"""Whether two DataFrames, Series or Indexes agree: shape, labels, order, dtypes, values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from quizapp.grading.judge.compare.mismatch import ComparisonOptions, Mismatch, gather
from quizapp.sandbox.values.model import Value

PANDAS = frozenset({"frame", "series", "index"})

Arrays = Callable[[Any, Any, ComparisonOptions], Mismatch | None]
"""How two array Values' data are compared."""


def frame_mismatch(got: Value, expected: Value, rule: ComparisonOptions, arrays: Arrays) -> Mismatch | None:
    """None where two pandas values of one kind agree."""
    if got.kind == "index":
        return _index_mismatch(got, expected, rule, arrays)
    if got.kind == "series":
        return _series_mismatch(got, expected, rule, arrays)
    return _frame_mismatch(got, expected, rule, arrays)


def _size(index: Value) -> int:
    return int(index.data[0].data.shape[0])


def _dtype(value: Value) -> str:
    return dict(value.meta).get("dtype", "")


def _index_mismatch(got: Value, expected: Value, rule: ComparisonOptions, arrays: Arrays) -> Mismatch | None:
    if _size(got) != _size(expected):
        return Mismatch(f"{_size(got)} labels instead of {_size(expected)}", "shape")
    return _column_mismatch(got.data[0], expected.data[0], rule, arrays, (_dtype(got), _dtype(expected)))


def _column_mismatch(
    got: Value, expected: Value, rule: ComparisonOptions, arrays: Arrays, dtypes: tuple[str, str] | None = None
) -> Mismatch | None:
    mine, theirs = dtypes or (_dtype(got), _dtype(expected))
    if mine != theirs and "dtype" not in rule.ignore:
        return Mismatch(f"dtype {mine} instead of {theirs}", "dtype")
    return arrays(got.data, expected.data, rule)


def _series_mismatch(got: Value, expected: Value, rule: ComparisonOptions, arrays: Arrays) -> Mismatch | None:
    (mine, rows, _), (theirs, wanted, _) = got.data, expected.data
    if _size(rows) != _size(wanted):
        return Mismatch(f"shape {(_size(rows),)} instead of {(_size(wanted),)}", "shape")
    order = _order(rows, wanted, rule)
    if order is None and (gap := _index_mismatch(rows, wanted, rule, arrays)):
        return Mismatch(f"other labels: {gap.summary}", "labels")
    return _column_mismatch(_taken(mine, order), theirs, rule, arrays, (_dtype(got), _dtype(expected)))


def _frame_mismatch(got: Value, expected: Value, rule: ComparisonOptions, arrays: Arrays) -> Mismatch | None:
    (columns, rows, body), (wanted_columns, wanted_rows, wanted_body) = got.data, expected.data
    mine, theirs = (_size(rows), len(body)), (_size(wanted_rows), len(wanted_body))
    if mine != theirs:
        return Mismatch(f"shape {mine} instead of {theirs}", "shape")
    column_order, row_order = _order(columns, wanted_columns, rule), _order(rows, wanted_rows, rule)
    if column_order is None and (gap := _index_mismatch(columns, wanted_columns, rule, arrays)):
        return Mismatch(f"other column labels: {gap.summary}", "labels")
    if row_order is None and (gap := _index_mismatch(rows, wanted_rows, rule, arrays)):
        return Mismatch(f"other row labels: {gap.summary}", "labels")
    gaps = []
    for place, wanted in enumerate(wanted_body):
        own = body[place if column_order is None else column_order[place]]
        if gap := _column_mismatch(_taken(own, row_order), wanted, rule, arrays):
            label = _label(wanted_columns, place)
            gaps.append(gap.within(label, f"column `{label}`"))
    return gather(gaps, theirs[0] * theirs[1]) if gaps else None


def _label(index: Value, place: int) -> str:
    label = index.data[0].data[place]
    return str(label.data if isinstance(label, Value) else label)[:60]


def _order(got: Value, expected: Value, rule: ComparisonOptions) -> list[int] | None:
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
