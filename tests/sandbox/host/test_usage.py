"""What a run uses is measured from outside, the kernel's memory for mappings included."""

from __future__ import annotations

import mmap
import os

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import HAS_PROC, LOOK_INTERVAL, MAPPING_BYTES, MappingCounter, mapping_count
from quizapp.sandbox.protocol import Ending, Limits
from tests.sandbox.runs import run

MANY_MAPPINGS = """
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
at = libc.mmap(None, 1 << 28, 0, 0x4022, -1, 0)
for place in range(0, 1 << 28, 8192):
    libc.mprotect(at + place, 4096, 1)
"""
SLEEP = "time.sleep(600)"
MAPPINGS_OF_CHILDREN = f"""
{MANY_MAPPINGS}
for _ in range(12):
    if os.fork() == 0:
        {SLEEP}
{SLEEP}
"""


@pytest.mark.skipif(not HAS_PROC, reason="needs /proc")
def test_new_mappings_of_a_process_are_counted() -> None:
    before = mapping_count(os.getpid())
    # Different protections, because the kernel merges adjacent mappings that are alike.
    kept = [mmap.mmap(-1, 4096, prot=mmap.PROT_READ | number % 2 * mmap.PROT_WRITE) for number in range(200)]
    assert mapping_count(os.getpid()) >= before + 100
    for item in kept:
        item.close()


def test_an_ended_process_has_no_mappings() -> None:
    assert mapping_count(1 << 30) == 0


def test_a_process_that_is_alone_is_looked_at_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.sandbox.host.usage.mapping_count", lambda pid: 10)
    counter = MappingCounter()
    assert [counter.total_bytes([7]) for _ in range(LOOK_INTERVAL)] == [0] * (LOOK_INTERVAL - 1) + [10 * MAPPING_BYTES]


def test_several_processes_are_looked_at_in_turn_and_forgotten_once_they_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[int] = []

    def count(pid: int) -> int:
        looked_at.append(pid)
        return 1

    monkeypatch.setattr("quizapp.sandbox.host.usage.mapping_count", count)
    counter = MappingCounter()
    assert [counter.total_bytes([7, 8, 9]) // MAPPING_BYTES for _ in range(5)] == [1, 2, 3, 3, 3]
    assert looked_at == [7, 8, 9, 7, 8]
    assert counter.total_bytes([9, 10]) // MAPPING_BYTES == 2


@pytest.mark.jail
def test_too_many_mappings_of_a_run_end_it(own_sandbox: Sandbox) -> None:
    report = run(own_sandbox, MANY_MAPPINGS + SLEEP, limits=Limits(seconds=20, memory=12 << 20))
    assert report.ending is Ending.MEMORY, report


@pytest.mark.jail
def test_too_many_mappings_of_children_end_the_run(own_sandbox: Sandbox, has_namespaces: bool) -> None:
    if not has_namespaces:
        pytest.skip("a run cannot start processes without namespaces")
    report = run(own_sandbox, MAPPINGS_OF_CHILDREN, limits=Limits(seconds=20, memory=64 << 20))
    assert report.ending is Ending.MEMORY, report
