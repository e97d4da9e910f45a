"""Hints for errors that the jail causes, so that the learner knows what to do instead."""

from __future__ import annotations

import functools
from types import TracebackType
from typing import Any

import torch

LOADER = "torch/utils/data/dataloader.py"
NO_COMPILER = (
    'torch.compile with its default backend "inductor" needs a C++ compiler, and the sandbox starts no programs: '
    'use backend="eager" or backend="aot_eager"'
)


def hint(error: BaseException) -> str:
    """Return a suffix for the message of an exception that the jail has caused; empty for others."""
    if not isinstance(error, PermissionError):
        return ""
    if _passes_through(error.__traceback__, LOADER):
        return " (the sandbox starts no new processes here: use num_workers=0)"
    return " (the sandbox does not allow this)"


def _passes_through(trace: TracebackType | None, filename: str) -> bool:
    """Return whether a frame of the traceback is in `filename`."""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(filename):
            return True
        trace = trace.tb_next
    return False


def refuse_compiler() -> None:
    """Let `torch.compile` fail immediately instead of after ten seconds of searching for a C++ compiler."""
    original = torch.compile

    @functools.wraps(original)
    def compile_(model: Any = None, *, backend: Any = "inductor", **options: Any) -> Any:
        if backend == "inductor":
            raise RuntimeError(NO_COMPILER)
        return original(model, backend=backend, **options)

    torch.compile = compile_
