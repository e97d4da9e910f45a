"""Counts the torch functions, modules and aten operators that the code under test reaches, whatever it calls them."""

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
    """Calls by full name, made while a frame of the code under test is on the stack."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.counts: Counter[str] = Counter()
        self.composite: set[str] = set()
        """Operators that were called by name and that the dispatcher may not have shown."""

        self.functions = _Functions(self)
        self.operators = _Operators(self)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        hook = register_module_forward_pre_hook(self._module)
        try:
            with self.functions, self.operators:
                yield
        finally:
            hook.remove()

    def _module(self, module: torch.nn.Module, _: object) -> None:
        """A module counts as each of torch's own classes that it is one of."""
        if self.called():
            for kind in type(module).__mro__[: -len(torch.nn.Module.__mro__)]:
                if kind.__module__.startswith("torch.nn.modules."):
                    self.counts[f"torch.nn.{kind.__name__}"] += 1

    def told(self) -> dict[str, int]:
        return {**dict.fromkeys(self.composite, 1), **self.counts}

    def called(self) -> bool:
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename == self.filename:
                return True
            frame = frame.f_back  # type: ignore[assignment]
        return False


class _Functions(TorchFunctionMode):
    """Torch functions by their own names, and as the operators of the same name."""

    def __init__(self, tally: CallCounter) -> None:
        super().__init__()
        self.tally = tally

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if self.tally.called():
            if name := resolve_name(func):
                self.tally.counts[name] += 1
            short = getattr(func, "__name__", "")
            # Composite operators are taken apart before the dispatcher shows them.
            if short and hasattr(torch.ops.aten, short):
                self.tally.composite.add(f"aten::{short}")
        return func(*args, **(kwargs or {}))


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Operators as the dispatcher sees them, after composite ones have been taken apart."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Otherwise the first call loads torch's compiler: 1.4 seconds, for nothing.
        return False

    def __init__(self, tally: CallCounter) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tally = tally

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if self.tally.called():
            self.tally.counts[func._schema.name] += 1
        return func(*args, **(kwargs or {}))
