"""Counts calls of torch functions, modules and aten operators by the code under test, under any name."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils._python_dispatch import TorchDispatchMode


class CallCounter:
    """Counts calls by full name while a frame of the code under test is on the stack."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.counts: Counter[str] = Counter()
        self.composite: set[str] = set()
        """Operators that were called by name but may not reach the dispatcher."""

        self.functions = _FunctionCounter(self)
        self.operators = _OperatorCounter(self)

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """Count calls while the context is active."""
        hook = register_module_forward_pre_hook(self._count_module)
        try:
            with self.functions, self.operators:
                yield
        finally:
            hook.remove()

    def _count_module(self, module: torch.nn.Module, _: object) -> None:
        """Count a module as each of the torch classes it is an instance of."""
        if self.is_called_by_answer():
            for kind in type(module).__mro__[: -len(torch.nn.Module.__mro__)]:
                if kind.__module__.startswith("torch.nn.modules."):
                    self.counts[f"torch.nn.{kind.__name__}"] += 1

    def totals(self) -> dict[str, int]:
        """Return the number of calls by full name."""
        return {**dict.fromkeys(self.composite, 1), **self.counts}

    def is_called_by_answer(self) -> bool:
        """Return whether a frame of the code under test is on the stack below the calling hook."""
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename == self.filename:
                return True
            frame = frame.f_back  # type: ignore[assignment]
        return False


class _FunctionCounter(TorchFunctionMode):
    """Counts torch functions by their own names, and as the operators of the same names."""

    def __init__(self, counter: CallCounter) -> None:
        super().__init__()
        self.counter = counter

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if self.counter.is_called_by_answer():
            if name := resolve_name(func):
                self.counter.counts[name] += 1
            short = getattr(func, "__name__", "")
            # Composite operators are decomposed before the dispatcher sees them.
            if short and hasattr(torch.ops.aten, short):
                self.counter.composite.add(f"aten::{short}")
        return func(*args, **(kwargs or {}))


class _OperatorCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts operators as the dispatcher sees them, after composite ones have been decomposed."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Otherwise the first call loads torch's compiler, which takes 1.4 s.
        return False

    def __init__(self, counter: CallCounter) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counter = counter

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if self.counter.is_called_by_answer():
            self.counter.counts[func._schema.name] += 1
        return func(*args, **(kwargs or {}))
