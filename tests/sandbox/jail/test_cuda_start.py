"""The start of CUDA inside the jail, with a library that makes the system calls of a real driver; needs no GPU."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from quizapp.errors import SandboxError
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host import cuda_workers
from quizapp.sandbox.host.cuda_workers import CUDA, CUDA_MAY, CudaWorkers
from quizapp.sandbox.host.probe import probe_attempts
from quizapp.sandbox.host.process import Worker
from quizapp.sandbox.host.supervisor import supervise
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail import landlock
from quizapp.sandbox.jail.cuda_driver import CudaDriver
from quizapp.sandbox.jail.layers import ALL_LAYERS, Layers
from quizapp.sandbox.protocol import Run
from tests.sandbox.runs import observe

COMPILER = shutil.which("cc")
pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(COMPILER is None, reason="no C compiler, which the stand-in for the driver needs"),
    pytest.mark.skipif(torch.version.cuda is not None, reason="this torch starts CUDA itself"),
]

WITHOUT_NAMESPACES = replace(ALL_LAYERS, namespaces=False)
ARRANGEMENTS = {
    "all layers": ALL_LAYERS,
    "without namespaces": WITHOUT_NAMESPACES,
    "namespaces alone": Layers(landlock=0, seccomp=False),
    "Landlock alone": Layers(namespaces=False, seccomp=False),
    "seccomp alone": Layers(namespaces=False, landlock=0),
}
KERNEL_FILES = ("/proc/devices", "/proc/sys/vm/mmap_min_addr")
STARTED = {"problem": f"this PyTorch ({torch.__version__}) is built without CUDA", "driver": 13000}
"""What a worker reports whose driver has started, with a torch that cannot use it."""


@pytest.fixture(scope="module")
def driver() -> Iterator[CudaDriver]:
    """The stand-in, in a folder that no worker may read otherwise, but every user."""
    assert COMPILER is not None
    with tempfile.TemporaryDirectory(prefix="ptquiz-driver-") as folder:
        Path(folder).chmod(0o755)
        library = Path(folder, "libcuda.so.1")
        source = Path(__file__).with_name("fake_driver.c")
        subprocess.run([COMPILER, "-shared", "-fPIC", "-pthread", "-o", library, source], check=True)
        yield CudaDriver(str(library), (folder,), ("/dev/full",), KERNEL_FILES)


@contextlib.contextmanager
def started_worker(driver: CudaDriver, layers: Layers = ALL_LAYERS) -> Iterator[Worker]:
    """Start one worker with `driver`."""
    source = ZygoteClient("", layers, driver)
    try:
        try:
            source.start()
        except SandboxError as error:
            if "only root can read" not in error.message:
                raise
            pytest.skip(error.message)
        worker = source.create_worker(CUDA, dry_run=False)
        try:
            assert worker.wait_until_ready(), worker.last_error_line()
            yield worker
        finally:
            worker.discard()
    finally:
        source.close()


def start(driver: CudaDriver, layers: Layers = ALL_LAYERS) -> dict[str, Any]:
    """Return what a worker with `driver` reports of its start."""
    with started_worker(driver, layers) as worker:
        started: dict[str, Any] = worker.hello["started"]
        # The stand-in leaves its shared memory, its device and its socket open.
        assert started.pop("descriptors") or "driver" not in started
        return started


@pytest.mark.parametrize("layers", ARRANGEMENTS.values(), ids=ARRANGEMENTS)
def test_the_driver_starts_in_each_arrangement_of_layers(driver: CudaDriver, layers: Layers) -> None:
    assert start(driver, layers) == STARTED


@pytest.mark.parametrize("layers", [ALL_LAYERS, WITHOUT_NAMESPACES], ids=["namespaces", "no namespaces"])
def test_what_is_refused_at_the_start_is_named(driver: CudaDriver, layers: Layers) -> None:
    # The device is among those that the driver has, but is not one that the jail lets through.
    problem = start(replace(driver, devices=("/dev/tty0",)), layers)["problem"]
    assert "error 304, OS call failed or operation not supported on this OS" in problem
    assert "open /dev/tty0: " in problem


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_a_file_of_the_kernel_that_the_driver_reads_is_needed(driver: CudaDriver) -> None:
    assert "error 304" in start(replace(driver, kernel_files=()), WITHOUT_NAMESPACES)["problem"]


def test_a_library_that_cannot_be_loaded_is_named(driver: CudaDriver) -> None:
    broken = Path(driver.folders[0], "broken.so.1")
    broken.write_bytes(b"no library")
    assert str(broken) in start(replace(driver, library=str(broken)))["problem"]


@pytest.mark.parametrize("layers", [ALL_LAYERS, WITHOUT_NAMESPACES], ids=["namespaces", "no namespaces"])
def test_a_run_gets_nothing_that_only_the_start_needs(driver: CudaDriver, layers: Layers) -> None:
    with started_worker(driver, layers) as worker:
        possible = {attempt.name for attempt in probe_attempts(worker) if not attempt.is_denied}
    assert possible <= CUDA_MAY


THREAD = """
import ctypes, errno
open_in_thread = ctypes.CDLL({library!r}).open_in_thread
for path in [b"/etc/passwd", {home!r}, b"@socket"]:
    print(errno.errorcode.get(open_in_thread(path), "done"))
"""


@pytest.mark.parametrize("layers", [ALL_LAYERS, WITHOUT_NAMESPACES], ids=["namespaces", "no namespaces"])
def test_the_drivers_own_threads_are_jailed_too(driver: CudaDriver, layers: Layers, other_home: Path) -> None:
    other_home.chmod(0o755)
    secret = other_home / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    code = THREAD.format(library=driver.library, home=str(secret).encode())
    with started_worker(driver, layers) as worker:
        report = supervise(Run(code, (), device="cuda"), worker)
    assert set(report.stdout.split()) <= {"EACCES", "ENOENT", "EPERM"}
    assert len(report.stdout.split()) == 3, report.stdout + report.stderr


def test_other_runs_see_neither_the_devices_nor_the_driver(driver: CudaDriver, sandbox: Sandbox) -> None:
    code = f"""
results = []
for path in ["/dev/full", {driver.library!r}, "/proc/sys/vm/mmap_min_addr"]:
    try:
        open(path, "rb").close()
        results.append("done")
    except OSError as error:
        results.append(type(error).__name__)
"""
    assert "done" not in observe(sandbox, code, "results")[0]


@pytest.fixture
def is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's device counts as a GPU."""
    monkeypatch.setattr(cuda_workers, "missing_part", lambda driver: None)


@pytest.mark.usefixtures("is_complete")
def test_without_a_device_each_arrangement_is_tried_and_the_reason_is_kept(driver: CudaDriver) -> None:
    workers = CudaWorkers(driver, ALL_LAYERS)
    workers.open(torch.__version__, "13.0")
    assert (workers.device, workers.problem) == (None, STARTED["problem"])
    assert not workers.processes()


@pytest.mark.usefixtures("is_complete")
def test_a_torch_without_cuda_is_reported_as_the_reason(driver: CudaDriver) -> None:
    with Sandbox(driver=driver) as sandbox:
        machine = sandbox.wait()
        report = sandbox.submit(Run("", (), device="cuda"))
    assert machine.cuda is None
    assert machine.cuda_problem is not None and "is built without CUDA" in machine.cuda_problem
    assert report.ending == "internal" and machine.cuda_problem in report.detail
