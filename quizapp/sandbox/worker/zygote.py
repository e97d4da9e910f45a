"""Imports torch once and forks a worker for each request; holds no deck, no solution and no value."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

# Before torch is imported: a zygote that has started a thread forks children that hang.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

from quizapp.sandbox import frames, run_messages
from quizapp.sandbox.frames import FrameKind
from quizapp.sandbox.host.usage import children
from quizapp.sandbox.jail import confine, readable_paths, rlimits, syscalls
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import LIBRARIES, Limits
from quizapp.sandbox.worker import execution, huge_pages, warmup

JUDGE_LIMITS = Limits(seconds=3600, memory=2 << 30)
"""For all the questions of one judge together."""

MAX_REAP_PASSES = 100
"""Times that we look for what the last ones have left; without a limit, a run that forks fast could hold us up."""


def main(control: int, judge: str, layers: Layers) -> NoReturn:
    """Serve on the SEQPACKET descriptor `control` until the app closes its end; `layers` are those there are."""
    torch.set_num_threads(1)
    link = socket.socket(fileno=control)
    judging = importlib.import_module(judge) if judge else None
    warmup.load()
    for run in (*warmup.DRY_RUNS, warmup.TRACED_RUN):
        warmup.dry_run(run)
    freeze_heap()
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    Zygote(link, judging, layers).serve()


def freeze_heap() -> None:
    """Lay what is loaded so that a fork costs little, and that its children leave it alone."""
    gc.collect()
    gc.freeze()
    huge_pages.collapse_memory()


def hello(layers: Layers) -> dict[str, Any]:
    """What the app is told of this process; torch's CUDA is not asked, because then it could no longer be forked."""
    return {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "threads": thread_count(),
        "layers": layers.facts(),
        "cuda": bool(torch.version.cuda and readable_paths.cuda_devices()),
    }


def run_as_worker(request: dict[str, Any], descriptors: list[int], judge: str, layers: Layers) -> NoReturn:
    """Be a worker that nobody forked; it tells what a zygote would."""
    torch.set_num_threads(1)
    judging = importlib.import_module(judge) if request["kind"] == "judge" else None
    warmup.load()
    readable_here = () if layers.namespaces else confine.may_read()
    become_worker(
        request, descriptors, WorkerContext(layers, readable_here, judging, frames.pack(FrameKind.READY, hello(layers)))
    )


def thread_count() -> int:
    """0 where it cannot be asked."""
    if not syscalls.LINUX:
        return 0
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What every worker of a process has from it."""

    layers: Layers
    readable: tuple[str, ...]
    judge: ModuleType | None
    ready: bytes
    """What each of them says when it is."""


class Zygote:
    """The loop: a request with three descriptors comes in, a worker's pidfd goes out."""

    def __init__(self, link: socket.socket, judge: ModuleType | None, layers: Layers) -> None:
        self.link = link
        self.layers = layers
        self.hello = hello(layers)
        ready = frames.pack(FrameKind.READY, self.hello)
        self.parent = WorkerContext(layers, () if layers.namespaces else confine.may_read(), judge, ready)
        self.own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY) if layers.namespaces else -1
        self.workers: dict[int, int] = {}
        """pidfd -> pid of the living."""

        self.poll = select.poll()

    def serve(self) -> NoReturn:
        self.link.send(json.dumps(self.hello).encode())
        self.poll.register(self.link, select.POLLIN)
        if not self.layers.namespaces:
            # What a run has started and left comes to us when the run is over.
            syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor != self.link.fileno():
                    self._bury(descriptor)
                    self._end_orphans()
                elif not self._answer():
                    self._end()

    def _answer(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self.link, 1 << 16, 3)
        if not data:
            return False
        request = json.loads(data)
        if "load" in request:
            self._load(request["load"])
        else:
            self._fork(request, descriptors)
        return True

    def _load(self, library: str) -> None:
        """Have a library in every worker from now on; one that cannot be imported will say so in the run."""
        if library in LIBRARIES:
            # Pandas takes numexpr along where that is installed, which starts threads unless told not to.
            os.environ["NUMEXPR_NUM_THREADS"] = "1"
            with contextlib.suppress(Exception):
                importlib.import_module(library)
            del os.environ["NUMEXPR_NUM_THREADS"]
            freeze_heap()
        self.link.send(b"{}")

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            pid = self._fork_apart()
        except OSError as error:
            self.link.send(json.dumps({"error": f"no new process: {error.strerror}"}).encode())
        else:
            if pid == 0:
                become_worker(request, descriptors, self.parent)
            pidfd = os.pidfd_open(pid)
            self.workers[pidfd] = pid
            self.poll.register(pidfd, select.POLLIN)
            socket.send_fds(self.link, [b"{}"], [pidfd])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _fork_apart(self) -> int:
        """Fork into a PID namespace of the child's own, and stay where we are."""
        if not self.layers.namespaces:
            return os.fork()
        syscalls.unshare(syscalls.CLONE_NEWPID)
        pid = 1
        try:
            return (pid := os.fork())
        finally:
            if pid:
                syscalls.setns(self.own_processes, syscalls.CLONE_NEWPID)

    def _bury(self, pidfd: int) -> None:
        """Take the dead worker's status, so that no zombie stays."""
        self.poll.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(self.workers.pop(pidfd), 0)

    def _end_orphans(self) -> None:
        """Kill what dead workers have left, and what that leaves; in namespaces the kernel has done so."""
        if self.layers.namespaces:
            return
        for _ in range(MAX_REAP_PASSES):
            for pid in set(children(os.getpid())) - set(self.workers.values()):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _end(self) -> NoReturn:
        for pidfd in list(self.workers):
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            if not self.layers.namespaces:
                self._bury(pidfd)
        self._end_orphans()
        os._exit(0)


