"""Machine-made mistakes: what is made of a solution, and what becomes of those that no check sees."""

from __future__ import annotations

import pytest

from quizapp.audit.mutants import MOST, mutants, same_code
from quizapp.decks.card import Card
from tests.audit.conftest import Check


def made(solution: str, given: str = "") -> dict[str, set[str]]:
    """Kind -> programs."""
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
    assert changed in made(solution, "x = torch.ones(3)")[kind]


def test_a_result_is_detached_where_gradients_matter() -> None:
    assert "detached" not in made("y = f(x)")
    assert made("y = f(x)", "x = torch.ones(1, requires_grad=True)")["detached"] == {"y = f(x).detach()"}


@pytest.mark.parametrize(
    "solution",
    [
        "y = x.detach().clone()",
        "y = x.grad",
        "y = f(x).item()",
        "class F(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a):\n        return a * 2",
    ],
)
def test_what_has_no_graph_is_not_cut_from_it(solution: str) -> None:
    assert "detached" not in made(solution, "x = torch.ones(1, requires_grad=True)")


def test_a_temporary_changed_in_place_is_no_mistake() -> None:
    assert "in place for out of place" not in made("y = (x * 2).round()")


def test_each_program_is_made_once_and_none_is_the_solution() -> None:
    solution = "y = x.sum(dim=0) + x.sum(dim=0)"
    codes = [mutant.code for mutant in mutants(Card("d", "a", "?", solution=solution))]
    assert len(codes) == len(set(codes))
    assert solution not in codes


def test_the_solution_itself_is_left_as_it_was() -> None:
    card = Card("d", "a", "?", solution="def f(x):\n    return x.sum(dim=0) * 2 - 1")
    assert mutants(card) == mutants(card)


def test_a_long_solution_has_its_mutants_thinned_out() -> None:
    card = Card("d", "a", "?", solution="\n".join(f"y{i} = x + {i}" for i in range(200)))
    found = mutants(card)
    assert len(found) == MOST
    assert found[-1].line > 150


def test_layout_and_comments_are_not_code() -> None:
    assert same_code("y = f( x )  # why", "y=f(x)")
    assert not same_code("y = f(x)", "y = f(z)")


BLIND = "id: a\nquestion: q\ngiven: x = torch.ones(2, 3)\nsolution: answer = x.sum(dim=1)\nchecks: [answer.sum()]\n"


def test_a_mutant_that_no_check_sees_is_listed(check: Check) -> None:
    report = check(BLIND, mutants=True)
    survivors = [problem for problem in report.problems if problem.kind == "mutant-survives"]
    assert any("`x.sum(dim=1)` -> `x.sum(dim=0)`" in problem.message for problem in survivors)
    assert {problem.severity for problem in survivors} == {"warning"}
    tally = report.mutants["d"]
    assert tally.killed == tally.made - len(survivors)
    assert tally.share < 1


def test_a_mutant_that_the_deck_calls_equivalent_counts_no_more(check: Check) -> None:
    report = check(
        BLIND + "equivalent: [{code: 'answer = x.sum(dim = 0)', why: The sum of all is the same.}]", mutants=True
    )
    assert not any("dim=0" in problem.message for problem in report.problems)
    assert report.mutants["d"].equivalent == 1
