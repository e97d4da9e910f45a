"""Keeps optimizers and `torch.func` from loading torch's compiler, which takes seconds and 80 MB.

Torch excludes some functions from compilation, and imports the compiler to do so. While the compiler is not loaded,
that is unnecessary, and also while the compiler that the zygote has loaded is not used. Each patch does nothing on a
torch without the function it replaces; then the compiler is loaded.
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
"""The part of the compiler for symbolic shapes; imports SymPy."""

COUNTERS = (
    ("torch._functorch.aot_autograd", "AOT_COUNTER"),
    ("torch._functorch._aot_autograd.logging_utils", "nth_graph"),
    ("torch.fx.graph_module", "_loader"),
)
"""Module and name of each counter in the names of generated graphs; torch does not reset them.

Those in names of globals are not here: torch leaves such globals in its own modules, and asserts that a name is new.
"""

PLAIN = {torch.Tensor, torch.nn.Parameter}
Function = Callable[..., Any]

is_idle = False
"""Whether the compiler, if it is loaded, has compiled nothing since `forget_compilations`."""


def leave_out_compiler() -> None:
    """Apply the patches, which are inactive once the compiler is used, or is imported by the run itself."""
    _unwrap_disabled_functions()
    _unwrap_optimizer_steps()
    _bypass_symbolic_shapes()
    if COMPILER not in sys.modules:
        torch.__dict__["_dynamo"] = LazyCompiler(COMPILER)


def is_unused() -> bool:
    """Return whether no code of this process can be compiled."""
    return COMPILER not in sys.modules or is_idle


class LazyCompiler(types.ModuleType):
    """A placeholder for the attribute `torch._dynamo` that imports the module on first use."""

    compiled_autograd = types.SimpleNamespace(_disable=contextlib.nullcontext)

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(COMPILER), name)


def _unwrap_disabled_functions() -> None:
    """Bypass the wrapper of `torch._compile._disable_dynamo`, for example on `Optimizer.add_param_group`."""
    for wrapper in _closures_of(getattr(_compile, "_disable_dynamo", None), "inner"):
        function = _closure_variable(wrapper, "fn")
        if isinstance(function, types.FunctionType) and not hasattr(function, "__dynamo_disable"):
            function.__dict__["__dynamo_disable"] = _call_directly(function, wrapper)


def _call_directly(function: types.FunctionType, wrapper: Function) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        if is_unused():
            return function(*args, **kwargs)
        # Without the cached function, the wrapper calls the compiler.
        function.__dict__.pop("__dynamo_disable", None)
        return wrapper(*args, **kwargs)

    call.__dict__["_torchdynamo_disable"] = True
    return call


def _unwrap_optimizer_steps() -> None:
    """Replace the decorator of `step`, which breaks the compiler's graph."""
    steps = set(_closures_of(getattr(optimizer, "_use_grad_for_differentiable", None), "_use_grad"))
    for kind in _subclasses(Optimizer):
        step = kind.__dict__.get("step")
        if step in steps:
            kind.step = _plain_step(_closure_variable(step, "func"), step)  # type: ignore[method-assign]


def _plain_step(function: Function, wrapper: Function) -> Function:
    @functools.wraps(wrapper)
    def step(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        if not is_unused():
            return wrapper(self, *args, **kwargs)
        with torch.set_grad_enabled(self.defaults["differentiable"]):
            return function(self, *args, **kwargs)

    return step


def _bypass_symbolic_shapes() -> None:
    """Bypass the first step of `backward(gradient)`, which compares shapes as if they were symbolic."""
    original = getattr(torch.autograd, "_make_grads", None)
    if original is None:
        return

    @functools.wraps(original)
    def make(outputs: Any, grads: Any, *rest: Any, **options: Any) -> Any:
        batched = any(rest) or any(options.values())
        if SYMBOLS not in sys.modules and not batched and all(map(_is_plain_gradient, outputs, grads)):
            return tuple(grads)
        return original(outputs, grads, *rest, **options)

    torch.autograd.__dict__["_make_grads"] = make


def _is_plain_gradient(output: Any, gradient: Any) -> bool:
    """Return whether output and gradient are plain strided tensors of the same shape."""
    if not {type(output), type(gradient)} <= PLAIN or output.is_nested or gradient.is_nested:
        return False
    return bool(output.shape == gradient.shape and output.is_complex() == gradient.is_complex())


def forget_compilations() -> None:
    """Discard what the loaded compiler has compiled and counted, as if it had just been imported."""
    global is_idle
    compiler: Any = importlib.import_module(COMPILER)
    compiler.reset()
    compiler.utils.counters.clear()
    with contextlib.suppress(AttributeError):
        compiler.utils.clear_compilation_metrics()
    for name, counter in COUNTERS:
        module = sys.modules.get(name)
        if hasattr(module, counter):
            setattr(module, counter, type(getattr(module, counter))())
    is_idle = _watch_use(compiler)


def _watch_use(compiler: Any) -> bool:
    """Let the next compilation set `is_idle` to False; return whether this is possible."""
    context = getattr(compiler.eval_frame, "OptimizeContext", None)
    if context is None:
        return False
    original = context.__init__

    @functools.wraps(original)
    def start(self: Any, *args: Any, **kwargs: Any) -> None:
        global is_idle
        is_idle = False
        context.__init__ = original
        original(self, *args, **kwargs)

    context.__init__ = start
    return True


def leave_out_guard_timing() -> None:
    """Skip the measurement of guards, only meant for a log: it fills a cache of 32 MB for each compiled graph."""
    guards = importlib.import_module(f"{COMPILER}.guards")
    if hasattr(guards, "profile_guard_manager"):
        guards.__dict__["profile_guard_manager"] = lambda *args: 0.0


def _subclasses(kind: type[Optimizer]) -> Iterator[type[Optimizer]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _closures_of(maker: Any, name: str) -> list[types.FunctionType]:
    """Return the living functions called `name` that were defined inside `maker`."""
    constants = getattr(getattr(maker, "__code__", None), "co_consts", ())
    codes = {code for code in constants if isinstance(code, types.CodeType) and code.co_name == name}
    found = (thing for thing in gc.get_objects() if type(thing) is types.FunctionType)
    return [function for function in found if function.__code__ in codes]


def _closure_variable(function: types.FunctionType, name: str) -> Any:
    """Return the value of a closure's free variable; None if it has none of this name."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    return cells[name].cell_contents if name in cells else None
