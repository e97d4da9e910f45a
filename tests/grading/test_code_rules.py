"""`forbid` and `require`: rules broken in the syntax and by counted calls."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card
from quizapp.grading.code_rules import find_violations

SOFTMAX = ("torch.softmax", ".softmax", "torch.nn.functional.softmax")


def count_violations(
    answer: str,
    *,
    forbid: tuple[str, ...] = (),
    require: tuple[str, ...] = (),
    calls: dict[str, int] | None = None,
    reference: dict[str, int] | None = None,
) -> int:
    """Return how many rules of a card the answer breaks."""
    card = Card("deck", "card", "?", preamble="import torch", given="x = torch.ones(3)", forbid=forbid, require=require)
    return len(find_violations(card, answer, calls or {}, reference))


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("for", "for i in x: pass"),
        ("for", "answer = [i for i in x]"),
        ("for", "answer = sum(i for i in x)"),
        ("for", "answer = {i: 1 for i in x}"),
        ("while", "while True: break"),
        ("if", "if x: pass"),
        ("if", "answer = 1 if x else 2"),
        ("if", "answer = [i for i in x if i]"),
        ("import", "import math"),
        ("import", "from math import pi"),
        ("import", "math = __import__('math')"),
        ("lambda", "f = lambda y: y"),
        ("def", "def f(): pass"),
        ("def", "async def f(): pass"),
        ("torch.softmax", "answer = torch.softmax(x, 0)"),
        ("torch.softmax", "import torch as t\nanswer = t.softmax(x, 0)"),
        ("torch.softmax", "from torch import softmax as s\nanswer = s(x, 0)"),
        ("torch.softmax", "f = torch.softmax\nanswer = f(x, 0)"),
        ("torch.softmax", "answer = getattr(torch, 'softmax')(x, 0)"),
        ("torch.nn.functional.softmax", "import torch.nn.functional as F\nanswer = F.softmax(x, 0)"),
        ("torch.nn.functional.softmax", "from torch.nn import functional\nanswer = functional.softmax(x, 0)"),
        (".softmax", "answer = x.softmax(0)"),
        (".softmax", "answer = torch.Tensor.softmax(x, 0)"),
        ("torch.linalg", "answer = torch.linalg.inv(x)"),
        ("sorted", "answer = sorted([2, 1])"),
        ("math.sqrt", "import math\nanswer = math.sqrt(2)"),
    ],
)
def test_a_use_is_found_in_the_syntax(rule: str, answer: str) -> None:
    assert count_violations(answer, forbid=(rule,)) == 1
    assert count_violations(answer, require=(rule,)) == 0


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("for", "answer = 'for i in x'  # for"),
        ("while", "answer = 1"),
        ("torch.softmax", "answer = x.softmax(0)"),
        (".softmax", "answer = torch.softmax(x, 0)"),
        (".softmax", "class N:\n    def f(self):\n        return self.softmax"),
        ("torch.softmax", "def softmax(y):\n    return y\nanswer = softmax(x)"),
        ("torch.sum", "answer = sum([1, 2])"),
        ("sum", "answer = x.sum()"),
        ("sorted", "sorted = 3\nanswer = sorted"),
        ("torch.soft", "answer = torch.softmax(x, 0)"),
        ("torch.softmax", "answer = ("),
    ],
)
def test_something_similar_is_not_a_use(rule: str, answer: str) -> None:
    assert count_violations(answer, forbid=(rule,)) == 0


@pytest.mark.parametrize(
    "name", ["torch.softmax", "torch.Tensor.softmax", "torch._C._nn.softmax", "torch.nn.functional.softmax"]
)
def test_a_call_counts_however_it_is_written(name: str) -> None:
    answer = "answer = getattr(F, 'soft' + 'max')(x, 0)"
    assert count_violations(answer, forbid=SOFTMAX, calls={name: 1}) == 1


@pytest.mark.parametrize(
    ("rule", "called"),
    [
        ("aten::_softmax", "aten::_softmax"),
        ("aten.softmax", "aten::_softmax"),
        ("aten::add", "aten::add"),
        ("aten.add.Tensor", "aten::add"),
        ("torch.einsum", "torch.functional.einsum"),
        ("torch.linalg.inv", "torch._C._linalg.linalg_inv"),
    ],
)
def test_operators_match_their_public_names(rule: str, called: str) -> None:
    assert count_violations("answer = x", forbid=(rule,), calls={called: 1}) == 1
    assert count_violations("answer = x", forbid=(rule,), calls={"aten::mul": 1}) == 0


def test_calls_of_the_checks_are_not_attributed_to_the_answer() -> None:
    assert (
        count_violations(
            "answer = x", forbid=("torch.softmax",), calls={"torch.softmax": 1}, reference={"torch.softmax": 1}
        )
        == 0
    )
    assert (
        count_violations(
            "answer = x", forbid=("torch.softmax",), calls={"torch.softmax": 2}, reference={"torch.softmax": 1}
        )
        == 1
    )


def test_a_required_function_must_be_called() -> None:
    calls = {"torch.einsum": 1}
    never_run = "if False:\n    torch.einsum('i->', x)\nanswer = x.sum()"
    assert count_violations(never_run, require=("torch.einsum",), calls={"torch.Tensor.sum": 1}, reference=calls) == 1
    assert count_violations("answer = x", require=("torch.einsum",), calls=calls, reference=calls) == 0


def test_an_internal_operator_is_explained() -> None:
    card = Card("deck", "card", "?", forbid=("aten::mm", "torch.softmax"))
    assert find_violations(card, "answer = a @ b", {"aten::mm": 1}) == [
        "The answer makes torch call `aten::mm`, an internal operator, which is not allowed on this card."
    ]
    assert find_violations(card, "answer = f(a)", {"torch.softmax": 1}) == [
        "The answer calls `torch.softmax`, which is not allowed on this card."
    ]


def test_the_line_of_a_violation_is_reported() -> None:
    card = Card("deck", "card", "?", forbid=("for",))
    (sentence,) = find_violations(card, "a = 1\nfor i in []:\n    pass", {})
    assert sentence == "`for` is not allowed on this card, and line 2 uses it."
