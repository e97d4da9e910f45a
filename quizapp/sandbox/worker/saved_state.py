"""Restores the state of the interpreter that importing or using a library can change."""

from __future__ import annotations

import contextlib
import linecache
import logging
import os
import random
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch


def _loggers() -> dict[logging.Logger, tuple[int, list[logging.Handler]]]:
    """Return level and handlers of every logger."""
    known = [logging.root, *logging.root.manager.loggerDict.values()]
    return {logger: (logger.level, logger.handlers[:]) for logger in known if isinstance(logger, logging.Logger)}


def _restore_loggers(saved: dict[logging.Logger, tuple[int, list[logging.Handler]]]) -> None:
    for logger, (level, handlers) in saved.items():
        if logger.level != level:
            logger.setLevel(level)
        logger.handlers[:] = handlers


def _signal_handlers() -> dict[int, Any]:
    return {number: signal.getsignal(number) for number in signal.valid_signals()}


def _restore_signal_handlers(saved: dict[int, Any]) -> None:
    for number, handler in saved.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def _restore_environment(saved: dict[str, str]) -> None:
    for name in os.environ.keys() - saved.keys():
        del os.environ[name]
    os.environ.update(saved)


def _restore_generated_sources(saved: set[str]) -> None:
    """Forget the lines of generated code, whose file names count from 0; keep those of files."""
    for name in [name for name in linecache.cache if name.startswith("<") and name not in saved]:
        del linecache.cache[name]


STATE: tuple[tuple[Callable[[], Any], Callable[[Any], object]], ...] = (
    (lambda: dict(os.environ), _restore_environment),
    (_loggers, _restore_loggers),
    (_signal_handlers, _restore_signal_handlers),
    (lambda: set(linecache.cache), _restore_generated_sources),
    (lambda: tempfile.tempdir, lambda folder: setattr(tempfile, "tempdir", folder)),
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (torch.get_rng_state, torch.set_rng_state),
    (torch.is_grad_enabled, torch._C._set_grad_enabled),
    (torch.get_default_dtype, torch.set_default_dtype),
)
"""Pairs of functions that read and restore a part of the state."""


@contextlib.contextmanager
def saved_state() -> Iterator[None]:
    """Restore the state when the context ends, and ignore warnings until then."""
    saved = [(restore, read()) for read, restore in STATE]
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        for restore, value in saved:
            restore(value)
