"""Whether code is valid Python: it is compiled, never run."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

MAX_LENGTH = 64 << 10
"""Characters of one code field. Python's compiler recurses in C; below this length it fails with an exception."""

Mode = Literal["exec", "eval"]


@dataclass(frozen=True, slots=True)
class CodeFault:
    """Why code is not valid Python, and where: line and column count from 1."""

    message: str
    line: int = 1
    column: int = 1


def find_fault(source: str, mode: Mode = "exec") -> CodeFault | None:
    """Return why `source` is not valid Python, or None if it is."""
    if len(source) > MAX_LENGTH:
        return CodeFault(f"longer than {MAX_LENGTH >> 10} KiB")
    try:
        compile(source, "<deck>", mode, dont_inherit=True)
    except SyntaxError as error:
        return CodeFault(error.msg, error.lineno or 1, max(error.offset or 1, 1))
    except (RecursionError, MemoryError):
        return CodeFault("nested too deeply")
    except (ValueError, OverflowError) as error:
        return CodeFault(str(error))
    return None


@contextmanager
def ignore_warnings() -> Iterator[None]:
    """Compile without SyntaxWarning: `x is 1` may be what a card teaches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
