"""Frames, series and indexes as plain nodes; loaded only when a value is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quizapp.sandbox.values.model import MAX_ITEMS, NotSerializable

if TYPE_CHECKING:
    from quizapp.sandbox.values.encoder import Node, ValueEncoder


def write(writer: ValueEncoder, value: Any, depth: int) -> Node:
    """The node of one pandas value; raises `NotSerializable` for any other of its classes."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        if value.size > MAX_ITEMS * 64 or value.shape[1] > MAX_ITEMS:
            raise NotSerializable(f"a frame of {value.shape[0]:,} rows and {value.shape[1]:,} columns")
        columns = [_column(writer, value.iloc[:, place], depth) for place in range(value.shape[1])]
        axes = [writer.node(value.columns, depth + 1), writer.node(value.index, depth + 1)]
        return {"k": "frame", "d": [*axes, columns]}
    if isinstance(value, pd.Series):
        rows, name = writer.node(value.index, depth + 1), writer.node(value.name, depth + 1)
        return {"k": "series", "m": {"dtype": str(value.dtype)}, "d": [_column(writer, value, depth), rows, name]}
    if isinstance(value, pd.Index):
        names = writer.node(list(value.names), depth + 1)
        return {"k": "index", "m": {"dtype": str(value.dtype)}, "d": [_column(writer, value, depth), names]}
    if value is pd.NA or value is pd.NaT:
        return {"k": "named", "d": f"pandas.{value}"}
    if isinstance(value, pd.Timestamp | pd.Timedelta | pd.Period | pd.Interval):
        return {"k": "str", "d": str(value)[:500]}
    if isinstance(value, pd.api.extensions.ExtensionDtype):
        return {"k": "dtype", "d": str(value)[:500]}
    raise NotSerializable(f"a {type(value).__name__} is no plain data")


def _column(writer: ValueEncoder, values: Any, depth: int) -> Node:
    """One column's values as an array node with the dtype that pandas gives it."""
    if len(values) > MAX_ITEMS * 64:
        raise NotSerializable(f"a column of {len(values):,} rows")
    dtype = values.dtype
    plain = isinstance(dtype, np.dtype) and dtype.kind != "O"
    if not plain and len(values) > MAX_ITEMS:
        raise NotSerializable(f"a column of {len(values):,} rows")
    array = values.to_numpy() if plain else _objects(values)
    return {"t": "numpy.ndarray", **writer.array(array, depth + 1), "m": {"dtype": str(dtype)}}


def _objects(values: Any) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    for place, item in enumerate(values):
        array[place] = item
    return array
