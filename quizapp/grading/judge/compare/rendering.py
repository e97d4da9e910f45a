"""Values and exceptions as sides of a comparison: text and elements for the screen, limited in size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from quizapp.grading.judge.compare.arrays import as_tensor, dtype_text
from quizapp.grading.judge.compare.compare import device_of, items
from quizapp.grading.judge.compare.tensors import MAX_DRAWN, dtype_name
from quizapp.grading.judge_protocol import Side
from quizapp.sandbox.protocol import Raised
from quizapp.sandbox.values.model import Value

MAX_TEXT = 2000
"""Number of characters of a printed value."""

MAX_ITEMS = 50
"""Number of items of a container that are printed."""


def side_of(value: Value) -> Side:
    """Return a value as one side of a comparison."""
    kind = {
        "array": "ndarray",
        "masked": "MaskedArray",
        "frame": "DataFrame",
        "series": "Series",
        "index": "Index",
        "none": "None",
    }
    side = Side(kind.get(value.kind, value.type.rpartition(".")[2] or value.kind), show(value, MAX_TEXT))
    if value.kind == "tensor":
        tensor = value.data
        shape = None if tensor.is_nested else tuple(tensor.shape)
        return Side("tensor", side.text, shape, dtype_name(tensor), device_of(value), _drawn_values(tensor))
    if value.kind == "array":
        numbers = as_tensor(value.data)
        values = None if numbers is None else _drawn_values(numbers)
        return Side("ndarray", side.text, value.data.shape, dtype_text(value.data), None, values)
    return side


def raised_side(raised: Raised) -> Side:
    """Return an exception as one side of a comparison."""
    return Side(raised.type, clip(f"{raised.type}: {raised.message}", MAX_TEXT))


def _drawn_values(tensor: torch.Tensor) -> tuple[float | str | None, ...] | None:
    """Return the elements in row-major order; None if there are too many to draw, or none."""
    if tensor.is_nested or tensor.is_meta or tensor.numel() > MAX_DRAWN:
        return None
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    dense = tensor if tensor.layout is torch.strided else tensor.to_dense()
    return tuple(_drawn_value(number) for number in dense.flatten().tolist())


def _drawn_value(number: Any) -> float | str | None:
    if isinstance(number, bool):
        return int(number)
    if isinstance(number, complex) or not math.isfinite(number):
        return str(number)
    return float(number) if isinstance(number, float) else int(number)


def clip(text: str, limit: int) -> str:
    """Return `text`, cut to at most `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def show(value: Value, budget: int) -> str:
    """Return the value as text of about `budget` characters at most."""
    if value.kind in ("list", "tuple", "set", "frozenset"):
        return _show_items(value, budget)
    if value.kind == "dict":
        labels = [f"{show(key, 80)}: " for key, _ in value.data[:MAX_ITEMS]]
        return f"{{{_join_items(labels, [item for _, item in value.data], budget)}}}"
    return clip(_show_plain(value), budget)


def _show_items(value: Value, budget: int) -> str:
    inner = items(value)
    parts = _join_items([""] * min(len(inner), MAX_ITEMS), list(inner), budget)
    if value.kind == "tuple":
        return f"({parts},)" if len(inner) == 1 else f"({parts})"
    if value.kind == "list":
        return f"[{parts}]"
    return f"{value.kind}({{{parts}}})" if value.kind == "frozenset" else f"{{{parts}}}" if inner else "set()"


def _join_items(labels: list[str], values: list[Value], budget: int) -> str:
    """Return values with their labels, as many as the budget allows; there are at most as many as labels."""
    parts: list[str] = []
    for label, value in zip(labels, values, strict=False):
        if budget <= 0:
            break
        parts.append(label + show(value, budget))
        budget -= len(parts[-1]) + 2
    return ", ".join([*parts, "…"] if len(parts) < len(values) else parts)


def _show_plain(value: Value) -> str:
    data = value.data
    match value.kind:
        case "int" if data.bit_length() > 4096:
            return f"an integer of {data.bit_length()} bits"
        case "str" | "bytes" if len(data) > MAX_TEXT:
            return f"{data[:MAX_TEXT]!r}…"
        case "array" if data.dtype.kind == "O":
            shown = _join_items([""] * MAX_ITEMS, data.ravel()[: MAX_ITEMS + 1].tolist(), MAX_TEXT)
            return f"array([{shown}], dtype=object)"
        case "tensor" | "array":
            return repr(data)
        case "masked":
            return _show_masked(*(part.data for part in data))
        case "frame" | "series" | "index":
            return _show_labelled(value)
        case "size":
            return f"torch.Size({list(data)})"
        case "slice":
            return f"slice({', '.join(show(part, 80) for part in data)})"
        case "range":
            return repr(range(*data))
        case "dtype" | "enum" | "named":
            return str(data)
        case "device":
            return f"device({data!r})"
        case "exception":
            return f"{data[0].rpartition('.')[2]}({data[1]!r})"
    return repr(data)


def _show_masked(array: Any, mask: Any) -> str:
    if array.dtype.kind == "O":
        array = np.array([show(item, 80) for item in array.ravel().tolist()], dtype=object).reshape(mask.shape)
    return repr(np.ma.array(array, mask=mask))


def _show_labelled(value: Value) -> str:
    """Return the first rows of a pandas value as pandas prints them."""
    import pandas as pd

    if value.kind == "index":
        array = value.data[0].data
        labels = [*map(str, _cell_texts(array[:MAX_ITEMS])), *(["…"] if len(array) > MAX_ITEMS else [])]
        return f"Index([{', '.join(labels)}], dtype={dict(value.meta).get('dtype', '')!r})"
    if value.kind == "series":
        column, rows, _ = value.data
        return repr(pd.Series(_cell_texts(column.data[:MAX_ITEMS]), index=_cell_texts(rows.data[0].data[:MAX_ITEMS])))
    columns, rows, body = value.data
    labels = _cell_texts(columns.data[0].data[:MAX_ITEMS])
    table = [_cell_texts(column.data[:MAX_ITEMS]) for column in body[:MAX_ITEMS]]
    # A dict cannot have two columns with one label, so columns are numbered first and then labelled.
    frame = pd.DataFrame(dict(enumerate(table)), index=_cell_texts(rows.data[0].data[:MAX_ITEMS]))
    return repr(frame.set_axis(labels, axis="columns"))


def _cell_texts(array: Any) -> list[Any]:
    return [show(item, 80) if isinstance(item, Value) else item for item in array.tolist()]
