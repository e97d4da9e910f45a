"""Optimizers and `torch.func` without torch's compiler: loading it takes seconds and 80 MB, and nothing is compiled.

Torch asks the compiler to keep out of some functions, and loads it to ask. Where it is not loaded, it is out already.
Each of these does nothing on a torch that lacks what it looks for: then the compiler is loaded, as everywhere.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import _compile
from torch.optim import Optimizer, optimizer

COMPILER = "torch._dynamo"
SYMBOLS = "torch.fx.experimental.symbolic_shapes"
"""Its half: shapes that are not numbers, and SymPy."""

PLAIN = {torch.Tensor, torch.nn.Parameter}
Function = Callable[..., Any]


def leave_out_compiler() -> None:
    """Until somebody compiles something."""
    _call_disabled_functions()
    _step_optimizers()
    _make_gradients()
    if COMPILER not in sys.modules:
        torch.__dict__["_dynamo"] = Unloaded(COMPILER)


class Unloaded(types.ModuleType):
    """`torch._dynamo` for those who read it off `torch`; an import replaces it."""

    compiled_autograd = types.SimpleNamespace(_disable=contextlib.nullcontext)

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(COMPILER), name)


def _call_disabled_functions() -> None:
    """What `torch._compile._disable_dynamo` has wrapped, an optimizer's `add_param_group` among it."""
    for wrapper in _made_by(getattr(_compile, "_disable_dynamo", None), "inner"):
        function = _enclosed(wrapper, "fn")
        if isinstance(function, types.FunctionType) and not hasattr(function, "__dynamo_disable"):
            function.__dict__["__dynamo_disable"] = _disabled(function, wrapper)


def _disabled(function: types.FunctionType, wrapper: Function) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        if COMPILER not in sys.modules:
            return function(*args, **kwargs)
        # The wrapper finds nothing remembered now, and asks the compiler.
        function.__dict__.pop("__dynamo_disable", None)
        return wrapper(*args, **kwargs)

    call.__dict__["_torchdynamo_disable"] = True
    return call


def _step_optimizers() -> None:
    """The decorator of `step`, which tells the compiler to stop there."""
    steps = set(_made_by(getattr(optimizer, "_use_grad_for_differentiable", None), "_use_grad"))
    for kind in _below(Optimizer):
        step = kind.__dict__.get("step")
        if step in steps:
            kind.step = _step(_enclosed(step, "func"), step)  # type: ignore[method-assign]


def _step(function: Function, wrapper: Function) -> Function:
    @functools.wraps(wrapper)
    def step(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        if COMPILER in sys.modules:
            return wrapper(self, *args, **kwargs)
        with torch.set_grad_enabled(self.defaults["differentiable"]):
            return function(self, *args, **kwargs)

    return step


def _make_gradients() -> None:
    """What `backward(gradient)` does first: it compares shapes as if they might be symbols."""
    original = getattr(torch.autograd, "_make_grads", None)
    if original is None:
        return

    @functools.wraps(original)
    def make(outputs: Any, grads: Any, *rest: Any, **options: Any) -> Any:
        batched = any(rest) or any(options.values())
        if SYMBOLS not in sys.modules and not batched and all(map(_fits, outputs, grads)):
            return tuple(grads)
        return original(outputs, grads, *rest, **options)

    torch.autograd.__dict__["_make_grads"] = make


def _fits(output: Any, gradient: Any) -> bool:
    """Whether this is a gradient of this output, with nothing out of the ordinary about either."""
    if not {type(output), type(gradient)} <= PLAIN or output.is_nested or gradient.is_nested:
        return False
    return bool(output.shape == gradient.shape and output.is_complex() == gradient.is_complex())


def _below(kind: type[Optimizer]) -> Iterator[type[Optimizer]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _below(inner)


def _made_by(maker: Any, name: str) -> list[types.FunctionType]:
    """The functions `name` that were defined inside `maker` and are alive."""
    constants = getattr(getattr(maker, "__code__", None), "co_consts", ())
    codes = {code for code in constants if isinstance(code, types.CodeType) and code.co_name == name}
    found = (thing for thing in gc.get_objects() if type(thing) is types.FunctionType)
    return [function for function in found if function.__code__ in codes]


def _enclosed(function: types.FunctionType, name: str) -> Any:
    """What a closure knows by this name."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    return cells[name].cell_contents if name in cells else None
