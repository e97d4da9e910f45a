"""Mutants: which are made of a solution, and how those that pass every check are reported."""

from __future__ import annotations

import pytest

from quizapp.audit.mutation.mutants import MOST_MUTANTS, mutants
from quizapp.audit.solution_code import is_same_code
from quizapp.decks.card import Card
from quizapp.decks.card import Check as CardCheck
from tests.audit.conftest import Check

IMPORTS = "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"


def codes_by_kind(
    solution: str, given: str = "", question: str = "Change x in place.", see: str = "y", preamble: str = IMPORTS
) -> dict[str, set[str]]:
    """Return kind -> codes of the mutants of a solution."""
    found: dict[str, set[str]] = {}
    card = Card("d", "a", question, (CardCheck(see),), preamble=preamble, given=given, solution=solution)
    for mutant in mutants(card):
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
        ("y = x.mean()", "function swapped", "y = x.median()"),
        ("y = x.mean(dim=0)", "function swapped", "y = x.median(dim=0).values"),
        ("y = np.max(x)", "function swapped", "y = np.min(x)"),
        ("y = max(a, b)", "function swapped", "y = min(a, b)"),
        ("y = x.sum(1)", "function swapped", "y = x.mean(1)"),
        ("y = d.groupby('a').agg('mean')", "function swapped", "y = d.groupby('a').agg('median')"),
        ("y = d.pivot_table(aggfunc='sum')", "function swapped", "y = d.pivot_table(aggfunc='mean')"),
        ("y = F.mse_loss(a, b)", "function swapped", "y = F.mse_loss(a, b, reduction='sum')"),
        ("y = F.mse_loss(a, b, reduction='sum')", "function swapped", "y = F.mse_loss(a, b, reduction='mean')"),
        ("y = np.std(x)", "divisor changed", "y = np.std(x, ddof=1)"),
        ("y = torch.var(x)", "divisor changed", "y = torch.var(x, correction=0)"),
        ("y = sorted(x)", "order reversed", "y = sorted(x, reverse=True)"),
        ("y = np.sort(x)", "order reversed", "y = np.sort(x)[::-1]"),
        ("y = d.sort_values('a')", "order reversed", "y = d.sort_values('a', ascending=False)"),
        ("y = [f(a) for a in x]", "list emptied", "y = []"),
        ("y = [f(a) for a in x]", "list of a constant", "y = [0 for a in x]"),
        ("y.append(f(x))", "list of a constant", "y.append(0)"),
        ("def g(a):\n    return a * 2", "argument changed", "def g(a):\n    return a.mul_(2)"),
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


def function(*lines: str) -> str:
    return "def g(x, b):\n    " + "\n    ".join(lines)


@pytest.mark.parametrize(
    ("solution", "kind", "given"),
    [
        pytest.param("y = x.sum(1, keepdim=True)", "constant changed", "", id="keepdim is dropped already"),
        pytest.param("y = x - x.mean(0, keepdim=True)", "keepdim dropped", "", id="broadcasts as well without it"),
        pytest.param(
            function("m = x.mean(dim=0, keepdim=True)", "return x - m"), "keepdim dropped", "", id="local mean"
        ),
        pytest.param("torch.manual_seed(0)", "off by one", "", id="seed"),
        pytest.param("y = f(random_state=3)", "off by one", "", id="seed by keyword"),
        pytest.param(function("raise ValueError(f'not {b + 2}')"), "off by one", "", id="message"),
        pytest.param("print(x, 3)", "off by one", "", id="printed, and not checked"),
        pytest.param("y = x / (x.std() + 1e-5)", "constant changed", "", id="tiny"),
        pytest.param("y = torch.optim.SGD(x, lr=0.1)", "constant changed", "", id="learning rate"),
        pytest.param("for _ in range(500):\n    step()", "off by one", "", id="rounds"),
        pytest.param("epochs = 20", "off by one", "", id="epochs"),
        pytest.param("y = torch.rand(3) < 0.5", "operator swapped", "", id="drawn here"),
        pytest.param("y = x > x.mean()", "operator swapped", "x = torch.randn(3)", id="drawn in given"),
        pytest.param("y = (x.argmax(1) == b).float().mean().item()", "dtype changed", "", id="narrowed again"),
        pytest.param("y = x[b.long()]", "dtype changed", "", id="index"),
        pytest.param(
            function("p = x.float().sin()", "y[:, 0] = p", "return y"), "dtype changed", "", id="stored in a tensor"
        ),
        pytest.param(function("s = x + 1", "return s.sqrt()"), "in place for out of place", "", id="temporary value"),
        pytest.param(function("s = x @ x", "s = s.relu()", "return s"), "in place for out of place", "", id="rebound"),
        pytest.param("y = copy.copy(x)", "in place for out of place", "import copy", id="not a method"),
        pytest.param("y = torch.zeros(3)", "zeros", "", id="zeros already"),
        pytest.param("x.sum().backward()", "function swapped", "", id="any scalar starts backward"),
    ],
)
def test_what_cannot_be_a_mistake_is_not_changed(solution: str, kind: str, given: str) -> None:
    assert kind not in codes_by_kind(solution, given, "Write it.", "z")


