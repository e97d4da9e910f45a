"""The rules of a card as sentences."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.decks.card import Budget, Cap, Card, CardKind, Check
from quizapp.decks.fields import RULE_GROUPS
from quizapp.grading.answer_rules.rule_targets import ALIASES, OPERATORS, targets
from quizapp.sandbox.protocol import Limits
from quizapp.text.rule_lines import GROUPS, LIMITS, rule_lines, rule_list

CPU, GPU = Check("y"), Check("y", device="cuda")


def card(**fields: Any) -> Card:
    """Return a code card with these fields."""
    return Card("deck", "card", "What?", **fields)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, []),
        ({"forbid": (".view", "while", "def")}, ["Not allowed: `.view`, `while`, `def`"]),
        ({"forbid": ("for", "if")}, ["Not allowed: `for` (comprehensions too), `if` (conditional expressions too)"]),
        ({"forbid": ("aten::mm", "recursion")}, ["Not allowed: the operator `aten::mm`, recursion"]),
        (
            {"forbid": ("torch.matmul", "numpy.matmul", ".matmul")},
            ["Not allowed: `torch.matmul` (also `@` and `.matmul()`), `numpy.matmul`, `.matmul`"],
        ),
        (
            {"forbid": ("loops",)},
            ["Not allowed: loops (`for`, `while`, comprehensions, `map`, `vectorize`, recursion …)"],
        ),
        (
            {"require": ("products", "lambda")},
            ["Required: a matrix product (`@`, `matmul`, `mm`, `bmm`, `einsum`, `dot`, `linear` …), `lambda`"],
        ),
        (
            {"allow": ("torch.sum", "torch.Tensor.mean")},
            ["Only these names of torch: `torch.sum`, `torch.Tensor.mean`"],
        ),
        (
            {"budget": Budget(Cap(2, is_relative=True), Cap(64 << 20))},
            ["At most twice the torch operators of the reference (1 point)", "At most 64 MiB of tensors (1 point)"],
        ),
        (
            {"budget": Budget(Cap(12), Cap(1.5, is_relative=True), points=2.5)},
            [
                "At most 12 torch operators, those of the checks included (2.5 points)",
                "At most 1.5 times the tensor memory of the reference (2.5 points)",
            ],
        ),
        (
            {"budget": Budget(Cap(1, is_relative=True))},
            ["No more torch operators than the reference (1 point)"],
        ),
        ({"budget": Budget()}, []),
        ({"limits": Limits(seconds=2, memory=256 << 20)}, ["Limits: 2 s, 256 MiB of memory"]),
        (
            {"limits": Limits(output=1, scratch=0, processes=4)},
            ["Limits: 1 byte of output, 0 bytes of files, 4 processes and threads"],
        ),
        ({"checks": (GPU, GPU)}, ["Needs a GPU"]),
        ({"checks": (GPU, CPU, CPU)}, ["1 of 3 checks needs a GPU"]),
        ({"checks": (GPU, CPU, GPU)}, ["2 of 3 checks need a GPU"]),
    ],
)
def test_a_rule_is_one_sentence(fields: dict[str, Any], lines: list[str]) -> None:
    assert rule_lines(card(**fields)) == lines


def test_every_group_is_explained() -> None:
    assert set(GROUPS) == set(RULE_GROUPS)


@pytest.mark.parametrize("function", sorted({name for names in (*ALIASES, OPERATORS) for name in names}))
def test_a_function_with_an_operator_is_shown_with_it(function: str) -> None:
    (line,) = rule_lines(card(forbid=(f"torch.{function}",)))
    has_operator = any(target.endswith("__") for target in targets(f"torch.{function}"))
    assert ("(also " in line) is has_operator


def test_every_limit_has_a_description() -> None:
    assert set(LIMITS) == set(Limits.__slots__)


@pytest.mark.parametrize("kind", CardKind)
def test_only_answers_that_are_run_have_rules(kind: CardKind) -> None:
    ruled = card(kind=kind, forbid=("while",), require=("def",))
    is_run = kind in (CardKind.CODE, CardKind.ORDER)
    assert rule_list(ruled) == ("- Not allowed: `while`\n- Required: `def`" if is_run else "")
