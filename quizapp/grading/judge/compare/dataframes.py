"""Comparison of DataFrames, Series and Indexes: shape, labels, order, dtypes, values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from quizapp.grading.judge.compare.frame_details import dtype_of, frame_details, label_at
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, merge_mismatches
from quizapp.grading.judge_protocol import Mismatch
from quizapp.sandbox.values.model import Value

PANDAS = frozenset({"frame", "series", "index"})

CompareArrays = Callable[[Any, Any, ComparisonOptions], Mismatch | None]
"""Compares the data of two values of kind `array`."""


def frame_mismatch(got: Value, expected: Value, options: ComparisonOptions, arrays: CompareArrays) -> Mismatch | None:
    """Return how two pandas values of one kind differ; None if they agree."""
    if got.kind == "index":
        return _index_mismatch(got, expected, options, arrays)
    compare = _series_mismatch if got.kind == "series" else _frame_mismatch
    mismatch = compare(got, expected, options, arrays)
    return replace(mismatch, details=frame_details(got, expected, options)) if mismatch else None


def _size(index: Value) -> int:
    return int(index.data[0].data.shape[0])


def _index_mismatch(got: Value, expected: Value, options: ComparisonOptions, arrays: CompareArrays) -> Mismatch | None:
    if _size(got) != _size(expected):
        return Mismatch(f"{_size(got)} labels instead of {_size(expected)}", "shape")
    return _column_mismatch(got.data[0], expected.data[0], options, arrays, (dtype_of(got), dtype_of(expected)))


def _column_mismatch(
    got: Value,
    expected: Value,
    options: ComparisonOptions,
    arrays: CompareArrays,
    dtypes: tuple[str, str] | None = None,
) -> Mismatch | None:
    got_dtype, expected_dtype = dtypes or (dtype_of(got), dtype_of(expected))
    if got_dtype == expected_dtype or "dtype" in options.ignore:
        return arrays(got.data, expected.data, options)
    summary, size = f"dtype {got_dtype} instead of {expected_dtype}", expected.data.size
    if (got.data.dtype.kind == "O") != (expected.data.dtype.kind == "O"):
        return Mismatch(summary, "dtype", size, size)
    values = arrays(got.data, expected.data, replace(options, ignore=options.ignore | {"dtype"}))
    return replace(values or Mismatch("", differing=0, total=size), summary=summary, aspect="dtype")


def _with_labels(mismatch: Mismatch, rows: Value, column: str = "") -> Mismatch:
    """Return the mismatch of a series, or of a column, with the labels of its cells."""
    axis = 1 if column else 0
    places = [
        replace(place, where=f"row {label_at(rows, int(place.index[axis]))}" + (f", column {column}" if column else ""))
        for place in mismatch.places
    ]
    return replace(mismatch, places=tuple(places))


def _series_mismatch(got: Value, expected: Value, options: ComparisonOptions, arrays: CompareArrays) -> Mismatch | None:
    (column, rows, _), (expected_column, expected_rows, _) = got.data, expected.data
    if _size(rows) != _size(expected_rows):
        return Mismatch(f"shape {(_size(rows),)} instead of {(_size(expected_rows),)}", "shape")
    order = _order(rows, expected_rows, options)
    if order is None and (mismatch := _index_mismatch(rows, expected_rows, options, arrays)):
        return Mismatch(f"different labels: {mismatch.summary}", "labels")
    dtypes = (dtype_of(got), dtype_of(expected))
    mismatch = _column_mismatch(_reordered(column, order), expected_column, options, arrays, dtypes)
    return mismatch and _with_labels(mismatch, expected_rows)


def _frame_mismatch(got: Value, expected: Value, options: ComparisonOptions, arrays: CompareArrays) -> Mismatch | None:
    (columns, rows, body), (expected_columns, expected_rows, expected_body) = got.data, expected.data
    shape, expected_shape = (_size(rows), len(body)), (_size(expected_rows), len(expected_body))
    if shape != expected_shape:
        return Mismatch(f"shape {shape} instead of {expected_shape}", "shape")
    column_order, row_order = _order(columns, expected_columns, options), _order(rows, expected_rows, options)
    if column_order is None and (mismatch := _index_mismatch(columns, expected_columns, options, arrays)):
        return Mismatch(f"different column labels: {mismatch.summary}", "labels")
    if row_order is None and (mismatch := _index_mismatch(rows, expected_rows, options, arrays)):
        return Mismatch(f"different row labels: {mismatch.summary}", "labels")
    mismatches = []
    for place, expected_column in enumerate(expected_body):
        column = body[place if column_order is None else column_order[place]]
        if mismatch := _column_mismatch(_reordered(column, row_order), expected_column, options, arrays):
            label = _label(expected_columns, place)
            mismatch = mismatch.within(label, f"column `{label}`")
            mismatches.append(_with_labels(mismatch, expected_rows, label_at(expected_columns, place)))
    return merge_mismatches(mismatches, shape[0] * shape[1]) if mismatches else None


def _label(index: Value, place: int) -> str:
    label = index.data[0].data[place]
    return str(label.data if isinstance(label, Value) else label)[:60]


def _order(got: Value, expected: Value, options: ComparisonOptions) -> list[int] | None:
    """Return the position in `got` of each label of `expected`; None if order counts or labels do not match."""
    if "order" not in options.ignore:
        return None
    labels, expected_labels = _keys(got), _keys(expected)
    if len(set(labels)) != len(labels) or set(labels) != set(expected_labels):
        return None
    places = {label: place for place, label in enumerate(labels)}
    return [places[label] for label in expected_labels]


def _keys(index: Value) -> Sequence[str]:
    labels = index.data[0].data.tolist()
    return [repr((item.kind, item.data)) if isinstance(item, Value) else repr(item) for item in labels]


def _reordered(column: Value, order: list[int] | None) -> Value:
    if order is None:
        return column
    return Value(column.kind, column.data[np.array(order, dtype=np.int64)], column.type, column.meta)
