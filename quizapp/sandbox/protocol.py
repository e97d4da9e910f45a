"""What crosses the pipe between the app and the sandbox: runs, limits and observations.

Nothing here loads torch. A value stays the opaque bytes that `sandbox.values` wrote in the
worker until the judge, itself a process of the sandbox, reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use."""

    seconds: float = 5.0
    """Wall time of the run, from its first line; the imports of the zygote are not counted."""

    memory: int = 1 << 30
    """Bytes that the run may add to what the zygote already holds."""

    output: int = 64 << 10
    """Bytes printed on stdout and stderr together."""

    scratch: int = 64 << 20
    """Bytes of files in the scratch folder."""

    processes: int = 64
    """Processes and threads together."""


LIBRARIES = ("pandas", "torch.fx.experimental.symbolic_shapes")
"""Dear to import, and needed by some runs only: loaded for all that come after the first that has needed it.

Torch needs the second on the meta device, and to say that a gradient has the wrong shape.
"""


@dataclass(frozen=True, slots=True)
class Expression:
    """One check as a worker sees it: statements, then the expression whose value is observed."""

    number: int
    """The check's place in its card, from 0; part of the seed."""

    see: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of preamble + given + code + checks in a jailed process."""

    code: str
    """The answer, or the reference: never both in one process."""

    checks: tuple[Expression, ...]
    preamble: str = ""
    given: str = ""
    seed: int = 0
    trial: int = 0
    device: str = "cpu"
    limits: Limits = Limits()

    checks_after_error: bool = False
    """Run the checks although the code raised: some check reads `raised`."""

    watch: tuple[str, ...] = ()
    """Names whose values are observed before the code and again after it, for the diagnosis."""

    trace: bool = False
    """Count the torch functions and aten operators that the code and the checks call."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, as facts."""

    type: str
    """Bare class name, such as `RuntimeError`."""

    message: str
    bases: tuple[str, ...] = ()
    """Qualified names of the classes it is an instance of, most derived first: `builtins.KeyError`, …"""

    line: int | None = None
    """The innermost line of the code under test, from 1; None where it raised elsewhere."""

    column: int | None = None
    """Where on that line the failing expression begins and ends, in characters from 0."""

    end_column: int | None = None
    source: str | None = None
    """That line's text."""

    shapes: tuple[tuple[str, str], ...] = ()
    """Tensors and arrays named on that line: (`x`, `float32 (3, 5)`)."""

    trace: str = ""
    """The traceback, frames of the code under test only."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one check gave in one run: a value, an exception, or a refusal to carry the value."""

    number: int
    value: bytes | None = None
    """Written by `sandbox.values.encode`."""

    raised: Raised | None = None
    refused: str | None = None
    """Why the value is no plain data (a generator, too large …), with its type's name."""


class Ending(StrEnum):
    """How a run came to its end, as seen from outside."""

    FINISHED = "finished"
    """The worker reported the end of its run. Says nothing about right or wrong."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    """The process went away, or sent what is no message."""

    INTERNAL = "internal"
    """The sandbox failed, not the run."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of one run. Everything but `ending` and `seconds` is the worker's own claim."""

    ending: Ending
    observations: tuple[Observation, ...] = ()
    """Those that arrived, in order; a check without one was not reached."""

    coded: bool = False
    """Preamble, given and code came to their end, by an exception or not."""

    raised: Raised | None = None
    """The exception that ended preamble, given or code."""

    stdout: str = ""
    """Decoded with replacement and otherwise untouched: hostile text until it is shown."""

    stderr: str = ""
    seconds: float = 0.0
    given: bytes | None = None
    """The watched names' values before the code, as one encoded dict; None where not asked."""

    after: bytes | None = None
    """The same names' values after the code."""

    bound: tuple[str, ...] = ()
    """Names that the code itself bound in `__main__`."""

    operators: Mapping[str, int] = field(default_factory=dict)
    """Calls by full name (`torch.softmax`, `torch.Tensor.softmax`, `aten::softmax`), where traced."""

    libraries: tuple[str, ...] = ()
    """Those of LIBRARIES that the run came to have loaded."""

    detail: str = ""
    """For a person: `killed by signal 11`, `no message within 5 s` …"""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the sandbox found on this machine when it started."""

    python: str
    torch: str
    cuda: str | None
    """The first CUDA device's name; None where CUDA cannot be used."""

    tier: str
    """`full`, `partial` or `process`."""

    missing: tuple[str, ...] = ()
    """What the tier does not guarantee here, in words."""
