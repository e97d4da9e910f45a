"""A value or an exception as one side of a comparison: what the screen shows of it, bounded."""

from __future__ import annotations

import math
from typing import Any

import torch

from quizapp.grading.findings import Side
from quizapp.grading.judge.compare.arrays import as_tensor, dtype_text
from quizapp.grading.judge.compare.compare import device_of, items
from quizapp.grading.judge.compare.tensors import PICTURE, dtype_name
from quizapp.sandbox.protocol import Raised
from quizapp.sandbox.values.model import Value

LONGEST = 2000
"""Characters of a printed value."""

ITEMS = 50
"""Items of a container that are printed."""


def side_of(value: Value) -> Side:
    """What the screen shows of a value."""
    kind = {"array": "ndarray", "frame": "DataFrame", "series": "Series", "index": "Index", "none": "None"}
    side = Side(kind.get(value.kind, value.type.rpartition(".")[2] or value.kind), show(value, LONGEST))
    if value.kind == "tensor":
        tensor = value.data
        shape = None if tensor.is_nested else tuple(tensor.shape)
        return Side("tensor", side.text, shape, dtype_name(tensor), device_of(value), _picture(tensor))
    if value.kind == "array":
        numbers = as_tensor(value.data)
        values = None if numbers is None else _picture(numbers)
        return Side("ndarray", side.text, value.data.shape, dtype_text(value.data), None, values)
    return side


def raised_side(raised: Raised) -> Side:
    return Side(raised.type, clip(f"{raised.type}: {raised.message}", LONGEST))


def _picture(tensor: torch.Tensor) -> tuple[float | str | None, ...] | None:
    """The values in row-major order, where they are few enough to draw."""
    if tensor.is_nested or tensor.is_meta or tensor.numel() > PICTURE:
        return None
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    dense = tensor if tensor.layout is torch.strided else tensor.to_dense()
    return tuple(_cell(number) for number in dense.flatten().tolist())


def _cell(number: Any) -> float | str | None:
    if isinstance(number, bool):
        return int(number)
    if isinstance(number, complex) or not math.isfinite(number):
        return str(number)
    return float(number) if isinstance(number, float) else int(number)


def clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def show(value: Value, budget: int) -> str:
    """The value printed in at most about `budget` characters."""
    if value.kind in ("list", "tuple", "set", "frozenset"):
        return _show_items(value, budget)
    if value.kind == "dict":
        parts = _shown([f"{show(key, 80)}: " for key, _ in value.data[:ITEMS]], [v for _, v in value.data], budget)
        return f"{{{parts}}}"
    return clip(_show_plain(value), budget)


def _show_items(value: Value, budget: int) -> str:
    inner = items(value)
    parts = _shown([""] * min(len(inner), ITEMS), list(inner), budget)
    if value.kind == "tuple":
        return f"({parts},)" if len(inner) == 1 else f"({parts})"
    if value.kind == "list":
        return f"[{parts}]"
    return f"{value.kind}({{{parts}}})" if value.kind == "frozenset" else f"{{{parts}}}" if inner else "set()"


def _shown(labels: list[str], values: list[Value], budget: int) -> str:
    """Labelled values, as many as the budget holds."""
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
        case "str" | "bytes" if len(data) > LONGEST:
            return f"{data[:LONGEST]!r}…"
        case "array" if data.dtype.kind == "O":
            return f"array([{_shown([''] * ITEMS, data.ravel()[: ITEMS + 1].tolist(), LONGEST)}], dtype=object)"
        case "tensor" | "array":
            return repr(data)
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


def _show_labelled(value: Value) -> str:
    """A pandas value as pandas prints it, of its first rows."""
    import pandas as pd

    if value.kind == "index":
        return repr(pd.Index(_cells(value.data[0].data[:ITEMS])))
    if value.kind == "series":
        column, rows, _ = value.data
        return repr(pd.Series(_cells(column.data[:ITEMS]), index=_cells(rows.data[0].data[:ITEMS])))
    columns, rows, body = value.data
    labels = _cells(columns.data[0].data[:ITEMS])
    table = [_cells(column.data[:ITEMS]) for column in body[:ITEMS]]
    # Columns are numbered first: two of them may have one label.
    frame = pd.DataFrame(dict(enumerate(table)), index=_cells(rows.data[0].data[:ITEMS]))
    return repr(frame.set_axis(labels, axis="columns"))


def _cells(array: Any) -> list[Any]:
    return [show(item, 80) if isinstance(item, Value) else item for item in array.tolist()]
