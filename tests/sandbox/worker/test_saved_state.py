"""Loading a library in the zygote leaves the state of the interpreter as it was."""

from __future__ import annotations

import linecache
import logging
import os
import random
import signal
import tempfile
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch

from quizapp.sandbox.worker.saved_state import STATE, saved_state

CHANGES: dict[str, Callable[[], object]] = {
    "a variable of the environment": lambda: os.environ.update(PTQUIZ_NEW="1", PATH=""),
    "a variable that is gone": lambda: os.environ.pop("PATH", None),
    "a handler of a logger": lambda: logging.root.addHandler(logging.NullHandler()),
    "the level of a logger": lambda: logging.root.setLevel(logging.DEBUG),
    "a signal": lambda: signal.signal(signal.SIGUSR1, lambda number, frame: None),
    "a generated source": lambda: linecache.cache.update({"<generated>": (1, None, ["x\n"], "<generated>")}),
    "the temporary folder": lambda: setattr(tempfile, "tempdir", "/proc"),
    "Python's generator": random.random,
    "NumPy's generator": lambda: np.random.rand(1),
    "torch's generator": lambda: torch.rand(1),
    "the grad mode": lambda: torch._C._set_grad_enabled(False),
    "the default dtype": lambda: torch.set_default_dtype(torch.float64),
    "the filters of warnings": lambda: warnings.simplefilter("error"),
}


def state() -> str:
    values = [*(read() for read, _ in STATE), warnings.filters]
    # The order of the environment's variables does not matter.
    return repr([sorted(value.items(), key=repr) if isinstance(value, dict) else value for value in values])


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_undone(name: str) -> None:
    before = state()
    with saved_state():
        CHANGES[name]()
        assert state() != before
    assert state() == before


def test_a_change_is_undone_after_an_error() -> None:
    before = state()
    with pytest.raises(ZeroDivisionError), saved_state():
        torch.rand(1 // 0)
    assert state() == before
