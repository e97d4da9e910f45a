"""One target of the fuzzer: code that reads bytes, and the inputs to try."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import strategies as st

NAMES = (
    "answers",
    "command_line",
    "csv_import",
    "deck_file",
    "json_import",
    "judge_values",
    "line_mode_input",
    "predictions",
    "settings_file",
    "terminal_input",
    "translation",
    "worker_messages",
)
"""The modules of this package that have a `TARGET`."""


@dataclass(frozen=True)
class Target:
    """Code that reads bytes, the bytes to try, and the only exceptions that it may raise."""

    read: Callable[[bytes], object]
    inputs: st.SearchStrategy[bytes]
    errors: tuple[type[Exception], ...] = ()
    examples: int = 100
    """Number of inputs in a run of the tests."""

    seconds: float = 2.0
    """Processor time for one input outside of the tests: one that takes longer is a fault."""

    def __call__(self, data: bytes) -> None:
        """Read `data`. Raises whatever is a fault."""
        with suppress(*self.errors):
            self.read(data)


def load(name: str) -> Target:
    """Return the target of one module."""
    target = importlib.import_module(f"{__package__}.{name}").TARGET
    assert isinstance(target, Target)
    return target
