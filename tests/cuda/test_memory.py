"""The device's memory is limited in each run, and free again after it."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Limits
from tests.cuda.device_runs import assert_computes, free_memory, printed, run_on_cuda
from tests.sandbox.runs import GENEROUS_LIMITS

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

GIB = 1 << 30
LARGE = "x = torch.empty(10**12, dtype=torch.uint8, device='cuda')"
GREEDY = """
xs = []
while True:
    xs.append(torch.empty(2**30, dtype=torch.uint8, device="cuda"))
    print(len(xs), flush=True)
"""
CAUGHT = f"""
try:
    {LARGE}
except torch.OutOfMemoryError:
    print("caught", torch.ones(3, device="cuda").sum().item())
"""
HOG = """
x = torch.empty(7 * 2**28, dtype=torch.uint8, device="cuda")
print(torch.cuda.mem_get_info()[0], flush=True)
"""
ENDS = {
    "finished": (HOG, Ending.FINISHED),
    "killed": (HOG + "while True: pass", Ending.TIMEOUT),
    "killed in a kernel": (HOG + "torch.cuda._sleep(10**12)\ntorch.cuda.synchronize()", Ending.TIMEOUT),
    "crashed": (HOG + "import os\nos._exit(0)", Ending.CRASHED),
}


def test_an_allocation_beyond_the_device_ends_as_memory(each_sandbox: Sandbox) -> None:
    report = run_on_cuda(each_sandbox, LARGE, "x")
    assert (report.ending, report.observations) == (Ending.MEMORY, ())
    assert_computes(each_sandbox)


def test_an_allocation_in_a_check_ends_as_memory(sandbox: Sandbox) -> None:
    assert run_on_cuda(sandbox, "", ("x", LARGE)).ending is Ending.MEMORY


@pytest.mark.parametrize(
    ("limits", "sizes"),
    [
        (Limits(seconds=30.0), {1, 2}),
        (Limits(seconds=30.0, gpu_memory=3 * GIB // 2), {1}),
        (Limits(seconds=30.0, gpu_memory=GIB // 2), {0}),
    ],
    ids=["default", "1.5 GiB", "0.5 GiB"],
)
def test_a_loop_of_allocations_ends_at_the_limit_of_the_run(limits: Limits, sizes: set[int], sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, GREEDY, limits=limits)
    assert report.ending is Ending.MEMORY, (report.ending, report.detail, report.raised)
    assert len(report.stdout.split()) in sizes


def test_memory_that_is_released_does_not_count(sandbox: Sandbox) -> None:
    code = (
        "for _ in range(8):\n    x = None\n    x = torch.empty(2**30, dtype=torch.uint8, device='cuda')\nprint(len(x))"
    )
    assert printed(sandbox, code) == str(GIB)


def test_an_exhausted_device_can_be_caught(sandbox: Sandbox) -> None:
    assert printed(sandbox, CAUGHT) == "caught 3.0"


def test_host_memory_is_limited_in_a_run_on_the_device(each_sandbox: Sandbox) -> None:
    code = "x = torch.ones(1, device='cuda')\nxs = []\nwhile True: xs.append(b'x' * 2**24)"
    assert run_on_cuda(each_sandbox, code, limits=Limits(seconds=30.0, memory=GIB)).ending is Ending.MEMORY


@pytest.mark.parametrize("case", ENDS)
def test_memory_of_a_run_is_free_after_it(case: str, sandbox: Sandbox) -> None:
    code, ending = ENDS[case]
    # A spare worker also uses some memory, or does not yet: less than half of what the code allocates.
    enough = next(free_memory(sandbox)) - GIB
    report = run_on_cuda(sandbox, code, limits=Limits(seconds=3.0) if ending is Ending.TIMEOUT else GENEROUS_LIMITS)
    assert (report.ending, report.raised) == (ending, None), (report.detail, report.stderr)
    assert int(report.stdout) < enough
    assert any(free > enough for free in free_memory(sandbox))
