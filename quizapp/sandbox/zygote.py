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
from types import ModuleType
from typing import Any, NoReturn

# Before torch is imported: a zygote that has started a thread forks children that hang.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

from quizapp.sandbox import frames, messages, worker, worker_warm
from quizapp.sandbox.frames import Kind

STATUSES_KEPT = 256


def main(control: int, judge: str) -> NoReturn:
    """Serve on the SEQPACKET descriptor `control` until the app closes its end."""
    torch.set_num_threads(1)
    link = socket.socket(fileno=control)
    judging = _preload(judge)
    worker_warm.rehearse()
    gc.collect()
    gc.freeze()
    Zygote(link, judging).serve()


def _preload(judge: str) -> ModuleType | None:
    return importlib.import_module(judge) if judge else None


def thread_count() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


class Zygote:
    """The loop: a request with three descriptors comes in, a worker's pidfd goes out."""

    def __init__(self, link: socket.socket, judge: ModuleType | None) -> None:
        self.link = link
        self.judge = judge
        self.workers: dict[int, int] = {}
        """pidfd -> pid of the living."""

        self.statuses: dict[int, int] = {}
        """pid -> wait status of the last dead."""

        self.poll = select.poll()

    def serve(self) -> NoReturn:
        hello = {"python": sys.version.split()[0], "torch": torch.__version__, "threads": thread_count()}
        self.link.send(json.dumps(hello).encode())
        self.poll.register(self.link, select.POLLIN)
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor != self.link.fileno():
                    self._bury(descriptor)
                elif not self._answer():
                    self._end()

    def _answer(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self.link, 1 << 16, 3)
        if not data:
            return False
        request = json.loads(data)
        if request["do"] == "status":
            self._tell_status(request["pid"])
        else:
            self._fork(request, descriptors)
        return True

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            pid = os.fork()
        except OSError as error:
            self.link.send(json.dumps({"error": f"no new process: {error.strerror}"}).encode())
        else:
            if pid == 0:
                become_worker(request, descriptors, self.judge)
            pidfd = os.pidfd_open(pid)
            self.workers[pidfd] = pid
            self.poll.register(pidfd, select.POLLIN)
            socket.send_fds(self.link, [json.dumps({"pid": pid}).encode()], [pidfd])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _bury(self, pidfd: int) -> None:
        """Take the dead worker's status, so that no zombie stays."""
        self.poll.unregister(pidfd)
        os.close(pidfd)
        pid = self.workers.pop(pidfd)
        self.statuses[pid] = os.waitpid(pid, 0)[1]
        if len(self.statuses) > STATUSES_KEPT:
            del self.statuses[next(iter(self.statuses))]

    def _tell_status(self, pid: int) -> None:
        """How a worker ended; the app asks only after it has killed it."""
        pidfd = next((fd for fd, living in self.workers.items() if living == pid), None)
        if pidfd is not None:
            self._bury(pidfd)
        self.link.send(json.dumps({"status": self.statuses.get(pid)}).encode())

    def _end(self) -> NoReturn:
        for pidfd in self.workers:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        os._exit(0)


def become_worker(request: dict[str, Any], descriptors: list[int], judge: ModuleType | None) -> NoReturn:
    """What the forked child does for the rest of its life."""
    try:
        link = _take_descriptors(descriptors)
        os.chdir(request["folder"])
        os.environ.update(HOME=request["folder"], TMPDIR=request["folder"])
        if not request["cuda"]:
            os.environ["CUDA_VISIBLE_DEVICES"] = ""
        if request["kind"] == "judge":
            _judge(link, judge)
        _run(link, request)
    except EOFError:
        pass
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(70)
    os._exit(0)


def _take_descriptors(descriptors: list[int]) -> socket.socket:
    """Leave 0 empty, 1 and 2 the worker's pipes, 3 its socket, and nothing else open."""
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


def _judge(link: socket.socket, judge: ModuleType | None) -> NoReturn:
    assert judge is not None
    link.sendall(frames.pack(Kind.READY, {}))
    while True:
        question = frames.receive(link)
        answer = judge.judge(question.blobs[0])
        link.sendall(frames.pack(Kind.ANSWER, {}, [answer]))


def _run(link: socket.socket, request: dict[str, Any]) -> NoReturn:
    torch.set_num_threads(request["threads"])
    worker_warm.rehearse()
    link.sendall(frames.pack(Kind.READY, {}))
    run = messages.read_run(frames.receive(link).facts)
    worker.serve(run, link, request["folder"])
    os._exit(0)
