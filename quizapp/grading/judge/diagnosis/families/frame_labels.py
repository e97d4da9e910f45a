"""DataFrames and Series: one instead of the other, labels, the order of rows and columns, dtypes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

MOST_COLUMNS = 4
"""Columns of a given DataFrame that are used by their names."""


def explain_type(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain a DataFrame of the values of the expected Series, and the reverse."""
    if got.kind == "frame" and expected.kind == "series":
        _, rows, body = got.data
        if len(body) == 1 and _agree(_series(body[0], rows, expected), expected, options):
            clause = "the values are right, but it is a DataFrame with one column, not a Series: select the column"
            yield Explanation(Mistake.FRAME_OR_SERIES, clause)
        if len(body) != 2:
            return
        if _agree(_series(body[1], _index(body[0], expected.data[1]), expected), expected, options):
            clause = "the values are right, but it is a DataFrame instead of a Series: its index became a column"
            yield Explanation(Mistake.FRAME_OR_SERIES, clause)
    elif got.kind == "series" and expected.kind == "frame" and len(expected.data[2]) == 1:
        _, rows, body = expected.data
        if _agree(got, _series(body[0], rows, got), options):
            clause = "the values are right, but it is a Series, not a DataFrame with one column: call `.to_frame()`"
            yield Explanation(Mistake.FRAME_OR_SERIES, clause)


def explain(got: Value, expected: Value, options: ComparisonOptions) -> Iterator[Explanation]:
    """Explain two DataFrames or two Series by their dtypes, their labels, or the order of rows and columns."""
    without_dtypes = replace(options, ignore=options.ignore | {"dtype"})
    if _agree(got, expected, without_dtypes):
        what = f"the dtype is {dict(got.meta)['dtype']}" if got.kind == "series" else "not the dtypes of all columns"
        yield Explanation(Mistake.DTYPE, f"the values and labels are right, but {what}")
    elif _agree(_with_rows_of(got, expected), expected, without_dtypes):
        yield Explanation(Mistake.INDEX, _describe_index(got, expected))
    elif _agree(_without_former_index(got), expected, without_dtypes):
        clause = "the values are right, but the former index became a column: use `reset_index(drop=True)`"
        yield Explanation(Mistake.INDEX, clause)
    elif _agree(got, expected, replace(without_dtypes, ignore=without_dtypes.ignore | {"order"})):
        yield _explain_order(got, expected)


def columns(got: Value, expected: Value) -> Iterator[tuple[str, Value, Value]]:
    """Yield (label, column of got, column of expected), each an array, if the labels and the number of rows agree."""
    if _labels(got.data[1]) != _labels(expected.data[1]):
        return
    if got.kind == "series":
        yield _text(expected.data[2]), *(replace(side.data[0], meta=()) for side in (got, expected))
    elif got.kind == "frame" and _labels(got.data[0]) == _labels(expected.data[0]):
        for label, column, wanted in zip(expected.data[0].data[0].data, got.data[2], expected.data[2], strict=True):
            yield _text(label), replace(column, meta=()), replace(wanted, meta=())


def named_columns(frame: Value) -> Iterator[tuple[str, Value]]:
    """Yield (label, column) for the first columns of a DataFrame whose labels are texts."""
    labels, _, body = frame.data
    for label, column in list(zip(labels.data[0].data, body, strict=True))[:MOST_COLUMNS]:
        name = label.data if isinstance(label, Value) else label
        if isinstance(name, str):
            yield name, column


def _text(label: Any) -> str:
    """Return a label in backticks."""
    return f"`{str(label.data if isinstance(label, Value) else label)[:60]}`"


def _agree(got: Value, expected: Value, options: ComparisonOptions) -> bool:
    return compare(got, expected, options) is None


def _series(column: Value, rows: Value, like: Value) -> Value:
    """Return a Series of the values of a column, named and typed like another one."""
    return Value("series", (column, rows, like.data[2]), like.type, column.meta)


def _index(column: Value, like: Value) -> Value:
    return Value("index", (column, like.data[1]), like.type, column.meta)


def _with_rows_of(value: Value, other: Value) -> Value:
    """Return a DataFrame or Series with the row labels of another one."""
    first, _, last = value.data
    return replace(value, data=(first, other.data[1], last))


def _without_former_index(value: Value) -> Value:
    """Return a DataFrame without its first column."""
    if value.kind != "frame" or len(value.data[2]) < 2:
        return value
    labels, rows, body = value.data
    names = labels.data[0]
    kept = replace(labels, data=(replace(names, data=names.data[1:]), labels.data[1]))
    return replace(value, data=(kept, rows, body[1:]))


def _labels(index: Value) -> list[object]:
    return [label.data if isinstance(label, Value) else label for label in index.data[0].data.tolist()]


def _describe_index(got: Value, expected: Value) -> str:
    are_default = [_labels(side.data[1]) == list(range(len(_labels(side.data[1])))) for side in (got, expected)]
    if are_default[0]:
        return "the values are right, but the index is lost: it only numbers the rows"
    if are_default[1]:
        return "the values are right, but the index should only number the rows: call `.reset_index(drop=True)`"
    return "the values are right, but the labels of the index are not"


def _explain_order(got: Value, expected: Value) -> Explanation:
    """Explain the right rows, or the right columns, in the wrong order."""
    labels, wanted = _labels(got.data[1]), _labels(expected.data[1])
    if labels == wanted:
        what = "columns" if got.kind == "frame" else "values"
        return Explanation(Mistake.REORDERED, f"the {what} are right, but in the wrong order")
    is_reversed = len(wanted) > 2 and labels == wanted[::-1]
    if any(_is_sorted(column) for column in _sortable(expected)):
        if is_reversed:
            clause = "the rows are right, but sorted in the opposite order: check `ascending`"
            return Explanation(Mistake.SORTED_OTHER_WAY, clause)
        return Explanation(Mistake.UNSORTED, "the rows are right, but not sorted")
    if is_reversed:
        return Explanation(Mistake.REVERSED, "the rows are right, but in reverse order")
    return Explanation(Mistake.REORDERED, "the rows are right, but in the wrong order")


def _sortable(value: Value) -> list[Any]:
    """Return the columns, and the labels of the rows unless they only number them, as arrays."""
    body = value.data[2] if value.kind == "frame" else (value.data[0],)
    labels = value.data[1].data[0].data
    is_numbering = sorted(_labels(value.data[1]), key=str) == sorted(range(len(labels)), key=str)
    return [*([] if is_numbering else [labels]), *(column.data for column in body)]


def _is_sorted(values: Any) -> bool:
    """Return whether an array of numbers or texts is sorted in either direction, and not constant."""
    items = [item.data if isinstance(item, Value) else item for item in values.tolist()]
    try:
        ordered = sorted(items)
    except TypeError:
        return False
    return items in (ordered, ordered[::-1]) and ordered[0] != ordered[-1]
