"""No process outlives its run, and no sandbox outlives its app."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import process_tree
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import Limits
from tests.sandbox import unprivileged
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import run

pytestmark = pytest.mark.jail

TIMEOUT = 20.0

APP = """
import sys, threading
from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import Limits
from quizapp.sandbox.protocol import Limits, Run
with Sandbox(judge=JUDGE, layers=Layers(**{layers!r})) as sandbox:
    sandbox.wait()
    code = {code!r}
    threading.Thread(target=sandbox.submit, args=(Run(code, (), limits=Limits(seconds=600)),), daemon=True).start()
    while not sandbox._workers.pool._lent.total():
        pass
    print("running", flush=True)
    sys.stdin.read()
"""
FORKING_CODE = """
import os, time
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(600)
        os._exit(0)
while True: time.sleep(600)
"""
DAEMON_CODE = """
import os, time
reader, writer = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writer, str(os.getpid()).encode())
        while True: time.sleep(600)
    os._exit(0)
print(int(os.read(reader, 100)))
"""
FORK_BOMB = """
import ctypes, os
ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)
while True:
    try:
        os.fork()
    except BlockingIOError:
        pass
"""


def has_ended(pid: int) -> bool:
    """Return whether a process ends within TIMEOUT seconds."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], TIMEOUT)[0])
    finally:
        os.close(pidfd)


@pytest.mark.parametrize("code", ["while True: pass", FORKING_CODE], ids=["busy", "forking"])
def test_every_process_and_folder_of_a_killed_app_is_removed(code: str) -> None:
    program = APP.format(layers=LAYERS.facts(), code=code)
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == b"running\n"
        processes = process_tree(app.pid)
        app.send_signal(signal.SIGKILL)
    assert len(processes) >= 3
    assert [pid for pid in processes if not has_ended(pid)] == []
    folders = list(Path(tempfile.gettempdir()).glob(f"ptquiz-{app.pid}-*"))
    assert folders
    with Sandbox(judge=JUDGE, layers=LAYERS) as sandbox:
        sandbox.wait()
        assert [path for path in folders if path.exists()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs PR_SET_CHILD_SUBREAPER")
def test_a_daemon_ends_with_its_run_even_without_a_jail(other_home: Path) -> None:
    if os.getuid() == 0:
        if not unprivileged.is_possible():
            pytest.skip("cannot become an unprivileged user here")
        command = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={other_home / 'run'}"]
        test = "tests/sandbox/test_lifetime.py::test_a_daemon_ends_with_its_run_even_without_a_jail"
        assert "1 passed" in unprivileged.run([*command, test], other_home, {}, seconds=120)
        return
    with Sandbox(judge=JUDGE, layers=Layers(namespaces=False, landlock=0, seccomp=False, limits=False)) as sandbox:
        pid = int(run(sandbox, DAEMON_CODE).stdout)
        assert has_ended(pid)


def test_a_fork_bomb_leaves_no_process_one_second_after_its_verdict(sandbox: Sandbox) -> None:
    name = f"bomb-{os.getpid()}"
    run(sandbox, FORK_BOMB.format(name=name), limits=Limits(seconds=1, processes=64))
    deadline = time.monotonic() + 1
    while (left := _processes_named(name)) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert left == []


def _processes_named(name: str) -> list[int]:
    """Return the PIDs of all processes, zombies included, with this name (`PR_SET_NAME` in `prctl(2)`)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text().strip() == name:
                found.append(int(path.parent.name))
    return found
