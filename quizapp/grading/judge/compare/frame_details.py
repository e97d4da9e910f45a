"""Details of how pandas values differ: labels, their order, and dtypes, one line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES, ComparisonOptions
from quizapp.sandbox.values.model import Value

MAX_LABEL = 60
"""Characters of a label."""

MAX_LABELS = 5
"""Labels named in one line."""

MAX_COMPARED_LABELS = 10_000


def frame_details(got: Value, expected: Value, options: ComparisonOptions) -> tuple[str, ...]:
    """Return how index, columns and dtypes of two frames or series differ."""
    ordered, compares_dtypes = "order" not in options.ignore, "dtype" not in options.ignore
    if got.kind == "series":
        lines = [*_label_details("index", got.data[1], expected.data[1], ordered=ordered)]
        if compares_dtypes and dtype_of(got) != dtype_of(expected):
            lines.append(f"expected dtype {dtype_of(expected)}, got {dtype_of(got)}")
        return tuple(lines)
    names = enumerate(("columns", "index"))
    axes = [_label_details(name, got.data[i], expected.data[i], ordered=ordered) for i, name in names]
    dtypes = _dtype_details(got, expected) if compares_dtypes else ()
    return tuple(islice(chain(*axes, dtypes), SHOWN_PLACES))


def _dtype_details(got: Value, expected: Value) -> Iterator[str]:
    """Yield the columns of both frames that have another dtype."""
    columns = dict(zip(_labels(got.data[0]), got.data[2], strict=False))
    for label, column in zip(_labels(expected.data[0]), expected.data[2], strict=False):
        if label in columns and dtype_of(columns[label]) != dtype_of(column):
            yield f"column {label}: expected dtype {dtype_of(column)}, got {dtype_of(columns[label])}"


def label_text(label: object) -> str:
    """Return a label as text: strings in quotes, those of several levels as a tuple."""
    data = label.data if isinstance(label, Value) else label
    if isinstance(data, tuple):
        text = f"({', '.join(map(label_text, data))})"
    else:
        text = repr(str(data)) if isinstance(data, str) else str(data)
    return text if len(text) <= MAX_LABEL else f"{text[: MAX_LABEL - 1]}…"


def label_at(index: Value, position: int) -> str:
    """Return one label of an index as text."""
    return label_text(index.data[0].data[position])


def _labels(index: Value) -> list[str]:
    """Return the first labels of an index as text."""
    return list(map(label_text, index.data[0].data[:MAX_COMPARED_LABELS].tolist()))


def dtype_of(value: Value) -> str:
    """Return the dtype as pandas names it: `int64`, `category`."""
    return dict(value.meta).get("dtype", "")


def _label_details(name: str, got: Value, expected: Value, *, ordered: bool) -> Iterator[str]:
    """Yield how two indexes differ, in at most one line: other labels, another order, or another dtype."""
    labels, expected_labels = _labels(got), _labels(expected)
    missing, extra = Counter(expected_labels) - Counter(labels), Counter(labels) - Counter(expected_labels)
    if missing or extra:
        clauses = [("missing", missing), ("not expected", extra)]
        yield f"{name}: " + ", ".join(f"{what} {_names(list(labels))}" for what, labels in clauses if labels)
    elif labels != expected_labels:
        if ordered:
            yield f"{name}: expected the order {_names(expected_labels)}, got {_names(labels)}"
    elif dtype_of(got) != dtype_of(expected):
        yield f"{name}: expected dtype {dtype_of(expected)}, got {dtype_of(got)}"


def _names(labels: Sequence[str]) -> str:
    return ", ".join(labels[:MAX_LABELS]) + (" …" if len(labels) > MAX_LABELS else "")
