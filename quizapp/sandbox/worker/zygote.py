"""Imports torch once and forks a worker for each request; holds no deck, no solution and no value."""

from __future__ import annotations

import contextlib
import fcntl
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

# Set before torch is imported: children forked from a process with several threads can hang.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

from quizapp.sandbox import frames, run_messages
from quizapp.sandbox.frames import FrameKind
from quizapp.sandbox.host.usage import children
from quizapp.sandbox.jail import confine, rlimits, syscalls
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER, CudaDriver
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import LIBRARIES, Limits
from quizapp.sandbox.worker import cuda_start, execution, huge_pages, libraries, warmup

JUDGE_LIMITS = Limits(seconds=3600, memory=2 << 30)
"""Limits for all requests to one judge together."""

FREE_DESCRIPTORS = 10
"""Descriptors from here on are used for nothing else for the moment; the limit of open files may be low."""

MAX_REAP_PASSES = 100
"""Maximum passes when reaping orphans, so that a fork bomb cannot stall the zygote."""


def main(control: int, judge: str, layers: Layers, driver: CudaDriver) -> NoReturn:
    """Serve on the SEQPACKET descriptor `control` until the app closes its end; `layers` are those available.

    `driver` is that of the workers with CUDA, if it serves them.
    """
    torch.set_num_threads(1)
    link = socket.socket(fileno=control)
    judge_module = importlib.import_module(judge) if judge else None
    warmup.load()
    for run in (*warmup.DRY_RUNS, warmup.TRACED_RUN):
        warmup.dry_run(run)
    freeze_heap()
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    Zygote(link, judge_module, layers, driver).serve()


def freeze_heap() -> None:
    """Freeze the garbage collector's heap and collapse pages, so that forks are fast and share memory."""
    gc.collect()
    gc.freeze()
    huge_pages.collapse_memory()


def hello(layers: Layers) -> dict[str, Any]:
    """Return facts about this process. Does not initialise CUDA, which would make forking impossible."""
    return {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "threads": thread_count(),
        "layers": layers.facts(),
        "cuda": torch.version.cuda,
    }


def run_as_worker(request: dict[str, Any], descriptors: list[int], judge: str, layers: Layers) -> NoReturn:
    """Run as a standalone worker on platforms where forking is unsafe."""
    torch.set_num_threads(1)
    judge_module = importlib.import_module(judge) if request["kind"] == "judge" else None
    warmup.load()
    readable = () if layers.namespaces else confine.visible_paths()
    become_worker(request, descriptors, WorkerContext(layers, readable, judge_module, hello(layers), NO_DRIVER))


def thread_count() -> int:
    """Return the number of threads of this process; 0 if unknown."""
    if not syscalls.LINUX:
        return 0
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What every worker inherits from the process that creates it."""

    layers: Layers
    readable: tuple[str, ...]
    """Paths for Landlock; empty with namespaces."""

    judge: ModuleType | None
    hello: dict[str, Any]
    """The head of the READY frame."""

    driver: CudaDriver


class Zygote:
    """Serves requests: receives one with a worker's descriptors and a socket, on which it replies with a pidfd."""

    def __init__(self, link: socket.socket, judge: ModuleType | None, layers: Layers, driver: CudaDriver) -> None:
        self.link = link
        self.layers = layers
        self.hello = hello(layers)
        readable = () if layers.namespaces else confine.visible_paths(driver)
        self.parent = WorkerContext(layers, readable, judge, self.hello, driver)
        self.own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY) if layers.namespaces else -1
        self.workers: dict[int, int] = {}
        """pidfd -> PID of each living worker."""

        self.poll = select.poll()

    def serve(self) -> NoReturn:
        """Handle requests and reap dead workers until the app closes the socket."""
        self.link.send(json.dumps(self.hello).encode())
        self.poll.register(self.link, select.POLLIN)
        if not self.layers.namespaces:
            # Orphans of a run become children of the zygote: `PR_SET_CHILD_SUBREAPER` in `prctl(2)`.
            syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor != self.link.fileno():
                    self._reap_worker(descriptor)
                    self._reap_orphans()
                elif not self._handle_request():
                    self._end()

    def _handle_request(self) -> bool:
        """Handle one request; return False once the app has closed the socket."""
        data, descriptors, _, _ = socket.recv_fds(self.link, 1 << 16, 4)
        if not data:
            return False
        request = json.loads(data)
        # The app may have given up waiting for the reply.
        with contextlib.suppress(BrokenPipeError), socket.socket(fileno=descriptors.pop()) as reply:
            if "load" in request:
                self._load(request["load"])
                reply.send(b"{}")
            else:
                self._fork(request, descriptors, reply)
        return True

    def _load(self, library: str) -> None:
        """Load a library for all future workers; if it cannot be imported, the run that needs it raises."""
        if library in LIBRARIES:
            with contextlib.suppress(ImportError):
                libraries.load(library, cuda=bool(self.parent.driver.library))
            # Children of several threads can hang. After any other error too, the app starts another zygote.
            assert thread_count() == 1, f"{library} has started threads"
            freeze_heap()

    def _fork(self, request: dict[str, Any], descriptors: list[int], reply: socket.socket) -> None:
        try:
            pid = self._fork_apart()
        except OSError as error:
            reply.send(json.dumps({"error": f"no new process: {error.strerror}"}).encode())
        else:
            if pid == 0:
                become_worker(request, descriptors, self.parent)
            pidfd = os.pidfd_open(pid)
            self.workers[pidfd] = pid
            self.poll.register(pidfd, select.POLLIN)
            socket.send_fds(reply, [b"{}"], [pidfd])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _fork_apart(self) -> int:
        """Fork; with namespaces, the child gets its own PID namespace and this process keeps its own (`unshare(2)`)."""
        if not self.layers.namespaces:
            return os.fork()
        syscalls.unshare(syscalls.CLONE_NEWPID)
        pid = 1
        try:
            return (pid := os.fork())
        finally:
            if pid:
                syscalls.setns(self.own_processes, syscalls.CLONE_NEWPID)

    def _reap_worker(self, pidfd: int) -> None:
        """Collect a dead worker's exit status, so that no zombie remains."""
        self.poll.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(self.workers.pop(pidfd), 0)

    def _reap_orphans(self) -> None:
        """Kill the descendants of dead workers; with PID namespaces the kernel has done so already."""
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
                self._reap_worker(pidfd)
        self._reap_orphans()
        os._exit(0)


