"""Supervises one run from outside: collects its messages and output, and enforces its limits."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from dataclasses import dataclass, field, replace

from quizapp.sandbox.frames import BadFrame, Frame, FrameKind, pack, pack_head
from quizapp.sandbox.host.own_time import WALL_FACTOR, OwnTime
from quizapp.sandbox.host.process import END_SECONDS, Worker
from quizapp.sandbox.host.usage import Meter, process_tree
from quizapp.sandbox.jail.mounts import SCRATCH
from quizapp.sandbox.own_frames import hide_folders, hide_own_frames
from quizapp.sandbox.protocol import LIBRARIES, Ending, Report, Run
from quizapp.sandbox.run_messages import run_facts

CANCEL_SECONDS = 0.2
"""Interval at which the cancellation of a judgement is noticed."""

POLL_SECONDS = 0.02
"""Interval at which memory, threads and files are measured."""

CHUNK = 1 << 18
PROCESS_ENDED = "the process ended before its run"


@dataclass(slots=True)
class Supervision:
    """A run in progress, and what is known of it so far."""

    run: Run
    worker: Worker
    cancelled: threading.Event
    report: Report = Report(Ending.CRASHED)
    output: dict[int, bytearray] = field(default_factory=dict)
    meter: Meter | None = None

    def supervise(self) -> Report:
        """Send the run, wait until it ends or exceeds a limit, kill its process, and return the report."""
        worker = self.worker
        self.output = {worker.out: bytearray(), worker.err: bytearray()}
        clock = OwnTime(worker.process.pid)
        try:
            ending, detail = self._watch(clock)
        except BadFrame as error:
            ending, detail = Ending.CRASHED, f"the run sent an invalid message: {error}"
        except (BrokenPipeError, ConnectionResetError):
            ending, detail = Ending.CRASHED, PROCESS_ENDED
        if ending is Ending.CRASHED and self.meter is not None and self.meter.is_nearly_full:
            ending, detail = Ending.MEMORY, "ended with nearly all of its memory limit in use"
        seconds = clock.seconds()
        has_children = len(process_tree(worker.process.pid)) > 1
        worker.kill()
        if has_children:
            # Process 1 of a PID namespace ends after all others; on a busy machine that can take seconds.
            worker.process.has_ended(END_SECONDS)
        if ending is not Ending.OUTPUT:
            self._drain()
        stdout, stderr = (self._decoded_output(descriptor) for descriptor in (worker.out, worker.err))
        return replace(
            self.report,
            ending=ending,
            detail=detail,
            seconds=seconds,
            stdout=stdout,
            stderr=stderr,
            text_bytes=worker.buffer.fact_bytes,
        )

    def _watch(self, clock: OwnTime) -> tuple[Ending, str]:
        worker, limits = self.worker, self.run.limits
        deadline = clock.started + limits.seconds
        meter = self.meter = Meter(worker.process.pid, worker.base, limits, worker.folder)
        worker.link.settimeout(WALL_FACTOR * limits.seconds)
        worker.link.sendall(pack(FrameKind.RUN, run_facts(self.run)))
        worker.link.setblocking(False)
        poll = select.poll()
        for source in (worker.link.fileno(), worker.out, worker.err):
            poll.register(source, select.POLLIN)
        next_check = clock.started + POLL_SECONDS
        while True:
            now = time.monotonic()
            if now >= deadline:
                left = clock.left(limits.seconds)
                if left <= 0:
                    return Ending.TIMEOUT, f"still running after {limits.seconds:g} s"
                deadline = now + left
            if self.cancelled.is_set():
                return Ending.CRASHED, "cancelled"
            if now >= next_check:
                next_check = now + POLL_SECONDS
                if (excess := meter.check()) is not None:
                    return excess
            for source, _ in poll.poll(max(0.0, min(deadline, next_check) - now) * 1000):
                if source != worker.link.fileno():
                    if not self._read_output(source):
                        poll.unregister(source)
                    if sum(map(len, self.output.values())) > limits.output:
                        return Ending.OUTPUT, f"printed more than {limits.output >> 10} KiB"
                elif (end := self._read_frames()) is not None:
                    return end

    def _read_output(self, source: int) -> bool:
        """Read what was printed; return False at the end of the pipe."""
        try:
            data = os.read(source, CHUNK)
        except BlockingIOError:
            return True
        self.output[source] += data
        return bool(data)

    def _read_frames(self) -> tuple[Ending, str] | None:
        """Read the worker's messages; return how the run ended once it has, else None. Raises `BadFrame`."""
        with contextlib.suppress(BlockingIOError):
            data = self.worker.link.recv(CHUNK)
            if not data:
                return Ending.CRASHED, PROCESS_ENDED
            for frame in self.worker.buffer.feed(data):
                if frame.kind is FrameKind.ENDED and frame.facts.get("memory") is not True:
                    self._read_end(frame)
                    return Ending.FINISHED, ""
                if frame.kind is FrameKind.ENDED or self._read_frame(frame):
                    return Ending.MEMORY, "requested more memory than its limit"
        return None

    def _read_end(self, frame: Frame) -> None:
        from quizapp.sandbox.host.run_reports import read_end, read_lines

        end = read_end(frame.facts)
        libraries = tuple(name for name in LIBRARIES if name in end.libraries)
        self.report = replace(
            self.report,
            calls=end.calls,
            operators=end.operators,
            peak_memory=end.peak_memory,
            libraries=libraries,
            changed=end.changed,
        )
        if self.run.trace_lines:
            self.report = replace(self.report, lines=read_lines(frame.facts)[0])

    def _read_frame(self, frame: Frame) -> bool:
        """Add one message to the report; return whether it claims that memory ran out.

        The claim is believed because it can only harm the run.
        """
        from quizapp.sandbox.host.run_reports import read_code, read_lines, read_observation

        report = self.report
        expected = len(report.observations)
        if frame.kind is FrameKind.CODE and not report.code_ended:
            given, after = (*frame.blobs, b"", b"")[:2]
            raised, bound = read_code(frame.facts)
            self.report = replace(
                report, code_ended=True, raised=raised, bound=bound, given=given or None, after=after or None
            )
            if self.run.trace_lines:
                lines, echo = read_lines(frame.facts)
                self.report = replace(self.report, lines=lines, echo=echo)
        elif frame.kind is FrameKind.OBSERVED and report.code_ended and expected < len(self.run.checks):
            observation = read_observation(frame)
            if observation.number != self.run.checks[expected].number:
                raise BadFrame("an observation out of order")
            self.report = replace(report, observations=(*report.observations, observation))
        else:
            raise BadFrame("a message out of order")
        return frame.facts.get("memory") is True

    def _drain(self) -> None:
        for descriptor in self.output:
            with contextlib.suppress(OSError):
                while data := os.read(descriptor, CHUNK):
                    self.output[descriptor] += data
                    if len(self.output[descriptor]) > self.run.limits.output:
                        break

    def _decoded_output(self, descriptor: int) -> str:
        text = bytes(self.output[descriptor][: self.run.limits.output]).decode("utf-8", "replace")
        return hide_folders(hide_own_frames(text), str(self.worker.folder), SCRATCH)


def supervise(run: Run, worker: Worker, cancelled: threading.Event | None = None) -> Report:
    """Execute `run` in `worker`, which cannot be used again, and return the report."""
    return Supervision(run, worker, cancelled or threading.Event()).supervise()


def ask_judge(worker: Worker, question: bytes, seconds: float, cancelled: threading.Event) -> bytes | None:
    """Return the judge's answer to one question; None if it needs more than `seconds` of its own time, or on cancel."""
    clock = OwnTime(worker.process.pid)
    try:
        worker.link.settimeout(WALL_FACTOR * seconds)
        worker.link.sendall(pack_head(FrameKind.QUESTION, {}, [question]))
        worker.link.sendall(question)
        while (left := clock.left(seconds)) > 0 and not cancelled.is_set():
            worker.link.settimeout(min(left, CANCEL_SECONDS))
            try:
                data = worker.link.recv(CHUNK)
            except TimeoutError:
                continue
            if not data:
                return None
            for frame in worker.buffer.feed(data):
                if frame.kind is FrameKind.ANSWER and len(frame.blobs) == 1:
                    return frame.blobs[0]
                return None
    except (OSError, BadFrame):
        pass
    return None
