"""The system calls that the filter refuses: called with bad pointers in a worker, and by interpreting the filter."""

from __future__ import annotations

import errno
import json
import struct

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.seccomp import ALWAYS, ANY_PID, ARCHITECTURES, ERRNO, WITHOUT_PROCESSES, program
from tests.sandbox.runs import run

MATRIX = """
import json
from quizapp.sandbox.jail.escape_attempts import call
found = {}
for name in NAMES:
    try:
        call(name, *[-1] * 6)
        found[name] = 0
    except OSError as error:
        found[name] = error.errno
print(json.dumps(found))
"""


def test_a_refused_call_fails_before_its_pointers_are_checked(sandbox: Sandbox, has_namespaces: bool) -> None:
    names = [*ALWAYS, *(() if has_namespaces else set(WITHOUT_PROCESSES) - {"setsid"})]
    report = run(sandbox, f"NAMES = {names!r}\n{MATRIX}")
    found = json.loads(report.stdout)
    executed = {name: error for name, error in found.items() if error not in (errno.EPERM, errno.ENOSYS)}
    assert executed == {}
    assert sum(error == errno.EPERM for error in found.values()) > 120


def verdict(code: bytes, number: int, arguments: tuple[int, ...] = (), architecture: int = 0xC000003E) -> int:
    """Interpret the filter for one system call; return its verdict."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *(value & (1 << 64) - 1 for value in padded))
    steps = [struct.unpack_from("<HBBI", code, start) for start in range(0, len(code), 8)]
    accumulator, position = 0, 0
    while True:
        kind, yes, no, value = steps[position]
        position += 1
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif kind == 0x54:
            accumulator &= value
        elif kind == 0x15:
            position += yes if accumulator == value else no
        elif kind == 0x35:
            position += yes if accumulator >= value else no
        else:
            assert kind == 0x06
            return int(value)


def is_refused(result: int) -> bool:
    return result & 0xFFFF0000 == ERRNO


@pytest.mark.parametrize("machine", ARCHITECTURES)
@pytest.mark.parametrize("own", [True, False], ids=["own namespaces", "none"])
def test_the_filter_refuses_listed_calls_and_nothing_that_tensor_code_needs(machine: str, own: bool) -> None:
    architecture, numbers = ARCHITECTURES[machine]
    code = program(ANY_PID, own, machine)
    named = ALWAYS if own else (*ALWAYS, *WITHOUT_PROCESSES)
    assert all(is_refused(verdict(code, numbers[name], (), architecture)) for name in named if name in numbers)
    # On x86-64 the lowest numbers are read, write, mmap and other basic calls.
    if machine == "x86_64":
        assert not any(is_refused(verdict(code, number, (3, 0, 0))) for number in range(16) if number != 2)


@pytest.mark.parametrize(
    ("name", "arguments", "own", "expected"),
    [
        ("clone", (0x10000 | 0x3D0F00,), False, False),
        ("clone", (0x10000 | 0x3D0B00,), False, True),
        ("clone", (0x10000 | 0x3D0B00,), True, False),
        ("close_range", (3, 9, 0), False, False),
        ("close_range", (3, 9, 2), False, True),
        ("mmap", (0, 4096, 3, 0x22), True, False),
        ("mmap", (0, 4096, 3, 0x21), True, True),
        ("mmap", (0, 4096, 3, 0x23), True, True),
        ("mmap", (0, 4096, 3, 0x1), True, False),
        ("clone", (17,), False, True),
        ("clone", (17,), True, False),
        ("clone", (0x10000000 | 17,), True, True),
        ("clone3", (), True, True),
        ("kill", (ANY_PID, 9), False, False),
        ("kill", (1, 9), False, True),
        ("kill", (ANY_PID | 1 << 32, 9), False, False),
        ("tgkill", (1, 1, 9), False, True),
        ("prlimit64", (0,), False, False),
        ("prlimit64", (1,), True, True),
        ("sched_setaffinity", (1,), True, True),
        ("fcntl", (5, 1), True, False),
        ("fcntl", (5, 10), True, True),
        ("fcntl", (5, 1031), True, True),
        ("fcntl", (5, 8 | 7 << 32), True, True),
        ("ioctl", (0, 0x5401), True, False),
        ("ioctl", (0, 0x5412 | 1 << 40), True, True),
        ("ioctl", (0, 0x40086602), True, True),
        ("ioctl", (0, 0x5421), False, False),
        ("socket", (1,), True, False),
        ("socket", (2,), True, True),
        ("socket", (1,), False, True),
        ("socketpair", (1,), False, False),
        ("socketpair", (16,), False, True),
        ("openat", (-100, 0, 0o1000), True, True),
        ("openat", (-100, 0, 0o1001), True, False),
        ("prctl", (15,), True, False),
        ("prctl", (1,), True, True),
        ("personality", (0xFFFFFFFF,), True, False),
        ("personality", (0x40000,), True, True),
    ],
)
def test_some_calls_are_refused_by_their_arguments(
    name: str, arguments: tuple[int, ...], own: bool, expected: bool
) -> None:
    for machine, (architecture, numbers) in ARCHITECTURES.items():
        if name in numbers:
            result = verdict(program(ANY_PID, own, machine), numbers[name], arguments, architecture)
            assert is_refused(result) is expected


@pytest.mark.parametrize(
    ("request_number", "expected"), [(0xC00446D6, False), (0x5412, True), (0x8901, True), (0x5423, True)]
)
def test_with_cuda_the_driver_may_be_called_and_nothing_else_is_allowed(request_number: int, expected: bool) -> None:
    for machine, (architecture, numbers) in ARCHITECTURES.items():
        code = program(ANY_PID, True, machine, cuda=True)
        assert is_refused(verdict(code, numbers["ioctl"], (3, request_number), architecture)) is expected
        assert is_refused(verdict(code, numbers["execve"], (), architecture))


def test_calls_of_other_architectures_and_unknown_calls_do_not_exist() -> None:
    code = program(ANY_PID, True, "x86_64")
    assert verdict(code, 0, architecture=0x40000003) == ERRNO | errno.ENOSYS
    assert verdict(code, 0x40000000 | 59) == ERRNO | errno.ENOSYS
    assert verdict(code, 900) == ERRNO | errno.ENOSYS
