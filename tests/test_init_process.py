"""Process 1 of a container passes signals on, reaps orphans and ends with the app."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from quizapp.init_process import fork_as_process_one
from quizapp.sandbox.host.usage import children
from tests.sandbox.unprivileged import PROCESS_ONE

needs_pid_namespace = pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("unshare") is None, reason="only root can run `unshare --pid` here"
)
PROGRAM = """
import os, pathlib, signal, sys
from quizapp.init_process import fork_as_process_one
fork_as_process_one()
"""
ORPHANS = """
for _ in range(3):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.fork()
        os._exit(0)
    os.close(writer)
    os.wait()
    # Closed by the kernel once the grandchild has ended too.
    os.read(reader, 1)
while (zombies := [path for path in pathlib.Path("/proc").glob("[0-9]*/stat") if ") Z " in path.read_text()]):
    pass
print(os.getpid(), zombies)
"""
WAITING = "print('ready', flush=True)\nsys.stdin.read()"


@contextmanager
def process_one(code: str) -> Iterator[subprocess.Popen[str]]:
    """Run `code` after PROGRAM as process 1 of a new PID namespace."""
    command = ["unshare", *PROCESS_ONE, sys.executable, "-c", PROGRAM + code]
    # Under `nohup`, SIGHUP is ignored, and so it is in every child.
    default = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, preexec_fn=default) as started:
        try:
            yield started
        finally:
            started.kill()


@needs_pid_namespace
def test_orphans_are_reaped() -> None:
    with process_one(ORPHANS) as started:
        assert started.communicate(timeout=60)[0] == "2 []\n"


@needs_pid_namespace
@pytest.mark.parametrize(
    ("code", "status"),
    [("", 0), ("sys.exit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", 128 + signal.SIGKILL)],
)
def test_process_one_ends_with_the_status_of_the_app(code: str, status: int) -> None:
    with process_one(code) as started:
        assert started.wait(60) == status


@needs_pid_namespace
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_process_one_ends_the_app(number: signal.Signals) -> None:
    with process_one(WAITING) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        (one,) = children(started.pid)
        os.kill(one, number)
        assert started.wait(60) == 128 + number


def test_another_process_does_not_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fork", lambda: pytest.fail("forked"))
    monkeypatch.setattr("os.getpid", lambda: 2)
    fork_as_process_one()
