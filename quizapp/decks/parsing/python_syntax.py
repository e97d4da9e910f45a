"""Whether a piece of Python parses, found out without running it and without trusting it."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

LONGEST = 64 << 10
"""Characters of one code field. Python's compiler recurses in C; below this it gives up with an exception."""


@dataclass(frozen=True, slots=True)
class CodeFault:
    """Why source does not parse, and where in it."""

    message: str
    line: int = 1
    column: int = 1


Mode = Literal["exec", "eval"]


def all_good(pieces: Sequence[tuple[str, Mode]]) -> bool:
    """Whether all of these surely parse, found out at the price of one: as one program.

    False says nothing of any one piece. A keyword that no expression may hold stands between them,
    so that no piece can open what another closes; what could reach past it is left to be tried alone.
    """
    parts = []
    for source, mode in pieces:
        if mode == "eval" and ("\n" in source.strip() or ";" in source or "#" in source):
            return False
        parts.append(source if mode == "exec" else f"assert {source.strip()}")
    program = "\npass\n".join(parts)
    return "'''" not in program and '"""' not in program and fault(program) is None


def fault(source: str, mode: Mode = "exec") -> CodeFault | None:
    """What keeps `source` from being Python; None for good source."""
    if len(source) > LONGEST:
        return CodeFault(f"longer than {LONGEST >> 10} KiB")
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
def quiet() -> Iterator[None]:
    """Compile without Python's remarks on style: `x is 1` may be the very point of a card."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def unswept(lasting: bool = False) -> Iterator[None]:
    """Read without the cyclic collector, which looks through all that is read, again and again, and finds nothing.

    What is read as `lasting`, as a library is, it need not look through later either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if lasting:
            gc.freeze()
        if was_on:
            gc.enable()
