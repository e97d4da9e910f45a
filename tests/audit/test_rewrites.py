"""Rewrites of a solution: which are made of a text, and that each keeps the meaning as far as its text shows."""

from __future__ import annotations

import pytest

from quizapp.audit.rewrites.choice import MOST_REWRITES, rewrites
from quizapp.decks.card import Card

PREAMBLE = "import random\nimport numpy as np\nimport torch\nfrom torch import nn\n"


def codes(solution: str, kind: str, preamble: str = PREAMBLE) -> list[str]:
    """Return the codes of the rewrites of one kind."""
    card = Card("d", "a", "?", preamble=preamble, given="x = torch.ones(2, 3)", solution=solution)
    return [rewrite.code for rewrite in rewrites(card) if rewrite.kind == kind]


@pytest.mark.parametrize(
    ("solution", "kind", "expected"),
    [
        ("y = x.sum(dim=1)", "`axis` for `dim`", "y = x.sum(axis=1)"),
        ("y = x.sum(axis=1)", "`axis` for `dim`", "y = x.sum(dim=1)"),
        ("y = x.sum(dim=1, keepdim=True)", "by position for by keyword", "y = x.sum(1, keepdim=True)"),
        ("y = torch.sum(x, dim=1)", "by position for by keyword", "y = torch.sum(x, 1)"),
        ("y = x.sum(1)", "by keyword for by position", "y = x.sum(dim=1)"),
        ("y = np.sum(a, -1)", "by keyword for by position", "y = np.sum(a, axis=-1)"),
        ("y = x.relu()", "function for method", "y = torch.relu(x)"),
        ("y = torch.amax(x, 1)", "method for function", "y = x.amax(1)"),
        ("y = a @ b", "matrix product written otherwise", "y = torch.matmul(a, b)"),
        ("y = a @ b", "matrix product written otherwise", "y = torch.einsum('...ij,...jk->...ik', a, b)"),
        ("n = len(x)", "another type of number", "n = float(len(x))"),
        ("n = x.sum().item()", "another type of number", "n = np.float64(x.sum().item())"),
        ("y = (a, b)", "another type of sequence", "y = [a, b]"),
        ("y = [a, b]", "another type of sequence", "y = (a, b)"),
        ("y = [f(a) for a in x]", "another type of sequence", "y = tuple([f(a) for a in x])"),
        ("y = a / b", "multiplied by the reciprocal", "y = a * (1 / b)"),
        ("y = x * 2", "in place on a copy", "y = x.clone().mul_(2)"),
        (
            "a = nn.Linear(2, 3)\nb = nn.Linear(2, 3)",
            "another order of creation",
            "b = nn.Linear(2, 3)\na = nn.Linear(2, 3)",
        ),
        ("def f(x):\n    s = x + 1\n    return s", "other local names", "def f(x):\n    s_1 = x + 1\n    return s_1"),
        ("def f(x):\n    return x + 1", "other local names", "def f(x):\n    result = x + 1\n    return result"),
        (
            "def f(x):\n    return x + 1",
            "more random numbers",
            "def f(x):\n    built = x + 1\n    (torch.rand(3), np.random.rand(3), random.random())\n    return built",
        ),
    ],
)
def test_a_solution_is_written_otherwise(solution: str, kind: str, expected: str) -> None:
    assert expected in codes(solution, kind)


def test_a_draw_follows_what_init_has_drawn() -> None:
    solution = (
        "class Net(nn.Module):\n\n    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(2, 2)"
    )
    assert codes(solution, "more random numbers", "import torch\nfrom torch import nn") == [
        solution + "\n        torch.rand(3)"
    ]


def test_a_result_is_computed_in_float64_and_converted_back() -> None:
    (code,) = codes("y = (x * 0.1).sum()", "computed in float64")
    assert code.endswith("y = in_float64(lambda x: (x * 0.1).sum(), x)")


@pytest.mark.parametrize(
    ("solution", "kind"),
    [
        ("y = x.transpose(0, 1)[:, 1 + 1]", "computed in float64"),
        ("y = torch.rand_like(x) * x", "computed in float64"),
        ("y = (x * 2).double()", "computed in float64"),
        ("y = x.mul_(2) + 1", "computed in float64"),
        ("y = [a * 2 for a in x]", "computed in float64"),
        ("y = x.max(dim=k)", "by keyword for by position"),
        ("y = len(x)\nz = torch.full((2,), y)", "another type of number"),
        ("def size(x):\n    return 1, 2\ny = torch.ones(size(x))", "another type of sequence"),
        ("class C:\n    def __len__(self):\n        return 2", "another type of number"),
        ("a = nn.Linear(2, 3)\nb = nn.Linear(a.out_features, 3)", "another order of creation"),
        ("a = torch.randn(3)\nb = torch.randn(3)", "another order of creation"),
        ("def f(x):\n    s = 1\n    return locals()", "other local names"),
        ("y = np.sum(a, axis=1)", "`axis` for `dim`"),
        ("y = x + 1", "more random numbers"),
        ("def __len__(self):\n    return 1", "more random numbers"),
    ],
)
def test_what_might_mean_something_else_is_not_rewritten(solution: str, kind: str) -> None:
    assert codes(solution, kind) == []


def test_parameters_keep_their_names() -> None:
    solution = "def f(x, dim):\n    x = x + 1\n    total = x.sum(dim)\n    return total"
    (code,) = codes(solution, "other local names")
    assert code == "def f(x, dim):\n    x = x + 1\n    total_1 = x.sum(dim)\n    return total_1"


def test_a_long_solution_has_rewrites_of_every_kind_before_a_second_of_any() -> None:
    lines = "\n".join(f"y{i} = x.sum(dim=1) @ x.sum(dim=0)" for i in range(20))
    made = rewrites(Card("d", "a", "?", preamble=PREAMBLE, solution=lines))
    assert len(made) == MOST_REWRITES
    kinds = [rewrite.kind for rewrite in made]
    first = list(dict.fromkeys(kinds))
    assert kinds[: len(first)] == first
    assert len(first) > 3