def become_worker(request: dict[str, Any], descriptors: list[int], parent: WorkerContext) -> NoReturn:
    """What the forked child does for the rest of its life."""
    try:
        cell = confine.JailSpec(
            parent.layers, request["folder"], request["scratch"], cuda=request["cuda"], readable=parent.readable
        )
        link = _take_descriptors(descriptors)
        confine.confine(cell)
        _set_environment(cell)
        if request["kind"] == "judge":
            _judge(link, parent, cell)
        _run(link, parent, cell, request)
    except EOFError:
        pass
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


def _take_descriptors(descriptors: list[int]) -> socket.socket:
    """Leave 0 empty, 1 and 2 the worker's pipes, 3 its socket, and nothing else open."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    # Out of the way first: a descriptor may already have the number that another needs.
    link, out, err = (os.dup2(number, 100 + place, inheritable=False) for place, number in enumerate(descriptors))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.dup2(link, 3, inheritable=False)
    os.closerange(4, 1 << 16)
    return socket.socket(fileno=3)


def _set_environment(cell: confine.JailSpec) -> None:
    os.environ["HOME"] = os.environ["TMPDIR"] = cell.scratch_folder
    if not cell.cuda:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""


def _judge(link: socket.socket, parent: WorkerContext, cell: confine.JailSpec) -> NoReturn:
    assert parent.judge is not None
    rlimits.limit_run(JUDGE_LIMITS, cell.layers.namespaces, cuda=False, data=rlimits.data_size())
    link.sendall(parent.ready)
    while True:
        question = frames.receive(link)
        answer = parent.judge.judge(question.blobs[0])
        link.sendall(frames.pack(FrameKind.ANSWER, {}, [answer]))


def _run(link: socket.socket, parent: WorkerContext, cell: confine.JailSpec, request: dict[str, Any]) -> NoReturn:
    torch.set_num_threads(request["threads"])
    if cell.cuda:
        # Before it says that it is ready: the start of CUDA takes seconds, and none of them is the answer's.
        with contextlib.suppress(Exception):
            torch.ones(1, device="cuda")
    link.sendall(parent.ready)
    if request["rehearse"]:
        warmup.dry_run(warmup.DRY_RUNS[0])
    data = rlimits.data_size()
    run = run_messages.read_run(frames.receive(link).facts)
    if cell.layers.limits:
        rlimits.limit_run(run.limits, cell.layers.namespaces, cell.cuda, data)
    execution.serve(run, link, cell.scratch_folder)
    os._exit(0)
