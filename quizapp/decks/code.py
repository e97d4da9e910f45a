"""Whether a piece of Python parses, found out without running it and without trusting it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

LONGEST = 64 << 10
"""Characters of one code field. Python's compiler recurses in C; below this it gives up with an exception."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why source does not parse, and where in it."""

    message: str
    line: int = 1
    column: int = 1


def fault(source: str, mode: Literal["exec", "eval"] = "exec") -> Fault | None:
    """What keeps `source` from being Python; None for good source."""
    if len(source) > LONGEST:
        return Fault(f"longer than {LONGEST >> 10} KiB")
    try:
        compile(source, "<deck>", mode, dont_inherit=True)
    except SyntaxError as error:
        return Fault(error.msg, error.lineno or 1, max(error.offset or 1, 1))
    except (RecursionError, MemoryError):
        return Fault("nested too deeply")
    except (ValueError, OverflowError) as error:
        return Fault(str(error))
    return None


@contextmanager
def quiet() -> Iterator[None]:
    """Compile without Python's remarks on style: `x is 1` may be the very point of a card."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
