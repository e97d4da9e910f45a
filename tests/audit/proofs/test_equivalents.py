"""Right answers that a check rejects: for each kind of rewrite a check that accepts it and one that is reported."""

from __future__ import annotations

from textwrap import indent

import pytest

from quizapp.audit.deck_check import CheckReport
from quizapp.errors import Problem
from tests.audit.conftest import Check

TWICE = """
class Twice(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = torch.nn.Linear(4, 4)
        self.out = torch.nn.Linear(4, 4)
    def forward(self, x):
        return self.out(self.lin(x))
"""
TOTAL = "def total(x):\n    return (x * 0.1).exp()"
SHARE = "def share(x):\n    return x / x.sum()"
PRODUCT = "def product(a, b):\n    return a @ b"
ROWS = "def rows(x):\n    return torch.sum(x, dim=1)"
SIZE = "def size(x):\n    return x.shape[0], x.shape[1]"


def card(solution: str, *checks: str, given: str = "x = torch.rand(50, 4)", more: str = "") -> str:
    """Return the text of a card; each check is a YAML map or an expression."""
    listed = "".join(f"  - {check}\n" for check in checks)
    return (
        f"id: a\nquestion: q\ngiven: |\n{indent(given, '  ')}\nsolution: |\n{indent(solution.strip(), '  ')}\n"
        f"checks:\n{listed}{more}"
    )


def rejected(report: CheckReport) -> list[Problem]:
    return [problem for problem in report.problems if problem.kind == "equivalent-rejected"]


def counting(name: str, call: str, seen: str) -> str:
    """Return a check that replaces a function of torch by one that records its arguments."""
    run = (
        "calls = []; original = NAME; NAME = lambda *args, **named: calls.append((len(args), sorted(named)))"
        " or original(*args, **named); CALL; NAME = original"
    )
    return f"{{run: '{run.replace('NAME', name).replace('CALL', call)}', see: {seen}}}"


ACCEPTING = {
    "more random numbers": card(TWICE, "{run: 'm = fill(Twice()); torch.manual_seed(0)', see: 'm(torch.randn(2, 4))'}"),
    "inputs drawn first": card(TWICE, "{run: 'v = torch.randn(2, 4)', see: fill(Twice())(v)}"),
    "another order of creation": card(TWICE, "'{n: p.shape for n, p in Twice().named_parameters()}'"),
    "computed in float64": card(TOTAL, "total(x)", "'(total(x) < 100).all()'"),
    "multiplied by the reciprocal": card(
        SHARE, "share(z)", given="import numpy as np\nz = np.random.rand(20)", more="trials: 3\n"
    ),
    "in place on a copy": card("y = x * 2", "y"),
    "matrix product written otherwise": card(PRODUCT, "'product(x, x.T)'", "'product(x[0], x[1])'"),
    "another type of number": card("n = len(x)", "n", "n + 1"),
    "another type of sequence": card(SIZE, "size(x)", "sum(size(x))"),
    "`axis` for `dim`, by position, as a method": card(ROWS, "rows(x)"),
    "other local names": card("def f(x):\n    y = x + 1\n    return y * 2", "f(x)"),
}


@pytest.mark.parametrize("name", ACCEPTING)
def test_a_check_that_accepts_right_answers_is_not_reported(name: str, check: Check) -> None:
    report = check(ACCEPTING[name], mutants=True)
    assert rejected(report) == []
    assert report.errors == 0


