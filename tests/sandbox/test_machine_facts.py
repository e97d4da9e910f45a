"""What a run sees of the machine: what docs/sandbox.md lists, and not the host's mounts and network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import HAS_PROC
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import run

pytestmark = [pytest.mark.jail, pytest.mark.skipif(not HAS_PROC, reason="needs /proc")]

READ = """
from pathlib import Path
try:
    print(Path({path!r}).read_text())
except OSError as error:
    print(type(error).__name__)
"""


@pytest.fixture(scope="module")
def without_landlock() -> Iterator[Sandbox]:
    with Sandbox(layers=replace(LAYERS, landlock=0)) as started:
        yield started


def read(sandbox: Sandbox, path: str) -> str:
    """Return the text of a file as a run sees it, or the exception."""
    return run(sandbox, READ.format(path=path)).stdout.strip()


def interfaces(text: str) -> set[str]:
    """Return the names of the network interfaces in `/proc/net/dev`."""
    return {line.partition(":")[0].strip() for line in text.splitlines() if ":" in line}


@pytest.mark.parametrize("name", ["mounts", "mountinfo", "mountstats", "cgroup", "net/dev", "net/unix", "net/tcp"])
def test_a_run_reads_nothing_about_mounts_control_groups_and_the_network(sandbox: Sandbox, name: str) -> None:
    if not LAYERS.landlock:
        pytest.skip("needs Landlock")
    assert read(sandbox, f"/proc/self/{name}") == "PermissionError"


@pytest.mark.parametrize("name", ["maps", "status", "stat", "statm", "limits", "environ", "smaps_rollup"])
def test_a_run_reads_about_its_own_process(sandbox: Sandbox, name: str) -> None:
    assert read(sandbox, f"/proc/self/{name}") not in ("PermissionError", "FileNotFoundError", "")


def test_a_run_sees_the_memory_and_the_name_of_the_machine(sandbox: Sandbox) -> None:
    total = Path("/proc/meminfo").read_text().splitlines()[0]
    assert read(sandbox, "/proc/meminfo").splitlines()[0] == total
    assert run(sandbox, "import os\nprint(os.uname().nodename)").stdout.strip() == os.uname().nodename


def test_a_run_can_ask_for_the_size_of_a_path_only_without_namespaces(sandbox: Sandbox, has_namespaces: bool) -> None:
    report = run(sandbox, "import os\nprint(os.path.getsize('/etc/passwd') if os.path.exists('/etc/passwd') else -1)")
    size = -1 if has_namespaces else Path("/etc/passwd").stat().st_size
    assert int(report.stdout) == size


def test_without_landlock_the_mounts_are_visible(without_landlock: Sandbox) -> None:
    assert " / / " in read(without_landlock, "/proc/self/mountinfo")


def test_without_landlock_the_network_of_the_host_is_visible_only_without_namespaces(
    without_landlock: Sandbox, has_namespaces: bool
) -> None:
    seen = interfaces(read(without_landlock, "/proc/self/net/dev"))
    assert seen == ({"lo"} if has_namespaces else interfaces(Path("/proc/self/net/dev").read_text()))
