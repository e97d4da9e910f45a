"""The records that pass between the app and the sandbox: runs, limits and observations.

Nothing here loads torch. A value stays opaque bytes, written by `sandbox.values` in the worker,
until the judge, a process of the sandbox too, decodes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """The resources that one run may use."""

    seconds: float = 5.0
    """Time of the run from its first line, without the time that it waits for a processor of a busy machine."""

    memory: int = 1 << 30
    """Bytes that the run may add to the memory it shares with the zygote."""

    output: int = 64 << 10
    """Bytes printed to stdout and stderr together."""

    scratch: int = 64 << 20
    """Bytes of files in the scratch folder."""

    gpu_memory: int = 2 << 30
    """Bytes of device memory that torch may allocate."""

    processes: int = 64
    """Number of processes and threads together."""


LIBRARIES = (
    "pandas",
    "torch.fx.experimental.symbolic_shapes",
    "torch._dynamo",
    "torch._functorch.aot_autograd",
    "torch._inductor.debug",
)
"""Libraries that are slow to import and needed by few runs: the zygote loads one after the first run that needed it.

Torch needs the symbolic shapes on the meta device, and to report that a gradient has the wrong shape. Of its compiler,
checkpoints and the profiler need `torch._dynamo`, every compilation and export also `aot_autograd`, and the backend
`aot_eager` also `torch._inductor.debug`.
"""


@dataclass(frozen=True, slots=True)
class Expression:
    """A check as a worker sees it: statements, then the expression whose value is observed."""

    number: int
    """The check's index in its card, from 0; part of the seed."""

    see: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class CallRule:
    """Functions whose calls are counted under one name."""

    name: str
    """A rule of the card: `torch.matmul`."""

    targets: tuple[str, ...]
    """Full names of functions, methods, modules and operators: `torch.Tensor.__matmul__`, `aten::mm`."""

    once: bool = False
    """Whether one call by the code under test decides the rule, so that the calls of the checks do not count."""


@dataclass(frozen=True, slots=True)
class UsageCaps:
    """What is counted besides calls, and up to where: a counter stops once all caps are passed."""

    operators: float | None = None
    """Number of operators, `inf` to count all; None to count none."""

    memory: float | None = None
    """Bytes of tensors."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of preamble + given + code + checks in a jailed process."""

    code: str
    """The answer or the reference, never both in one process."""

    checks: tuple[Expression, ...]
    preamble: str = ""
    given: str = ""
    seed: int = 0
    trial: int = 0
    device: str = "cpu"
    limits: Limits = Limits()

    checks_after_error: bool = False
    """Run the checks even if the code raised, because a check reads `raised`."""

    watch: tuple[str, ...] = ()
    """Names whose values are observed before and after the code, for the diagnosis."""

    calls: tuple[CallRule, ...] = ()
    """The functions whose calls are counted, also those of the checks."""

    usage: UsageCaps | None = None
    """Count operators and memory, also those of the checks; None to count nothing."""

    history: tuple[str, ...] = ()
    """Code that runs between given and code, in blocks; its output is discarded."""

    trace_lines: bool = False
    """Report what each line of the code binds, and the value of its last expression; for runs that are not graded.

    The checks then call the functions that the code has not called itself, and nothing that they print is reported.
    """


MAX_LINE_VALUES, MAX_LINE_TEXT = 200, 60
"""Lines of one run whose bindings are reported, and characters of each text."""


@dataclass(frozen=True, slots=True)
class LineValue:
    """What one line of an answer bound when it was last executed."""

    line: int
    """From 1."""

    text: str
    """Untrusted: `float32 (4, 4)`, `a: list of 3, b: 0.5`, `×10  int64 ()` …"""

    is_error: bool = False
    """Whether the text is the exception that ended the run on this line."""


