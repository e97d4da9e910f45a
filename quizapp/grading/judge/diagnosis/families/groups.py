"""The wrong statistic of the groups of a given DataFrame: the median for the mean in `groupby`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from quizapp.grading.judge.compare.mismatch import TOLERANCES
from quizapp.grading.judge.diagnosis.evidence import Explanation
from quizapp.grading.judge.diagnosis.families.frame_labels import named_columns
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

MOST_ROWS = 100_000
FEWEST_GROUPS = 2

Array = np.ndarray[Any, np.dtype[Any]]

STATISTICS: tuple[tuple[str, Callable[[Array], float]], ...] = (
    ("mean", np.mean),
    ("median", np.median),
    ("sum", np.sum),
    ("maximum", np.max),
    ("minimum", np.min),
    ("count", np.size),
    ("standard deviation", lambda values: float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")),
    ("biased standard deviation", np.std),
    ("variance", lambda values: float(np.var(values, ddof=1)) if len(values) > 1 else float("nan")),
    ("first value", lambda values: float(values[0])),
    ("last value", lambda values: float(values[-1])),
)


def explain(given: Mapping[str, Value], got: Value, expected: Value) -> Iterator[Explanation]:
    """Explain two Series that are different statistics of one column of a given DataFrame, grouped by another."""
    if not got.kind == expected.kind == "series":
        return
    labels = [_plain(side.data[1].data[0].data) for side in (got, expected)]
    sides = [side.data[0].data for side in (got, expected)]
    if labels[0] != labels[1] or len(labels[0]) < FEWEST_GROUPS or any(side.dtype.kind not in "iuf" for side in sides):
        return
    for name, frame in given.items():
        if frame.kind != "frame":
            continue
        columns = list(named_columns(frame))
        for (key, keys), (column, values) in product(columns, columns):
            if key == column or values.data.dtype.kind not in "iuf" or len(values.data) > MOST_ROWS:
                continue
            parts = _groups(_plain(keys.data), values.data, labels[0])
            found = [_statistics(parts, side) for side in sides] if parts else [[], []]
            if len(found[0]) == len(found[1]) == 1 and found[0] != found[1]:
                what = f"the {found[0][0]} of `{name}[{column!r}]` was taken by `{key}`"
                yield Explanation(Mistake.OTHER_FUNCTION, f"{what} instead of the {found[1][0]}")
                return


def _plain(array: Array) -> list[object]:
    return [item.data if isinstance(item, Value) else item for item in array.tolist()]


def _groups(keys: list[object], values: Array, labels: list[object]) -> list[Array]:
    """Return the values of each label; none if the labels are not the keys."""
    if len(set(labels)) != len(labels) or set(keys) != set(labels):
        return []
    rows: dict[object, list[int]] = {label: [] for label in labels}
    for row, key in enumerate(keys):
        rows[key].append(row)
    return [values[np.array(indices)] for indices in rows.values()]


def _statistics(parts: list[Array], result: Array) -> list[str]:
    """Return the names of the statistics of the groups that give `result`."""
    rtol, atol = TOLERANCES["float32"]
    return [
        name
        for name, statistic in STATISTICS
        if np.allclose([statistic(part) for part in parts], result, rtol=rtol, atol=atol, equal_nan=False)
    ]
