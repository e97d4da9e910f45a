"""`rtol: auto` measures rounding errors only: other random numbers in float64 must not become a tolerance."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader

pytestmark = [pytest.mark.jail, pytest.mark.torch]


@pytest.mark.parametrize(
    "draw",
    [
        "torch.randn(4, 5)",
        "torch.rand(4, 5)",
        "torch.randn(4, 5, generator=torch.Generator().manual_seed(1))",
        "torch.empty(4, 5).normal_()",
        "torch.nn.Linear(5, 4).weight.detach()",
        "torch.randn(4, 5, dtype=torch.float32)",
        "torch.arange(20.).reshape(4, 5).sin()",
    ],
)
def test_zeros_do_not_pass_where_a_check_draws(grader: Grader, draw: str) -> None:
    check = Check("f(x)", run=f"x = {draw}", rtol="auto")
    card = Card(
        "deck",
        "card",
        "?",
        (check,),
        preamble="import torch",
        solution="def f(x):\n    return (x * 2).sum(dim=1)",
        trusted=True,
    )
    assert grader.grade(card, "def f(x):\n    return x.sum(1) * 2").passed
    assert not grader.grade(card, "def f(x):\n    return torch.zeros(4)").passed
