"""Nothing outlives what it belongs to: a run's processes their run, the sandbox its app, a folder its process."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.tempdirs import TempDir, sweep
from quizapp.sandbox.host.usage import process_tree
from quizapp.sandbox.jail.layers import Layers
from tests.sandbox import unprivileged
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import run

PATIENCE = 20.0

APP = """
import sys, threading
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import Limits, Run
with Sandbox(judge=JUDGE, layers=Layers(**{layers!r})) as sandbox:
    sandbox.wait()
    code = {code!r}
    threading.Thread(target=sandbox.submit, args=(Run(code, (), limits=Limits(seconds=600)),), daemon=True).start()
    while not sandbox._pool._lent.total():
        pass
    print("under way", flush=True)
    sys.stdin.read()
"""
FORKS = """
import os, time
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(600)
        os._exit(0)
while True: time.sleep(600)
"""
LEAVES = """
import os, time
ours, theirs = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(theirs, str(os.getpid()).encode())
        while True: time.sleep(600)
    os._exit(0)
print(int(os.read(ours, 100)))
"""


def gone(pid: int) -> bool:
    """Whether a process is away, or goes within the time that we wait at most."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], PATIENCE)[0])
    finally:
        os.close(pidfd)


@pytest.mark.parametrize("code", ["while True: pass", FORKS], ids=["busy", "forks"])
def test_a_killed_app_takes_everything_with_it(code: str) -> None:
    program = APP.format(layers=LAYERS.facts(), code=code)
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == b"under way\n"
        everything = process_tree(app.pid)
        app.send_signal(signal.SIGKILL)
    assert len(everything) >= 3
    assert [pid for pid in everything if not gone(pid)] == []
    left = list(Path(tempfile.gettempdir()).glob(f"ptquiz-{app.pid}-*"))
    assert left
    with Sandbox(judge=JUDGE, layers=LAYERS) as sandbox:
        sandbox.wait()
        assert [path for path in left if path.exists()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nobody inherits what a process leaves")
def test_what_a_run_has_started_ends_with_it_even_where_nothing_confines_it(their_home: Path) -> None:
    if os.getuid() == 0:
        if not unprivileged.possible():
            pytest.skip("no ordinary user can be had here")
        command = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={their_home / 'run'}"]
        test = "tests/sandbox/test_lifetime.py::test_what_a_run_has_started_ends_with_it_even_where_nothing_confines_it"
        assert "1 passed" in unprivileged.run([*command, test], their_home, {}, seconds=120)
        return
    with Sandbox(judge=JUDGE, layers=Layers(namespaces=False, landlock=0, seccomp=False, limits=False)) as sandbox:
        pid = int(run(sandbox, LEAVES).stdout)
        assert gone(pid)


def test_a_folder_is_swept_when_its_process_is_gone_and_nobody_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (abandoned := tmp_path / f"ptquiz-{dead.pid}-a" / "run-1" / "deep").mkdir(parents=True)
    (other := tmp_path / f"ptquiz-{dead.pid}-b").mkdir()
    (alive := tmp_path / f"ptquiz-{os.getpid()}-c").mkdir()
    (named := tmp_path / "ptquiz-home-d").mkdir()
    link = tmp_path / f"ptquiz-{dead.pid}-e"
    link.symlink_to(named)
    # Another container may have a process that we know no number of.
    held = TempDir()
    elsewhere = held.path.rename(tmp_path / f"ptquiz-{dead.pid}-f")
    sweep({os.getuid() + 1})
    assert other.exists()
    sweep({os.getuid()})
    assert not abandoned.parent.parent.exists() and not other.exists()
    assert alive.exists() and named.exists() and link.is_symlink() and elsewhere.exists()
    with contextlib.suppress(OSError):
        held.remove()
    sweep({os.getuid()})
    assert not elsewhere.exists()
