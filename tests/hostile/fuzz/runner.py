"""Runs targets with hypothesis: within limits of time and memory, and keeping the input of a fault."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.hostile.fuzz.target import Target, load

MAX_WAIT = 60.0
"""Time for one input by the clock: one that sleeps or waits takes no processor time."""

MAX_MEMORY = 6 << 30
"""Bytes of address space that this process may add to those it uses at the start."""


class Hang(BaseException):
    """One input took too long. Not an Exception, so that the code under test does not catch it."""


def explore(target: Target, read: Callable[[bytes], None], options: settings, number: int | None = None) -> None:
    """Call `read` with inputs of a target; raises what it raises, for the shortest input that was found."""

    # The phase that explains failures traces every line, which takes longer than the code under test.
    phases = (Phase.generate, Phase.shrink)

    @settings(
        options,
        phases=phases,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def example(data: bytes) -> None:
        read(data)

    (example if number is None else seed(number)(example))()


class Fuzzer:
    """Explores targets one after another; the file of each contains the input that is being read."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.process_time) -> None:
        self.folder = folder
        self.clock = clock
        self.counts: dict[str, int] = {}
        self.slowest: dict[str, float] = {}

    def explore(self, name: str, number: int, examples: int) -> None:
        """Try inputs of one target with a random seed. Raises at a fault; then `file` contains its input."""
        target = load(name)

        def read(data: bytes) -> None:
            self.file(name).write_bytes(data)
            start = self.clock()
            with limited(target.seconds):
                target(data)
            self.counts[name] = self.counts.get(name, 0) + 1
            self.slowest[name] = max(self.slowest.get(name, 0.0), self.clock() - start)

        explore(target, read, settings(max_examples=examples, derandomize=False), number)
        self.file(name).unlink(missing_ok=True)

    def file(self, name: str) -> Path:
        """Return the path of the input that a target reads, which is left behind if the process crashes."""
        return self.folder / f"{name}.input"

    def report(self) -> Iterator[str]:
        """Yield one line for each target."""
        for name, count in sorted(self.counts.items()):
            yield f"{name:<18}{count:>10,} examples, slowest {self.slowest[name]:.2f} s"


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise Hang in the block when it has taken `seconds` of processor time, or waited for MAX_WAIT."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds if number == signal.SIGPROF else MAX_WAIT} s")

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, MAX_WAIT))
    for number, timer, limit in timers:
        signal.signal(number, interrupt)
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)


def limit_memory() -> None:
    """Limit the address space, so that an input that would exhaust the machine raises MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MAX_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
