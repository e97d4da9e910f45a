"""One run from outside: what arrives, how long it takes, how much it uses, and how it ends."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from dataclasses import dataclass, field, replace

from quizapp.sandbox.frames import BadFrame, Frame, FrameKind, pack
from quizapp.sandbox.host.process import Worker
from quizapp.sandbox.host.usage import Meter
from quizapp.sandbox.protocol import LIBRARIES, Ending, Report, Run
from quizapp.sandbox.run_messages import read_counts, read_names, read_observation, read_raised, run_facts

POLL_SECONDS = 0.02
CHUNK = 1 << 18


@dataclass(slots=True)
class Supervision:
    """Everything that is known so far of a run under way."""

    run: Run
    worker: Worker
    cancelled: threading.Event
    report: Report = Report(Ending.CRASHED)
    output: dict[int, bytearray] = field(default_factory=dict)
    meter: Meter | None = None

    def supervise(self) -> Report:
        """Send the run, watch it to its end, and kill what is left of it."""
        worker = self.worker
        self.output = {worker.out: bytearray(), worker.err: bytearray()}
        started = time.monotonic()
        try:
            ending, detail = self._watch(started)
        except BadFrame as error:
            ending, detail = Ending.CRASHED, f"the run sent what is no message: {error}"
        except (BrokenPipeError, ConnectionResetError):
            ending, detail = Ending.CRASHED, "the process went away"
        if ending is Ending.CRASHED and self.meter is not None and self.meter.nearly_all:
            ending, detail = Ending.MEMORY, "used nearly all the memory it may have, and went away"
        seconds = time.monotonic() - started
        worker.kill()
        if ending is not Ending.OUTPUT:
            self._drain()
        shown = [self._shown(descriptor) for descriptor in (worker.out, worker.err)]
        return replace(self.report, ending=ending, detail=detail, seconds=seconds, stdout=shown[0], stderr=shown[1])

    def _watch(self, started: float) -> tuple[Ending, str]:
        worker, limits = self.worker, self.run.limits
        deadline = started + limits.seconds
        meter = self.meter = Meter(worker.process.pid, worker.base, limits, worker.folder)
        worker.link.settimeout(limits.seconds)
        worker.link.sendall(pack(FrameKind.RUN, run_facts(self.run)))
        worker.link.setblocking(False)
        poll = select.poll()
        for source in (worker.link.fileno(), worker.out, worker.err):
            poll.register(source, select.POLLIN)
        look_at = started + POLL_SECONDS
        while True:
            now = time.monotonic()
            if now >= deadline:
                return Ending.TIMEOUT, f"still running after {limits.seconds:g} s"
            if self.cancelled.is_set():
                return Ending.CRASHED, "cancelled"
            if now >= look_at:
                look_at = now + POLL_SECONDS
                if (excess := meter.look()) is not None:
                    return excess
            for source, _ in poll.poll(max(0.0, min(deadline, look_at) - now) * 1000):
                if source != worker.link.fileno():
                    if not self._read_output(source):
                        poll.unregister(source)
                    if sum(map(len, self.output.values())) > limits.output:
                        return Ending.OUTPUT, f"printed more than {limits.output >> 10} KiB"
                elif (end := self._read_frames()) is not None:
                    return end

    def _read_output(self, source: int) -> bool:
        """Take what was printed; False at the end of the pipe."""
        try:
            data = os.read(source, CHUNK)
        except BlockingIOError:
            return True
        self.output[source] += data
        return bool(data)

    def _read_frames(self) -> tuple[Ending, str] | None:
        """Take what the worker says; how the run ended, once it has."""
        with contextlib.suppress(BlockingIOError):
            data = self.worker.link.recv(CHUNK)
            if not data:
                return Ending.CRASHED, "the process went away"
            for frame in self.worker.buffer.feed(data):
                if frame.kind is FrameKind.ENDED and frame.facts.get("memory") is not True:
                    self._take_end(frame)
                    return Ending.FINISHED, ""
                if frame.kind is FrameKind.ENDED or self._take(frame):
                    return Ending.MEMORY, "asked for more memory than it may have"
        return None

    def _take_end(self, frame: Frame) -> None:
        loaded = read_names(frame.facts.get("libraries", []))
        self.report = replace(
            self.report,
            operators=read_counts(frame.facts.get("operators")),
            libraries=tuple(name for name in LIBRARIES if name in loaded),
        )

    def _take(self, frame: Frame) -> bool:
        """One message; whether it says that memory ran out, which can only be to the run's own loss."""
        report, facts = self.report, frame.facts
        expected = len(report.observations)
        if frame.kind is FrameKind.CODE and not report.coded:
            given, after = (*frame.blobs, b"", b"")[:2]
            raised, bound = read_raised(facts.get("raised")), read_names(facts.get("bound"))
            self.report = replace(
                report, coded=True, raised=raised, bound=bound, given=given or None, after=after or None
            )
        elif frame.kind is FrameKind.OBSERVED and report.coded and expected < len(self.run.checks):
            observation = read_observation(frame)
            if observation.number != self.run.checks[expected].number:
                raise BadFrame("an observation out of turn")
            self.report = replace(report, observations=(*report.observations, observation))
        else:
            raise BadFrame("a message out of turn")
        return facts.get("memory") is True

    def _drain(self) -> None:
        for descriptor in self.output:
            with contextlib.suppress(OSError):
                while data := os.read(descriptor, CHUNK):
                    self.output[descriptor] += data
                    if len(self.output[descriptor]) > self.run.limits.output:
                        break

    def _shown(self, descriptor: int) -> str:
        return bytes(self.output[descriptor][: self.run.limits.output]).decode("utf-8", "replace")


def supervise(run: Run, worker: Worker, cancelled: threading.Event | None = None) -> Report:
    """Execute `run` in `worker`, which is used up by it."""
    return Supervision(run, worker, cancelled or threading.Event()).supervise()


def ask(worker: Worker, question: bytes, seconds: float) -> bytes | None:
    """The judge's answer to one question; None when it gave none in time."""
    deadline = time.monotonic() + seconds
    try:
        worker.link.settimeout(seconds)
        worker.link.sendall(pack(FrameKind.QUESTION, {}, [question]))
        while (left := deadline - time.monotonic()) > 0:
            worker.link.settimeout(left)
            data = worker.link.recv(CHUNK)
            if not data:
                return None
            for frame in worker.buffer.feed(data):
                if frame.kind is FrameKind.ANSWER and len(frame.blobs) == 1:
                    return frame.blobs[0]
                return None
    except (OSError, BadFrame):
        pass
    return None