CLIPPED_TEXT, CLIPPED_ITEMS = 2000, 20


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, described in plain data."""

    type: str
    """Bare class name, such as `RuntimeError`."""

    message: str
    bases: tuple[str, ...] = ()
    """Qualified names of its classes, most derived first: `builtins.KeyError`, …"""

    line: int | None = None
    """The innermost line of the code under test, from 1; None if it was raised elsewhere."""

    column: int | None = None
    """Start of the failing expression on that line, in characters from 0; `end_column` is its end."""

    end_column: int | None = None
    source: str | None = None
    """The text of that line."""

    shapes: tuple[tuple[str, str], ...] = ()
    """Tensors and arrays named on that line, such as (`x`, `float32 (3, 5)`)."""

    trace: str = ""
    """The traceback, limited to frames of the code under test."""

    def clipped(self) -> Raised:
        """Return the exception with short texts and few shapes."""
        return replace(
            self,
            message=self.message[:CLIPPED_TEXT],
            source=self.source and self.source[:CLIPPED_TEXT],
            trace=self.trace[:CLIPPED_TEXT],
            bases=self.bases[:CLIPPED_ITEMS],
            shapes=self.shapes[:CLIPPED_ITEMS],
        )


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of one check in one run: a value, an exception, or why the value could not be encoded."""

    number: int
    value: bytes | None = None
    """Written by `sandbox.values.encode`."""

    raised: Raised | None = None
    refused: str | None = None
    """The reason why the value could not be encoded (a generator, too large …), with the name of its type."""


class Ending(StrEnum):
    """How a run ended, as seen from outside."""

    FINISHED = "finished"
    """The worker reported the end of its run; the result may be right or wrong."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    """The process ended early, or sent an invalid message."""

    INTERNAL = "internal"
    """The sandbox failed, not the run."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run. Everything but `ending` and `seconds` is the worker's claim, so it is untrusted."""

    ending: Ending
    observations: tuple[Observation, ...] = ()
    """The observations received, in order; a check without one was not reached."""

    code_ended: bool = False
    """Whether preamble, given and code have ended, with or without an exception."""

    raised: Raised | None = None
    """The exception that ended preamble, given or code."""

    stdout: str = ""
    """Decoded with replacement characters and otherwise unchanged: sanitise it before display."""

    stderr: str = ""
    seconds: float = 0.0
    """Time of the run, without the time that it waited for a processor."""

    given: bytes | None = None
    """The watched names' values before the code, as one encoded dict; None if nothing was watched."""

    after: bytes | None = None
    """The watched names' values after the code."""

    changed: tuple[str, ...] = ()
    """Watched names whose objects the code, or a check, changed in place."""

    bound: tuple[str, ...] = ()
    """Names that the code bound in `__main__`."""

    lines: tuple[LineValue, ...] = ()
    """What each line bound, in order, if lines were traced."""

    echo: str | None = None
    """The value of the last expression, as the Python prompt prints it; None if there is none or it is None."""

    calls: Mapping[str, int] = field(default_factory=dict)
    """Number of calls by the name of the rule in `Run.calls`."""

    operators: int = 0
    """Number of aten operators, if counted."""

    peak_memory: int = 0
    """Peak bytes of tensors, if counted."""

    libraries: tuple[str, ...] = ()
    """The members of LIBRARIES that were loaded at the end of the run."""

    detail: str = ""
    """Human-readable reason for `ending`: `still running after 5 s`, `cancelled` …"""

    text_bytes: int = 0
    """Bytes of the messages without their values: exceptions, names, counts."""

    @property
    def size(self) -> int:
        """Bytes of all values, and of all texts, which Python holds with up to four bytes for each of them."""
        values = (self.given, self.after, *(observation.value for observation in self.observations))
        return sum(len(value) for value in values if value is not None) + 4 * self.text_bytes

    def without_values(self) -> Report:
        """Return the report without any value, and with short exceptions."""
        observations = tuple(
            replace(seen, value=None, raised=seen.raised and seen.raised.clipped()) for seen in self.observations
        )
        raised = self.raised and self.raised.clipped()
        return replace(
            self, observations=observations, raised=raised, given=None, after=None, bound=(), changed=(), text_bytes=0
        )

    @property
    def values(self) -> dict[int, bytes | None]:
        """Number of each check that was reached -> its encoded value."""
        return {observation.number: observation.value for observation in self.observations}


@dataclass(frozen=True, slots=True)
class Machine:
    """The properties of this machine that the sandbox found at startup."""

    python: str
    torch: str
    cuda: str | None
    """Name of the first CUDA device; None if CUDA cannot be used."""

    tier: str
    """`full`, `partial` or `process`."""

    missing: tuple[str, ...] = ()
    """The guarantees that are missing here, as sentences."""

    cuda_problem: str | None = None
    """Why CUDA did not start, or not with all layers; None without a problem, and on a machine without a GPU."""
