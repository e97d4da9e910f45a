"""Encodes DataFrames, Series and indexes; imported only when such a value occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quizapp.sandbox.values.model import MAX_ITEMS, NotSerializable

if TYPE_CHECKING:
    from quizapp.sandbox.values.encoder import Node, ValueEncoder


def pandas_node(encoder: ValueEncoder, value: Any, depth: int) -> Node:
    """Return the node of one pandas value; raises `NotSerializable` for unsupported classes and sizes."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        if value.size > MAX_ITEMS * 64 or value.shape[1] > MAX_ITEMS:
            raise NotSerializable(f"a frame of {value.shape[0]:,} rows and {value.shape[1]:,} columns")
        columns = [_column(encoder, value.iloc[:, column], depth) for column in range(value.shape[1])]
        axes = [encoder.node(value.columns, depth + 1), encoder.node(value.index, depth + 1)]
        return {"k": "frame", "d": [*axes, columns]}
    if isinstance(value, pd.Series):
        rows, name = encoder.node(value.index, depth + 1), encoder.node(value.name, depth + 1)
        return {"k": "series", "m": {"dtype": str(value.dtype)}, "d": [_column(encoder, value, depth), rows, name]}
    if isinstance(value, pd.Index):
        names = encoder.node(list(value.names), depth + 1)
        return {"k": "index", "m": {"dtype": str(value.dtype)}, "d": [_column(encoder, value, depth), names]}
    if value is pd.NA or value is pd.NaT:
        return {"k": "named", "d": f"pandas.{value}"}
    if isinstance(value, pd.Timestamp | pd.Timedelta | pd.Period | pd.Interval):
        return {"k": "str", "d": str(value)[:500]}
    if isinstance(value, pd.api.extensions.ExtensionDtype):
        return {"k": "dtype", "d": str(value)[:500]}
    raise NotSerializable(f"a {type(value).__name__} is not plain data")


def _column(encoder: ValueEncoder, values: Any, depth: int) -> Node:
    """Return a column's values as an array node, with its pandas dtype in `m`."""
    if len(values) > MAX_ITEMS * 64:
        raise NotSerializable(f"a column of {len(values):,} rows")
    dtype = values.dtype
    plain = isinstance(dtype, np.dtype) and dtype.kind != "O"
    if not plain and len(values) > MAX_ITEMS:
        raise NotSerializable(f"a column of {len(values):,} rows")
    array = values.to_numpy() if plain else _object_array(values)
    return {"t": "numpy.ndarray", **encoder.array(array, depth + 1), "m": {"dtype": str(dtype)}}


def _object_array(values: Any) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    for index, item in enumerate(values):
        array[index] = item
    return array
