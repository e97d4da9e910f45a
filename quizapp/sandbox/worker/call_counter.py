"""Counts calls of certain functions, modules and operators, under any alias.

Only what a card's rules name is replaced by a function that counts, so all other calls cost nothing.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial, update_wrapper
from typing import Any

import torch
from torch.nn.modules.module import register_module_forward_pre_hook

from quizapp.sandbox.protocol import CallRule
from quizapp.sandbox.worker.operator_hooks import OperatorHooks

FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
)


class CallCounter:
    """Counts the calls of each rule: all calls, or, of a rule that one call decides, those by the code under test.

    The reference's run contains the calls of the checks too. An answer may bind a function that only a check calls.
    """

    def __init__(self, rules: Sequence[CallRule], filename: str) -> None:
        self.filename = filename
        self.counts: Counter[str] = Counter()
        self._modules: list[tuple[type, Callable[[], None]]] = []
        self._operators = OperatorHooks()
        self._once = {rule.name for rule in rules if rule.once}
        for rule in rules:
            for target in rule.targets:
                self._watch(target, partial(self._hit, rule.name))

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """Count modules and operators while the context is active; functions are always counted."""
        with contextlib.ExitStack() as stack:
            if self._modules:
                stack.callback(register_module_forward_pre_hook(self._hit_module).remove)
            stack.enter_context(self._operators.active())
            yield

    def _hit(self, name: str) -> None:
        if name not in self._once or (not self.counts[name] and is_on_stack(self.filename)):
            self.counts[name] += 1

    def _hit_module(self, module: torch.nn.Module, _: object) -> None:
        for kind, hit in self._modules:
            if isinstance(module, kind):
                hit()

    def _watch(self, target: str, hit: Callable[[], None]) -> None:
        """Count the calls of what `target` names; nothing if it does not exist in this version of torch."""
        if target.startswith("aten::"):
            self._operators.watch(target, hit)
            return
        owner, attribute = _find(target)
        value = getattr(owner, attribute, None)
        if isinstance(value, types.ModuleType):
            for name in vars(value):
                if not name.startswith("_"):
                    _replace(value, name, hit)
        elif isinstance(value, type) and issubclass(value, torch.nn.Module):
            self._modules.append((value, hit))
        elif owner is not None:
            _replace(owner, attribute, hit)


def is_on_stack(filename: str) -> bool:
    """Return whether a frame of the file is on the stack of the caller."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == filename:
            return True
        frame = frame.f_back
    return False


def _find(target: str) -> tuple[Any, str]:
    """Return the module or class that has the target, and the attribute's name; (None, "") if there is none."""
    path, _, attribute = target.rpartition(".")
    parts = path.split(".") if path else []
    for count in range(len(parts), 0, -1):
        with contextlib.suppress(ImportError, AttributeError):
            owner: Any = importlib.import_module(".".join(parts[:count]))
            for part in parts[count:]:
                owner = getattr(owner, part)
            return owner, attribute
    return None, ""


def _replace(owner: Any, name: str, hit: Callable[[], None]) -> None:
    """Replace a function by one that counts and then calls it; leave classes and other values as they are."""
    try:
        function = inspect.getattr_static(owner, name)
    except AttributeError:
        return
    if not isinstance(function, FUNCTIONS):
        return

    def counted(*args: Any, **kwargs: Any) -> Any:
        hit()
        return function(*args, **kwargs)

    setattr(owner, name, update_wrapper(counted, function))
