"""A value <-> plain bytes. `encode` runs in the worker, `decode` in the judge; neither uses pickle.

The bytes are one JSON tree, preceded by its length, and the tensors and arrays it names as safetensors.
Loads torch, so nothing that the app imports at start may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_BYTES = 64 << 20
"""Of all tensors, arrays and texts of one value together."""

MAX_ITEMS = 200_000
"""Nodes of one value: list items, keys, labels …"""

MAX_DEPTH = 64

MAX_RANK = 64
"""Dimensions of one tensor."""


class NotSerializable(Exception):
    """The value is no plain data, or too large; or the bytes are none that `encode` wrote."""


@dataclass(frozen=True, slots=True)
class Value:
    """One decoded value. `kind` says how to read `data`:

    ==============  ============================================================================
    kind            data
    ==============  ============================================================================
    none            None
    bool int float complex str bytes   the Python value
    numpy           a NumPy scalar (np.generic)
    dtype device    its text: `torch.float32`, `cuda:0`
    size            tuple of int (torch.Size)
    slice           (start, stop, step), each a Value
    range           (start, stop, step), each an int
    enum            qualified name of the member
    named           qualified name of a class, function or module
    exception       (qualified class name, message): an exception that was *returned* as a value;
                    `meta` has bases, the qualified names of its classes, separated by blanks
    tensor          torch.Tensor on the CPU (or `meta`), detached; `meta` has device, layout, and parameter
                    where it is one; sparse, quantised and nested tensors keep their layout
    array           numpy.ndarray; one of objects has Values as its items
    frame           (columns, rows, values): columns and rows are index Values, values a tuple of array Values,
                    one for each column, with the column's dtype in its meta
    series          (values, rows, name): an array Value, an index Value, a Value; `meta` has dtype
    index           (values, names): an array Value and a list Value; `meta` has dtype
    list tuple set frozenset   tuple of Value
    dict            tuple of (Value, Value)
    ==============  ============================================================================

    A str of kind `str` with `printed` in its meta is what was printed: `stdout` or `stderr`.
    """

    kind: str
    data: Any
    type: str
    """Qualified name of the value's class: `builtins.list`, `torch.nn.parameter.Parameter` …"""

    meta: tuple[tuple[str, str], ...] = ()


def encode(value: object) -> bytes:
    """Plain bytes of `value`; raises `NotSerializable` for what is no plain data or too large."""
    from quizapp.sandbox.values.encoder import ValueEncoder

    return ValueEncoder().write(value)


def decode(data: bytes) -> Value:
    """The value that `encode` wrote; raises `NotSerializable` for bytes that it cannot have written."""
    from quizapp.sandbox.values.decoder import ValueDecoder

    return ValueDecoder(data).read()
