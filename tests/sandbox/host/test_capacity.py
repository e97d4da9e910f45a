"""How many workers and jobs a machine has room for."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from quizapp.sandbox.host import capacity


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a control group without limits."""
    monkeypatch.setattr(capacity, "CGROUP", tmp_path)
    return tmp_path


def test_without_limits_every_processor_counts(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(16)))
    (group / "cpu.max").write_text("max 100000\n")
    assert capacity.processors() == 16


@pytest.mark.parametrize(("quota", "expected"), [("50000 100000", 1), ("150000 100000", 2), ("9900000 100000", 16)])
def test_a_quota_of_the_group_counts(group: Path, quota: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(16)))
    (group / "cpu.max").write_text(quota)
    assert capacity.processors() == expected


@pytest.mark.parametrize(("files", "expected"), [(16, 2), (256, 23), (1024, 108), (resource.RLIM_INFINITY, 1 << 16)])
def test_the_limit_of_open_files_bounds_the_workers(files: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda kind: (files, files))
    assert capacity.max_workers() == expected


def test_the_group_leaves_less_memory_than_the_machine(group: Path) -> None:
    machine = capacity.available_memory()
    (group / "memory.max").write_text(f"{3 << 20}\n")
    (group / "memory.current").write_text(f"{1 << 20}\n")
    assert capacity.available_memory() == 2 << 20
    (group / "memory.max").write_text("max\n")
    assert machine is not None and capacity.available_memory() != 2 << 20
