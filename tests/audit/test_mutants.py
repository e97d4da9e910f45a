"""Mutants: which are made of a solution, and how those that pass every check are reported."""

from __future__ import annotations

import pytest

from quizapp.audit.mutants import MOST_MUTANTS, is_same_code, mutants
from quizapp.decks.card import Card
from tests.audit.conftest import Check


def codes_by_kind(solution: str, given: str = "") -> dict[str, set[str]]:
    """Return kind -> codes of the mutants of a solution."""
    found: dict[str, set[str]] = {}
    for mutant in mutants(Card("d", "a", "?", preamble="import torch\n", given=given, solution=solution)):
        found.setdefault(mutant.kind, set()).add(mutant.code)
    return found


@pytest.mark.parametrize(
    ("solution", "kind", "changed"),
    [
        ("y = x.sum(dim=0)", "dimension changed", "y = x.sum(dim=1)"),
        ("y = x.sum(dim=-1)", "dimension changed", "y = x.sum(dim=0)"),
        ("y = x.sum(1, keepdim=True)", "keepdim dropped", "y = x.sum(1)"),
        ("y = a - b", "operator swapped", "y = a + b"),
        ("y = a @ b", "operator swapped", "y = a * b"),
        ("y = a < b", "operator swapped", "y = a <= b"),
        ("y = a and b", "operator swapped", "y = a or b"),
        ("y = not a", "operator swapped", "y = a"),
        ("y = x[:3]", "off by one", "y = x[:4]"),
        ("y = x[:3]", "off by one", "y = x[:2]"),
        ("y = x * 0.5", "constant changed", "y = x * 1.0"),
        ("y = f(x, True)", "constant changed", "y = f(x, False)"),
        ("y = x.to(torch.float32)", "dtype changed", "y = x.to(torch.float64)"),
        ("y = x.long()", "dtype changed", "y = x.int()"),
        ("y = x.add(1)", "in place for out of place", "y = x.add_(1)"),
        ("x.add_(1)", "out of place for in place", "x.add(1)"),
        ("y = f(x)", "zeros", "y = f(x) * 0"),
        ("y = f(x)", "NaN", "y = f(x) * float('nan')"),
        ("y = f(x)", "input echoed", "y = x"),
        ("def g(a):\n    return f(a)", "input echoed", "def g(a):\n    return a"),
    ],
)
def test_a_solution_is_changed_as_learners_get_it_wrong(solution: str, kind: str, changed: str) -> None:
    assert changed in codes_by_kind(solution, "x = torch.ones(3)")[kind]


def test_a_result_is_detached_where_gradients_matter() -> None:
    assert "detached" not in codes_by_kind("y = f(x)")
    assert codes_by_kind("y = f(x)", "x = torch.ones(1, requires_grad=True)")["detached"] == {"y = f(x).detach()"}


@pytest.mark.parametrize(
    "solution",
    [
        "y = x.detach().clone()",
        "y = x.grad",
        "y = f(x).item()",
        "class F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a):\n        return a * 2",
    ],
)
def test_a_value_without_a_graph_is_not_detached(solution: str) -> None:
    assert "detached" not in codes_by_kind(solution, "x = torch.ones(1, requires_grad=True)")


def test_a_temporary_value_is_not_changed_in_place() -> None:
    assert "in place for out of place" not in codes_by_kind("y = (x * 2).round()")


def test_each_mutant_is_made_once_and_none_is_the_solution() -> None:
    solution = "y = x.sum(dim=0) + x.sum(dim=0)"
    codes = [mutant.code for mutant in mutants(Card("d", "a", "?", solution=solution))]
    assert len(codes) == len(set(codes))
    assert solution not in codes


def test_the_syntax_tree_of_the_solution_is_not_changed() -> None:
    card = Card("d", "a", "?", solution="def f(x):\n    return x.sum(dim=0) * 2 - 1")
    assert mutants(card) == mutants(card)


def test_a_long_solution_has_an_even_selection_of_mutants() -> None:
    card = Card("d", "a", "?", solution="\n".join(f"y{i} = x + {i}" for i in range(200)))
    found = mutants(card)
    assert len(found) == MOST_MUTANTS
    assert found[-1].line > 150


def test_layout_and_comments_do_not_change_code() -> None:
    assert is_same_code("y = f( x )  # why", "y=f(x)")
    assert not is_same_code("y = f(x)", "y = f(z)")


SUMMED = "id: a\nquestion: q\ngiven: x = torch.ones(2, 3)\nsolution: answer = x.sum(dim=1)\nchecks: [answer.sum()]\n"


def test_a_mutant_that_passes_every_check_is_reported(check: Check) -> None:
    report = check(SUMMED, mutants=True)
    survivors = [problem for problem in report.problems if problem.kind == "mutant-survives"]
    assert any("`x.sum(dim=1)` -> `x.sum(dim=0)`" in problem.message for problem in survivors)
    assert {problem.severity for problem in survivors} == {"warning"}
    tally = report.mutants["d"]
    assert tally.killed == tally.made - len(survivors)
    assert tally.share < 1


def test_a_mutant_marked_as_equivalent_is_not_reported(check: Check) -> None:
    report = check(
        SUMMED + "equivalent: [{code: 'answer = x.sum(dim = 0)', why: The total is the same.}]", mutants=True
    )
    assert not any("dim=0" in problem.message for problem in report.problems)
    assert report.mutants["d"].equivalent == 1
