"""Describes an exception in plain data: its place in the learner's code, and the tensors on that line."""

from __future__ import annotations

import contextlib
import re
import traceback
from dataclasses import asdict
from itertools import islice
from types import TracebackType
from typing import Any

import numpy as np
import torch

from quizapp.sandbox.protocol import Raised
from quizapp.sandbox.worker.error_hints import hint

MAX_MESSAGE = 4000
MAX_TRACE = 20_000
MAX_SHAPES = 12
NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def exception_facts(error: BaseException, filename: str, source: str) -> dict[str, Any]:
    """Return `error` as the JSON object of a `Raised`; `filename` is that of the code under test."""
    return asdict(describe(error, filename, source))


def describe(error: BaseException, filename: str, source: str) -> Raised:
    """Return a description of `error`, with its place in `source`, which was compiled as `filename`."""
    kind = type(error)
    # `object` is left out; the first entry is the class itself.
    bases = tuple(f"{base.__module__}.{base.__qualname__}"[:300] for base in kind.__mro__[:-1])
    line, column, end_column = None, None, None
    shapes: tuple[tuple[str, str], ...] = ()
    if isinstance(error, SyntaxError) and error.filename == filename:
        line, column, end_column = _syntax_position(error)
    elif (frame_entry := _innermost_entry(error.__traceback__, filename)) is not None:
        line, column, end_column = _position(frame_entry, source)
        shapes = _shapes(frame_entry, _line_text(source, line) or "")
    return Raised(
        type=kind.__name__[:300],
        message=_message(error),
        bases=bases[:50],
        line=line,
        column=column,
        end_column=end_column,
        source=_line_text(source, line),
        shapes=shapes,
        trace=_trace(error, filename),
    )


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, KeyError) and len(error.args) == 1:
            return repr(error.args[0])[:MAX_MESSAGE]
        if isinstance(error, SyntaxError):
            return str(error.msg)[:MAX_MESSAGE]
        return str(error)[:MAX_MESSAGE] + hint(error)
    except BaseException:
        return "(its message cannot be displayed)"


def _innermost_entry(trace: TracebackType | None, filename: str) -> TracebackType | None:
    """Return the last traceback entry in `filename`."""
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            found = trace
        trace = trace.tb_next
    return found


def _line_text(source: str, line: int | None) -> str | None:
    """Return a line of `source`, counted from 1; None if it does not exist."""
    lines = source.splitlines()
    return lines[line - 1][:2000] if line is not None and 0 < line <= len(lines) else None


def _position(trace: TracebackType, source: str) -> tuple[int, int | None, int | None]:
    """Return line, start and end column of the failing expression; columns are None if it began on another line."""
    positions = trace.tb_frame.f_code.co_positions()
    line, end_line, column, end_column = next(islice(positions, trace.tb_lasti // 2, None), (None,) * 4)
    text = _line_text(source, trace.tb_lineno)
    if text is None or line != trace.tb_lineno or column is None or end_column is None:
        return trace.tb_lineno, None, None
    raw = text.encode()
    end = len(raw) if end_line != line else end_column
    return line, len(raw[:column].decode(errors="replace")), len(raw[:end].decode(errors="replace"))


def _syntax_position(error: SyntaxError) -> tuple[int | None, int | None, int | None]:
    column = error.offset - 1 if error.offset else None
    end = error.end_offset - 1 if error.end_offset and error.end_lineno == error.lineno else None
    return error.lineno, column, end if column is None or end is None or end > column else column + 1


def _shapes(trace: TracebackType, text: str) -> tuple[tuple[str, str], ...]:
    """Return (name, dtype and shape) of the tensors and arrays that are named in `text`."""
    frame = trace.tb_frame
    found: dict[str, str] = {}
    for name in dict.fromkeys(NAME.findall(text)):
        head, *rest = name.split(".")
        value = frame.f_locals.get(head, frame.f_globals.get(head))
        with contextlib.suppress(BaseException):
            # In `net.weight.shape`, take the shortest prefix that is a tensor.
            while rest and not isinstance(value, torch.Tensor | np.ndarray):
                value, head = getattr(value, rest[0]), f"{head}.{rest.pop(0)}"
            if isinstance(value, torch.Tensor | np.ndarray) and len(found) < MAX_SHAPES:
                found[head] = f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"
    return tuple(found.items())


def _trace(error: BaseException, filename: str) -> str:
    """Return the traceback, limited to frames of the code under test."""
    with contextlib.suppress(BaseException):
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
        shown = traceback.format_list(frames[-30:])
        if isinstance(error, SyntaxError):
            shown += traceback.TracebackException(type(error), error, None).format_exception_only()
        return "".join(shown)[:MAX_TRACE]
    return ""