@pytest.mark.parametrize(
    ("solution", "kind", "given"),
    [
        pytest.param("y = x - x.mean(1, keepdim=True)", "keepdim dropped", "", id="another dimension"),
        pytest.param("y = x.mean(0, keepdim=True)", "keepdim dropped", "", id="no arithmetic"),
        pytest.param("y = torch.optim.SGD(x, lr=0.1)", "constant changed", "lr = 0.1", id="stated"),
        pytest.param("for i in range(500):\n    step(i)", "off by one", "", id="rounds that differ"),
        pytest.param(function("return x > 0.5"), "operator swapped", "x = torch.randn(3)", id="an argument"),
        pytest.param("y = (x * 9).round() > 3", "operator swapped", "x = torch.rand(3)", id="rounded"),
        pytest.param("y = x >= x.max()", "operator swapped", "x = torch.rand(3)", id="equal to an extreme"),
        pytest.param("y = x * b.float()", "dtype changed", "", id="reaches the result"),
        pytest.param(
            function("s = x + 1", "t = s.sqrt()", "return s + t"), "in place for out of place", "", id="used again"
        ),
        pytest.param(function("s = x.view(-1)", "return s.sqrt()"), "in place for out of place", "", id="view"),
        pytest.param("print(x, 3)", "off by one", "", id="printed, and checked"),
    ],
)
def test_what_may_be_a_mistake_is_changed(solution: str, kind: str, given: str) -> None:
    assert kind in codes_by_kind(solution, given, see="stdout")


@pytest.mark.parametrize(
    ("question", "see", "is_made"),
    [
        ("Return twice `x`.", "g(torch.ones(2))", False),
        ("Return twice `x`; `x` must not change.", "g(torch.ones(2))", True),
        ("Return a new tensor.", "g(torch.ones(2))", True),
    ],
)
def test_an_argument_is_changed_in_place_where_the_question_speaks_of_it(
    question: str, see: str, is_made: bool
) -> None:
    assert ("argument changed" in codes_by_kind("def g(x):\n    return x * 2", "", question, see)) == is_made
    assert ("in place for out of place" in codes_by_kind("def g(x):\n    return x.abs()", "", question, see)) == is_made


def test_a_value_that_is_bound_again_may_be_changed_in_place() -> None:
    assert "in place for out of place" not in codes_by_kind("x = x.abs()", "x = torch.ones(3)", "Bind it.", "x")
    assert "in place for out of place" in codes_by_kind("y = x.abs()", "x = torch.ones(3)", "Bind it.", "x")


def test_a_loss_is_not_scaled_where_every_check_accepts_a_range() -> None:
    solution = "for _ in range(9):\n    F.mse_loss(f(x), b)"
    assert "function swapped" not in codes_by_kind(solution, see="loss < 0.1")
    assert "function swapped" in codes_by_kind(solution, see="loss")


def test_numpy_writes_into_an_argument() -> None:
    found = codes_by_kind("def g(a):\n    return a * 2", preamble="import numpy as np")
    assert found["argument changed"] == {"def g(a):\n    return np.multiply(a, 2, out=a)"}


@pytest.mark.parametrize(
    "solution",
    [
        "def g(f, t):\n    f(t).backward()\n    return t.grad",
        "def g(f, t):\n    s, = torch.autograd.grad(f(t), t)\n    return s",
        "def g(w, x):\n    with torch.no_grad():\n        return (x @ w).sigmoid()",
        "@torch.no_grad()\ndef g(w, x):\n    return x @ w",
        "def g(ps):\n    n = torch.tensor(0.0)\n    for p in ps:\n        n += p.grad.sum()\n    return n.sqrt()",
        "s = torch.tanh(x.detach())\ny = 1 - s ** 2",
    ],
)
def test_a_value_that_is_computed_without_a_graph_is_not_detached(solution: str) -> None:
    assert "detached" not in codes_by_kind(solution, "x = torch.ones(1, requires_grad=True)")


def test_a_gradient_with_a_graph_is_detached() -> None:
    solution = "def g(f, t):\n    s, = torch.autograd.grad(f(t), t, create_graph=True)\n    return s"
    assert "detached" in codes_by_kind(solution)


SUMMED = "id: a\nquestion: q\ngiven: x = torch.ones(2, 3)\nsolution: answer = x.sum(dim=1)\nchecks: [answer.sum()]\n"


def test_the_mutants_of_a_line_that_pass_every_check_are_reported_together(check: Check) -> None:
    report = check(SUMMED, mutants=True)
    (survivors,) = [problem for problem in report.problems if problem.kind == "mutant-survives"]
    assert survivors.message == (
        "2 changed solutions pass: dimension changed: `x.sum(dim=1)` -> `x.sum(dim=0)`; "
        "input echoed: `x.sum(dim=1)` -> `x`"
    )
    assert survivors.severity == "warning"
    tally = report.mutants["d"]
    assert tally.killed == tally.made - 2
    assert tally.share < 1


def test_the_dimension_of_a_vector_does_not_matter(check: Check) -> None:
    vector = SUMMED.replace("ones(2, 3)", "rand(3)").replace("dim=1", "dim=-1").replace("[answer.sum()]", "[answer]")
    matrix = vector.replace("rand(3)", "rand(1, 3)").replace("[answer]", "[answer.sum()]")
    assert check(vector, mutants=True).problems == ()
    assert "mutant-survives" in [problem.kind for problem in check(matrix, mutants=True).problems]


def test_a_mutant_marked_as_equivalent_is_not_reported(check: Check) -> None:
    report = check(
        SUMMED + "equivalent: [{code: 'answer = x.sum(dim = 0)', why: The total is the same.}]", mutants=True
    )
    assert not any("dim=0" in problem.message for problem in report.problems)
    assert report.mutants["d"].equivalent == 1
