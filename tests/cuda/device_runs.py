"""Helpers that run code on the device; the learner's code starts after `import torch`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.decks.card import Card, Check
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Report
from tests.sandbox.runs import GENEROUS_LIMITS, observe, run

ON_CUDA = (Check("y", device="cuda"),)
MAX_POLLS = 50
"""Runs after which a test stops waiting for a state of the device."""


def run_on_cuda(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **options: Any) -> Report:
    """Submit `code` and `checks` for a run on the device; return the report."""
    return run(sandbox, code, *checks, device="cuda", **options)


def observe_on_cuda(sandbox: Sandbox, code: str, *checks: str | tuple[str, str], **options: Any) -> list[Any]:
    """Return the value of each check, after a run on the device."""
    return observe(sandbox, code, *checks, device="cuda", **options)


def printed(sandbox: Sandbox, code: str, **options: Any) -> str:
    """Return what a run on the device prints, without the last line end; it must not raise."""
    report = run_on_cuda(sandbox, code, **options)
    assert (report.ending, report.raised) == (Ending.FINISHED, None), (report.raised, report.detail, report.stderr)
    return report.stdout.rstrip("\n")


def free_memory(sandbox: Sandbox) -> Iterator[int]:
    """Yield the free bytes of the device, measured by one run after another, at most MAX_POLLS times."""
    for _ in range(MAX_POLLS):
        yield int(printed(sandbox, "print(torch.cuda.mem_get_info()[0])"))


def assert_computes(sandbox: Sandbox) -> None:
    """Fail unless a new run computes on the device."""
    assert observe_on_cuda(sandbox, "x = torch.arange(4.0, device='cuda')", "(x @ x).item()") == [14.0]


def cuda_card(solution: str, checks: tuple[Check, ...] = ON_CUDA, **fields: Any) -> Card:
    """Return a card whose checks run on the device; it gives `x`, which is on the CPU."""
    options = {"preamble": "import torch", "given": "x = torch.arange(4.0)", "limits": GENEROUS_LIMITS, **fields}
    return Card("cuda", "card", "?", checks, solution=solution, **options)
