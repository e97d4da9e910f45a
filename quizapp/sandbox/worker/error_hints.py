"""Hints for errors that the jail causes, and for misspelt names, so that the learner knows what to do instead."""

from __future__ import annotations

import builtins
import difflib
import functools
from types import FrameType, TracebackType
from typing import Any

import torch

LOADER = "torch/utils/data/dataloader.py"
NO_COMPILER = (
    'torch.compile with its default backend "inductor" needs a C++ compiler, and the sandbox starts no programs: '
    'use backend="eager" or backend="aot_eager"'
)
MAX_NAME = 60
SIMILAR = 0.7
"""Similarity of two names, from 0 to 1, from which one may be a misspelling of the other."""


def hint(error: BaseException) -> str:
    """Return a suffix for the message of an exception: what the jail has caused, or a similar name; else empty."""
    if isinstance(error, AttributeError | NameError):
        return _similar_name(error)
    if not isinstance(error, PermissionError):
        return ""
    if _passes_through(error.__traceback__, LOADER):
        return " (the sandbox starts no new processes here: use num_workers=0)"
    return " (the sandbox does not allow this)"


def _similar_name(error: AttributeError | NameError) -> str:
    """Return a suggestion for a misspelt name, as the prompt of Python prints it but `str(error)` does not contain."""
    name = error.name
    if not isinstance(name, str) or not name or len(name) > MAX_NAME:
        return ""
    if isinstance(error, AttributeError):
        known: list[str] = dir(error.obj)
    else:
        frame = _innermost_frame(error.__traceback__)
        # A check reads names that the answer should bind: which ones are missing is said elsewhere.
        if frame is None or frame.f_code.co_filename.startswith("<check"):
            return ""
        known = [*frame.f_locals, *frame.f_globals, *dir(builtins)]
    names = [other for other in known if isinstance(other, str) and other.startswith("_") == name.startswith("_")]
    matches = difflib.get_close_matches(name, dict.fromkeys(names), 1, SIMILAR)
    return f". Did you mean `{matches[0]}`?" if matches else ""


def _innermost_frame(trace: TracebackType | None) -> FrameType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame if trace else None


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
