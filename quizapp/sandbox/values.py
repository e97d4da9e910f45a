"""A value <-> plain bytes. `encode` runs in the worker, `decode` in the judge; neither uses pickle.

Loads torch, so nothing that the app imports at start may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
    slice range     (start, stop, step)
    enum            qualified name of the member
    named           qualified name of a class, function or module
    exception       (qualified class name, message): an exception that was *returned* as a value
    tensor          torch.Tensor on the CPU, detached; `meta` has device, layout, parameter
    array           numpy.ndarray
    frame series index   (data columns as Value, labels as Value …): see `encode`
    list tuple set frozenset   tuple of Value
    dict            tuple of (Value, Value)
    ==============  ============================================================================
    """

    kind: str
    data: Any
    type: str
    """Qualified name of the value's class: `builtins.list`, `torch.nn.parameter.Parameter` …"""

    meta: tuple[tuple[str, str], ...] = ()


def encode(value: object) -> bytes:
    """Plain bytes of `value`; raises `Refused` for what is no plain data or too large."""
    raise NotImplementedError


def decode(data: bytes) -> Value:
    """The value that `encode` wrote; raises `Refused` for bytes that it cannot have written."""
    raise NotImplementedError
