"""Decoded values, and the limits of what can be encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_BYTES = 64 << 20
"""Bytes of all tensors, arrays and texts of one value together."""

MAX_ITEMS = 200_000
"""Nodes of one value: list items, keys, labels …"""

MAX_DEPTH = 64
"""Nesting levels of one value."""

MAX_RANK = 64
"""Dimensions of one tensor."""


class NotSerializable(Exception):
    """Raised for a value that is not plain data or too large, or for bytes that `encode` did not write."""


@dataclass(frozen=True, slots=True)
class Value:
    """A decoded value. `kind` determines the type of `data`:

    ==============  ============================================================================
    kind            data
    ==============  ============================================================================
    none            None
    bool int float complex str bytes   the Python value
    numpy           a NumPy scalar (np.generic)
    dtype device    its name: `torch.float32`, `cuda:0`
    size            tuple of int (torch.Size)
    slice           (start, stop, step), each a Value
    range           (start, stop, step), each an int
    enum            qualified name of the member
    named           qualified name of a class, function or module
    exception       (qualified class name, message): an exception that was *returned* as a value;
                    `meta` contains `bases`, the qualified names of its classes, separated by spaces
    tensor          torch.Tensor on the CPU (or `meta`), detached; `meta` contains `device`, `layout`, and
                    `parameter` for a Parameter; sparse, quantised and nested tensors keep their layout
    array           numpy.ndarray; the items of an object array are Values
    masked          (data, mask): two array Values of one shape (numpy.ma.MaskedArray)
    frame           (columns, rows, values): columns and rows are index Values, values a tuple of array Values,
                    one per column, with the column's dtype in its `meta`
    series          (values, rows, name): an array Value, an index Value, a Value; `meta` contains `dtype`
    index           (values, names): an array Value and a list Value; `meta` contains `dtype`
    list tuple set frozenset   tuple of Value
    dict            tuple of (Value, Value)
    ==============  ============================================================================

    A value of kind `str` with `printed` in its `meta` is captured output (`stdout` or `stderr`).
    """

    kind: str
    data: Any
    type: str
    """Qualified name of the class: `builtins.list`, `torch.nn.parameter.Parameter` …"""

    meta: tuple[tuple[str, str], ...] = ()
