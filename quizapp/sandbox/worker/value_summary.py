"""Describes a value in a few words: its type and shape, or the value of a scalar.

No method of a learner's class is called, nothing is iterated, and no value is kept. Types are looked up by identity,
because the metaclass of a learner's class may define `__eq__` or `__hash__`.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

MAX_NAME = 40
"""Characters of the name of a class, function or module, and of a quoted text."""

MAX_BITS = 128
"""Bits of an integer that is written out."""

SCALARS = frozenset(map(id, (bool, int, float, complex, type(None), type(Ellipsis))))
"""Immutable types whose values are small enough to be kept, so that they can be described later."""

NUMPY_SCALARS = frozenset(map(id, np.sctypeDict.values()))


def is_scalar(value: object) -> bool:
    """Return whether `value` is of one of the built-in immutable types."""
    return id(type(value)) in SCALARS


def summarise(value: Any) -> str:
    """Return `float32 (4, 4)`, `list of 3`, `0.5`, `function relu` or, for all other values, the name of the class."""
    kind = type(value)
    describe = DESCRIBERS.get(id(kind))
    # In a traced graph, reading a shape adds an operator.
    if describe is not None and torch._C._get_tracing_state() is None:
        with contextlib.suppress(Exception):
            return describe(value)
    if id(kind) in NUMPY_SCALARS:
        return f"{class_name(kind)} {value!s}"
    return _summarise_frame(value) or class_name(kind)


def class_name(kind: type) -> str:
    """Return the bare name of a class, without calling its metaclass."""
    return _cut(type.__dict__["__name__"].__get__(kind))


def _cut(name: Any) -> str:
    """Return the start of a name, which may be of a subclass of `str`."""
    return str.__getitem__(name, slice(MAX_NAME))


def _tensor(tensor: torch.Tensor) -> str:
    # `torch.set_default_device` and a learner's modes see every attribute that is read.
    with torch._C.DisableTorchFunction():
        text = f"{str(tensor.dtype).removeprefix('torch.')} {tuple(tensor.shape)}"
        if not tensor.is_cpu:
            return f"{text} {tensor.device}"
        return text if tensor.dim() or _is_observed() else f"{text} = {_item(tensor)}"


def _is_observed() -> bool:
    """Return whether a mode, a transform of `torch.func` or a profiler would notice an operator."""
    if torch._C._len_torch_dispatch_stack() or torch._C._autograd._profiler_enabled():
        return True
    return torch._C._functorch.peek_interpreter_stack() is not None


def _item(tensor: torch.Tensor) -> str:
    item = tensor.detach().item()
    text = f"{item:.6g}" if isinstance(item, float) else str(item)
    return f"{text}.0" if isinstance(item, float) and text.lstrip("-").isdigit() else text


def _array(array: np.ndarray[Any, Any]) -> str:
    return f"{array.dtype.name} {array.shape}"


def _integer(value: int) -> str:
    return str(value) if value.bit_length() <= MAX_BITS else f"int of {value.bit_length():,} bits"


def _quoted(value: Any) -> str:
    return repr(value) if len(value) <= MAX_NAME else f"{value[: MAX_NAME - 1]!r}…"


def _container(value: Any) -> str:
    return f"{type(value).__name__} of {len(value)}"


def _function(function: Any) -> str:
    return f"function {_cut(function.__name__)}"


def _module(module: types.ModuleType) -> str:
    return f"module {_cut(object.__getattribute__(module, '__dict__')['__name__'])}"


def _summarise_frame(value: Any) -> str:
    """Return the shape of a DataFrame or Series; empty for other values, and while pandas is not loaded."""
    pandas = sys.modules.get("pandas")
    names = vars(pandas) if type(pandas) is types.ModuleType else {}
    with contextlib.suppress(Exception):
        if type(value) is names.get("DataFrame"):
            return f"DataFrame {value.shape}"
        if type(value) is names.get("Series"):
            return f"Series {value.dtype} {value.shape}"
    return ""


_BY_TYPE: dict[Any, Callable[[Any], str]] = {
    **dict.fromkeys((torch.Tensor, torch.nn.Parameter), _tensor),
    **dict.fromkeys((bool, float, complex, type(None), type(Ellipsis), range, torch.dtype, torch.device), str),
    **dict.fromkeys((str, bytes), _quoted),
    **dict.fromkeys((list, tuple, dict, set, frozenset), _container),
    **dict.fromkeys((types.FunctionType, types.BuiltinFunctionType, types.MethodType), _function),
    int: _integer,
    np.ndarray: _array,
    torch.Size: lambda size: f"Size {tuple(size)}",
    types.ModuleType: _module,
    type: lambda kind: f"class {class_name(kind)}",
}
DESCRIBERS = {id(kind): describe for kind, describe in _BY_TYPE.items()}
"""id of a type -> function that describes its values; the values of a subclass are not described by it."""
