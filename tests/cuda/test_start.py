"""CUDA starts in the sandbox, before the first line of a run, and only in runs that ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import Outcome
from quizapp.sandbox.client import Sandbox
from tests.cuda.device_runs import assert_computes, observe_on_cuda, printed, run_on_cuda
from tests.sandbox.runs import run

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

OPEN_NODES = """
import os
for path in {nodes!r}:
    try:
        print(os.open(path, os.O_RDWR), path)
    except OSError:
        pass
"""
NEW_MODULES = """
import sys
before = set(sys.modules)
y = torch.ones(3, device="cuda") + 1
print(y.sum().item(), sorted(set(sys.modules) - before))
"""


def test_cuda_computes_at_tier_full(each_sandbox: Sandbox) -> None:
    assert_computes(each_sandbox)
    machine = each_sandbox.wait()
    assert (machine.tier, machine.missing) == ("full", ())


def test_the_probe_is_refused_everything(each_sandbox: Sandbox) -> None:
    attempts = each_sandbox.probe()
    assert attempts and [attempt.name for attempt in attempts if not attempt.is_denied] == []


def test_the_machine_has_the_name_of_the_first_device(each_sandbox: Sandbox) -> None:
    name = each_sandbox.wait().cuda
    assert name and printed(each_sandbox, "print(torch.cuda.get_device_name(0))").strip() == name


def test_the_device_of_a_run_is_cuda(sandbox: Sandbox) -> None:
    values = observe_on_cuda(sandbox, "y = torch.ones(1, device=device)", "device", "y.is_cuda", "str(y.device)")
    assert values == ["cuda", True, "cuda:0"]


def test_cuda_is_initialised_at_the_first_line(each_sandbox: Sandbox) -> None:
    code = "import torch\nprint(torch.cuda.is_initialized())"
    assert [printed(each_sandbox, code, preamble="") for _ in range(3)] == ["True"] * 3


def test_the_first_operation_imports_nothing(sandbox: Sandbox) -> None:
    assert printed(sandbox, NEW_MODULES) == "6.0 []"


def test_no_memory_is_allocated_at_the_first_line(sandbox: Sandbox) -> None:
    run_on_cuda(sandbox, "x = torch.ones(1000, device='cuda')")
    assert printed(sandbox, "print(torch.cuda.memory_allocated())") == "0"


def test_a_run_on_the_cpu_sees_no_device(each_sandbox: Sandbox) -> None:
    report = run(each_sandbox, "print(torch.cuda.is_available(), torch.cuda.device_count())", device="cpu")
    assert (report.raised, report.stdout) == (None, "False 0\n")


def test_a_run_on_the_cpu_cannot_open_the_device(each_sandbox: Sandbox, device_nodes: list[str]) -> None:
    nodes = [path for path in device_nodes if Path(path).is_char_device()]
    report = run(each_sandbox, OPEN_NODES.format(nodes=nodes), device="cpu")
    assert nodes and (report.raised, report.stdout) == (None, "")


@pytest.mark.parametrize("move", ["x.cuda()", "x.to('cuda')", "torch.ones(4, device='cuda')"])
def test_cuda_in_a_run_on_the_cpu_is_an_error_with_its_cause(move: str, sandbox: Sandbox) -> None:
    card = Card("cpu", "card", "?", (Check("y"),), preamble="import torch", given="x = torch.ones(4)", solution="y = x")
    verdict = Grader(sandbox, trust=True).grade(card, f"z = x\ny = {move}")
    assert (verdict.outcome, verdict.mistake, verdict.line) == (Outcome.ERROR, Mistake.NO_CUDA, 2)