def become_worker(request: dict[str, Any], descriptors: list[int], parent: WorkerContext) -> NoReturn:
    """Jail this process and serve as a judge or execute one run."""
    try:
        driver = parent.driver if request["cuda"] else None
        jail = confine.JailSpec(parent.layers, request["folder"], request["scratch"], driver, parent.readable)
        link = _take_descriptors(descriptors)
        confine.confine(jail)
        _set_environment(jail)
        # Before READY is sent, because it takes seconds that the run's limit must not count.
        started = {} if driver is None else {"started": cuda_start.start(driver)}
        confine.close(jail)
        ready = frames.pack(FrameKind.READY, parent.hello | started)
        if request["kind"] == "judge":
            _judge(link, parent, jail, ready)
        _run(link, ready, jail, request)
    except EOFError:
        pass
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


def _take_descriptors(descriptors: list[int]) -> socket.socket:
    """Make 0 /dev/null, 1 and 2 the worker's pipes, 3 its socket, and close all others; return the socket."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    # Move them away first, since a descriptor may already have the number that another needs.
    link, out, err = (fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, FREE_DESCRIPTORS) for number in descriptors)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.dup2(link, 3, inheritable=False)
    os.closerange(4, 1 << 16)
    return socket.socket(fileno=3)


def _set_environment(jail: confine.JailSpec) -> None:
    os.environ["HOME"] = os.environ["TMPDIR"] = jail.scratch_folder
    # The folder exists, so that torch's compiler makes none when it is imported.
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = jail.scratch_folder
    if jail.driver is not None:
        os.environ.update(cuda_start.CUDA_ENVIRONMENT)


def _judge(link: socket.socket, parent: WorkerContext, jail: confine.JailSpec, ready: bytes) -> NoReturn:
    assert parent.judge is not None
    rlimits.limit_run(JUDGE_LIMITS, jail.layers.namespaces, cuda=False, data=rlimits.data_size())
    link.sendall(ready)
    while True:
        # Not bound to a name, so that an idle judge does not hold the values.
        answer = parent.judge.judge(frames.receive(link).blobs[0])
        link.sendall(frames.pack(FrameKind.ANSWER, {}, [answer]))


def _run(link: socket.socket, ready: bytes, jail: confine.JailSpec, request: dict[str, Any]) -> NoReturn:
    link.sendall(ready)
    if request["dry_run"]:
        warmup.dry_run(warmup.DRY_RUNS[0])
    data = rlimits.data_size()
    run = run_messages.read_run(frames.receive(link).facts)
    if jail.layers.limits:
        rlimits.limit_run(run.limits, jail.layers.namespaces, jail.driver is not None, data)
        cuda_start.limit_memory(run.limits)
    execution.serve(run, link, jail.scratch_folder)
    os._exit(0)
