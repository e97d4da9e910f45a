"""Counted calls, operators and memory of the code under test, in a real worker."""

from __future__ import annotations

from math import inf

import pytest

from quizapp.grading.answer_rules.rule_targets import targets
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import CallRule, Report, UsageCaps
from tests.sandbox.runs import run

PREAMBLE = "import torch\nimport torch.nn.functional as F\nfrom torch import softmax as imported"


def calls_of(sandbox: Sandbox, rule: str, code: str, *checks: str, once: bool = False) -> int:
    """Return how many calls of a rule are attributed to the code."""
    report = run(sandbox, code, *checks, preamble=PREAMBLE, calls=(CallRule(rule, targets(rule), once),))
    assert report.raised is None, report.raised
    return report.calls.get(rule, 0)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("torch.softmax", "torch.softmax(torch.ones(2), 0)"),
        ("torch.softmax", "torch.ones(2).softmax(0)"),
        ("torch.softmax", "imported(torch.ones(2), 0)"),
        ("torch.softmax", "getattr(torch, 'soft' + 'max')(torch.ones(2), 0)"),
        ("torch.softmax", "torch.vmap(lambda row: row.softmax(0))(torch.ones(2, 2))"),
        ("torch.matmul", "torch.ones(2, 2) @ torch.ones(2, 2)"),
        ("torch.matmul", "x = torch.ones(2, 2)\nx @= x"),
        ("torch.matmul", "torch.ones(2, 2).matmul(torch.ones(2))"),
        ("torch.add", "torch.ones(2) + 1"),
        ("torch.add", "1 + torch.ones(2)"),
        ("torch.add", "torch.ones(2).add_(1)"),
        ("torch.cat", "torch.concat([torch.ones(2)])"),
        ("torch.linalg", "torch.linalg.inv(torch.eye(2))"),
        ("torch.autograd.grad", "x = torch.ones((), requires_grad=True)\ntorch.autograd.grad(x * 2, x)"),
        (".backward", "torch.ones((), requires_grad=True).backward()"),
        ("aten::mm", "torch.ones(2, 2) @ torch.ones(2, 2)"),
        ("aten::mm", "torch.ops.aten.mm(torch.ones(2, 2), torch.ones(2, 2))"),
        ("aten.add.Tensor", "torch.ones(2) + torch.ones(2)"),
        ("aten::softmax", "F.softmax(torch.ones(2), 0)"),
        ("torch.nn.Linear", "torch.nn.Sequential(torch.nn.Linear(2, 2))(torch.ones(2))"),
        ("torch.nn.functional.linear", "torch.nn.Linear(2, 2)(torch.ones(2))"),
        ("torch.nn.Softmax", "class Mine(torch.nn.Softmax):\n    pass\nMine(0)(torch.ones(2))"),
        ("products", "torch.nn.Linear(2, 2)(torch.ones(2))"),
        ("products", "torch.einsum('i,i->', torch.ones(2), torch.ones(2))"),
    ],
)
def test_a_call_is_counted_however_it_is_written(sandbox: Sandbox, rule: str, code: str) -> None:
    assert calls_of(sandbox, rule, code) > 0
    assert calls_of(sandbox, rule, "torch.ones(2) * 2") == 0


def test_a_call_in_a_check_decides_a_rule_only_if_the_code_makes_it(sandbox: Sandbox) -> None:
    code = "def f(x):\n    return x.softmax(0)"
    assert calls_of(sandbox, "torch.softmax", code, "torch.ones(2).softmax(0)", once=True) == 0
    assert calls_of(sandbox, "torch.softmax", code, "f(torch.ones(2))", "f(torch.ones(2))", once=True) == 1
    assert calls_of(sandbox, "torch.softmax", code, "f(torch.ones(2))", "torch.ones(2).softmax(0)") == 2


def test_a_function_that_the_code_only_binds_is_counted(sandbox: Sandbox) -> None:
    assert calls_of(sandbox, "torch.softmax", "f = vars(torch)['softmax']", "f(torch.ones(2), 0)") == 1


def test_counting_stops_when_one_call_decides(sandbox: Sandbox) -> None:
    code = "for _ in range(5):\n    torch.ones(2).exp()"
    assert calls_of(sandbox, "torch.exp", code) == 5
    assert calls_of(sandbox, "torch.exp", code, once=True) == 1


def test_a_counted_function_behaves_as_before(sandbox: Sandbox) -> None:
    code = (
        "import inspect\nanswer = torch.softmax.__name__, F.linear.__doc__[:2], inspect.isroutine(torch.Tensor.matmul)"
    )
    report = run(
        sandbox,
        code,
        "answer",
        calls=(CallRule("products", targets("products")), CallRule("s", targets("torch.softmax"))),
        preamble=PREAMBLE,
    )
    assert report.raised is None and report.observations[0].value is not None


ALL = UsageCaps(inf, inf)


def used(sandbox: Sandbox, code: str, *checks: str, caps: UsageCaps = ALL, given: str = "") -> Report:
    report = run(sandbox, code, *checks, usage=caps, given=given)
    assert report.raised is None, report.raised
    return report


def test_operators_of_the_code_are_counted(sandbox: Sandbox) -> None:
    assert used(sandbox, "x = torch.ones(2)\ny = x + x\nz = y * y").operators == 3
    function = "def f(x):\n    return x + 1"
    assert used(sandbox, function, "f(x) * 2 * 2", given="x = torch.ones(2)").operators == 3


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("y = x + 1", 4000),
        ("y = x.view(10, 100)", 0),
        ("x.add_(1)", 0),
        ("y = x + 1\nz = y + 1", 8000),
        ("y = x + 1\ny = y + 1\ny = y + 1", 8000),
        ("for _ in range(50):\n    y = x + 1", 8000),
        ("y = x[:, None] * x", 4_000_000),
        ("kept = [x + i for i in range(5)]", 20_000),
    ],
)
def test_peak_memory_is_that_of_tensors_that_exist_at_one_time(sandbox: Sandbox, code: str, size: int) -> None:
    assert used(sandbox, code, given="x = torch.ones(1000)").peak_memory == size


def test_counting_stops_once_every_cap_is_passed(sandbox: Sandbox) -> None:
    code = "for _ in range(50):\n    x = x + 1"
    assert used(sandbox, code, given="x = torch.ones(2)", caps=UsageCaps(10)).operators == 11
    assert used(sandbox, code, given="x = torch.ones(2)", caps=UsageCaps(10)).peak_memory == 0
    assert used(sandbox, code, given="x = torch.ones(2)").operators == 50
