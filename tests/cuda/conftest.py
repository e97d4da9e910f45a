"""Sandboxes whose runs can use CUDA; on a machine without a CUDA device, every test of this folder is skipped."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.errors import SandboxError
from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.layers import ALL_LAYERS, Layers
from tests.sandbox.attacks import Targets, become_subreaper, open_targets


@pytest.fixture(scope="session")
def device_nodes() -> list[str]:
    """The device nodes of the driver; without any, the test is skipped before anything is started."""
    found = sorted(str(path) for pattern in ("nvidia*", "dxg") for path in Path("/dev").glob(pattern))
    if not found:
        pytest.skip("no CUDA device: neither /dev/nvidia* nor /dev/dxg exists")
    return found


@contextlib.contextmanager
def cuda_sandbox(layers: Layers) -> Iterator[Sandbox]:
    """Start a sandbox; skip the test if CUDA does not start in it."""
    become_subreaper()
    with Sandbox(judge=JUDGE, layers=layers) as started:
        machine = started.wait()
        if machine.cuda is None:
            pytest.skip(machine.cuda_problem or "no CUDA device")
        yield started


@pytest.fixture(scope="session")
def sandbox(device_nodes: list[str]) -> Iterator[Sandbox]:
    """The sandbox that most tests share, with every layer that this machine offers."""
    with cuda_sandbox(ALL_LAYERS) as started:
        yield started


@pytest.fixture(scope="session")
def sandbox_without_namespaces(device_nodes: list[str]) -> Iterator[Sandbox]:
    """A sandbox with Landlock and seccomp alone; skips for root, if only root can read the interpreter."""
    try:
        with cuda_sandbox(Layers(namespaces=False)) as started:
            yield started
    except SandboxError as error:
        if "only root can read" not in error.message:
            raise
        pytest.skip(error.message)


@pytest.fixture(params=["sandbox", "sandbox_without_namespaces"])
def each_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """One sandbox after the other: both ways to the tier `full`."""
    started: Sandbox = request.getfixturevalue(request.param)
    return started


@pytest.fixture
def own_sandbox(device_nodes: list[str]) -> Iterator[Sandbox]:
    """A fresh sandbox that the test may close."""
    with cuda_sandbox(ALL_LAYERS) as started:
        yield started


@pytest.fixture
def targets() -> Iterator[Targets]:
    with open_targets() as opened:
        yield opened