REJECTING = {
    "more random numbers": (
        card(TWICE, "{run: m = fill(Twice()), see: 'm(torch.randn(2, 4))'}"),
        "seed again after the call, in `run` (`torch.manual_seed(0)`)",
    ),
    "more random numbers, in a function": (
        card("def f(x):\n    return x + 1", "'f(x) + torch.rand(3)[0]'"),
        "draw them before it is called",
    ),
    "another order of creation": (
        card(TWICE, "Twice().lin.weight.detach()"),
        "set parameters with `fill(module)` in `run`",
    ),
    "computed in float64": (card(TOTAL, "{see: total(x), rtol: 0, atol: 0}"), "`rtol: auto`, or a larger `rtol`"),
    "computed in float64, and compared exactly": (
        card(TOTAL, "torch.equal(total(x), (x * 0.1).exp())", "total(x)"),
        "compare the numbers before `==`",
    ),
    "multiplied by the reciprocal": (
        card(
            SHARE,
            "{see: share(z), rtol: 0, atol: 0}",
            given="import numpy as np\nz = np.random.rand(20)",
        ),
        "`rtol: auto`, or a larger `rtol`",
    ),
    "in place on a copy": (
        card("def f(x):\n    return x * 2", counting("torch.Tensor.clone", "f(x)", "calls"), "f(x)"),
        "relax the check",
    ),
    "matrix product written otherwise": (
        card(PRODUCT, counting("torch.einsum", "product(x, x.T)", "calls"), "'product(x, x.T)'"),
        "relax the check",
    ),
    "another type of number": (card("n = len(x)", "torch.tensor(n)"), "`ignore: [dtype]`"),
    "another type of sequence": (card(SIZE, "'size(x) == (50, 4)'", "size(x)"), "give the value itself as `see`"),
    "`axis` for `dim`": (
        card(ROWS, counting("torch.sum", "rows(x)", "'[n for _, n in calls if n]'")),
        "relax the check",
    ),
    "by position for by keyword": (
        card(ROWS, counting("torch.sum", "rows(x)", "'[n for n, _ in calls]'")),
        "relax the check",
    ),
    "method for function": (card(ROWS, counting("torch.sum", "rows(x)", "len(calls)")), "relax the check"),
    "function for method": (
        card("def rows(x):\n    return x.sum(1)", counting("torch.sum", "rows(x)", "len(calls)"), "rows(x)"),
        "relax the check",
    ),
    "other local names": (
        card("def f(x):\n    y = x + 1\n    return y * 2", "'\"y\" in f.__code__.co_varnames'", "f(x)"),
        "list it under `wrong`",
    ),
}


@pytest.mark.parametrize("name", REJECTING)
def test_a_check_that_rejects_a_right_answer_is_reported_with_a_remedy(name: str, check: Check) -> None:
    text, remedy = REJECTING[name]
    (problem,) = rejected(check(text, mutants=True))
    assert f": {name.partition(', ')[0]}: `" in problem.message
    assert remedy in (problem.hint or "")
    assert problem.severity == "warning"
    assert problem.line == text.splitlines().index("checks:") + 6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(card("n = len(x)", "{see: torch.tensor(n), strict: true}"), id="strict"),
        pytest.param(card("n = len(x)", "type(n).__name__", "n"), id="the type is asked for"),
        pytest.param(card(ROWS, "\"'dim=1' in source\"", "rows(x)"), id="the text is asked for"),
        pytest.param(card("y = x.mean(0) * 2", "y.grad_fn is None, shares_memory(y, x)", "y"), id="identity"),
        pytest.param(
            card(TOTAL, "{see: total(x), rtol: 0, atol: 0}", more="forbid: [lambda]\n"), id="breaks the card's rules"
        ),
        pytest.param(card("def f(x):\n    return x[0] @ x[1]", "f(x)"), id="raises"),
    ],
)
def test_a_rewrite_that_is_no_answer_to_the_card_is_not_reported(text: str, check: Check) -> None:
    assert rejected(check(text, mutants=True)) == []


def test_a_rewrite_that_is_listed_as_wrong_is_meant_to_fail(check: Check) -> None:
    checks = "{run: m = fill(Twice()), see: 'm(torch.randn(2, 4))'}"
    draws = TWICE.replace("    def forward", "        torch.rand(3)\n    def forward")
    listed = "wrong:\n  - |\n" + indent(draws.strip(), "    ")
    assert rejected(check(card(TWICE, checks), mutants=True)) != []
    report = check(card(TWICE, checks, more=listed), mutants=True)
    assert rejected(report) == []
    assert report.errors == 0


def test_a_rounding_that_only_a_later_trial_shows_is_reported(check: Check) -> None:
    given = "import random\nx = torch.rand(50) * (random.random() < 0.5)"
    checks = ("{see: total(x), rtol: 0, atol: 0}", "total(torch.ones(3))")
    # With this seed, `x` is zero in the first two trials, and not in the third.
    assert rejected(check(card(TOTAL, *checks, given=given, more="seed: 7\ntrials: 2\n"), mutants=True)) == []
    assert rejected(check(card(TOTAL, *checks, given=given, more="seed: 7\ntrials: 3\n"), mutants=True)) != []


def test_without_mutants_no_rewrite_is_run(check: Check) -> None:
    assert rejected(check(REJECTING["more random numbers"][0])) == []
