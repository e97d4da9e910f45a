"""Runs that end badly on the device end alone: the next run works, and nothing outlives the sandbox."""

from __future__ import annotations

import contextlib
import os
import select
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import process_tree
from quizapp.sandbox.protocol import Ending, Limits
from tests.cuda.device_runs import MAX_POLLS, assert_computes, observe_on_cuda, run_on_cuda

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

ENDLESS = {
    "kernels": "x = torch.ones(1, device='cuda')\nwhile True: x = x + 1",
    "one kernel": "torch.cuda._sleep(10**12)\ntorch.cuda.synchronize()",
    "a kernel on another stream": "with torch.cuda.stream(torch.cuda.Stream()):\n    torch.cuda._sleep(10**12)\n"
    "torch.cuda.synchronize()",
}
OUT_OF_RANGE = """x = torch.ones(4, device="cuda")
i = torch.tensor([10**6], device="cuda")
y = x[i]
z = y.sum().item()
"""
END_SECONDS = 10.0


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_endless_work_on_the_device_times_out(code: str, each_sandbox: Sandbox) -> None:
    report = run_on_cuda(each_sandbox, code, "1", limits=Limits(seconds=2.0))
    assert (report.ending, report.raised, report.observations) == (Ending.TIMEOUT, None, ())
    assert_computes(each_sandbox)


def test_endless_work_in_a_check_times_out(sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, "", "1", ("1", ENDLESS["one kernel"]), limits=Limits(seconds=2.0))
    assert (report.ending, len(report.observations)) == (Ending.TIMEOUT, 1)


def test_a_device_side_assertion_is_raised_on_the_line_that_caused_it(each_sandbox: Sandbox) -> None:
    report = run_on_cuda(each_sandbox, OUT_OF_RANGE, "1")
    assert report.ending is Ending.FINISHED, (report.ending, report.detail, report.stderr)
    assert report.raised is not None
    assert ("device-side assert" in report.raised.message, report.raised.line) == (True, 3)
    assert "builtins.RuntimeError" in report.raised.bases
    assert_computes(each_sandbox)


def test_a_check_of_the_exception_runs_after_a_device_side_assertion(sandbox: Sandbox) -> None:
    values = observe_on_cuda(
        sandbox, OUT_OF_RANGE, "raised in ('RuntimeError', 'AcceleratorError')", checks_after_error=True
    )
    assert values == [True]


def test_a_device_side_assertion_in_a_check_is_that_of_the_check(sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, "x = torch.ones(4, device='cuda')", "x[torch.tensor([9], device='cuda')].sum()")
    (seen,) = report.observations
    assert (report.ending, report.raised, seen.value) == (Ending.FINISHED, None, None)
    assert seen.raised is not None and "device-side assert" in seen.raised.message


def test_nothing_of_a_closed_sandbox_remains_on_the_device(own_sandbox: Sandbox) -> None:
    def used_processes() -> set[int]:
        assert_computes(own_sandbox)
        return _device_users() & {pid for root in own_sandbox.processes() for pid in process_tree(root)}

    users = next(filter(None, (used_processes() for _ in range(MAX_POLLS))), set())
    # Only root may see which files a worker has open.
    assert users or os.geteuid() != 0
    handles = [handle for pid in users | own_sandbox.processes() for handle in _open_process(pid)]
    own_sandbox.close()
    ended = [_has_ended(handle) for handle in handles]
    for handle in handles:
        os.close(handle)
    assert ended and all(ended)
    assert _device_users() & users == set()


def _device_users() -> set[int]:
    """Return the PIDs of the processes that visibly have a device node of the driver open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()).startswith(("/dev/nvidia", "/dev/dxg")):
                found.add(int(link.parts[2]))
    return found


def _open_process(pid: int) -> list[int]:
    """Return a pidfd of the process; nothing if it has ended already."""
    with contextlib.suppress(ProcessLookupError):
        return [os.pidfd_open(pid)]
    return []


def _has_ended(pidfd: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(END_SECONDS * 1000))
