"""Undefined and unused names of an answer, found without running it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.decks.card import Card, CardKind, Check
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks
from quizapp.tui.widgets.code_area import Mark
from quizapp.tui.widgets.code_problems import MAX_CHARACTERS, find_problems

CARD = Card(
    "a", "b", "?", (Check("answer", run="total = helper(2)"),), preamble="import torch", given="x = torch.ones(2)\n"
)


@pytest.mark.parametrize(
    ("answer", "marks"),
    [
        ("answer = torhc.ones(2)", [Mark(0, "torhc is not defined", 9, 14)]),
        ("é = 'ä' + y", [Mark(0, "y is not defined", 10, 11)]),
        ("import math\nanswer = x", [Mark(0, "math is imported and not used", 7, 11)]),
        ("from math import pi as half\nanswer = x", [Mark(0, "half is imported and not used", 23, 27)]),
        ("def f(v):\n    w = v\n    return v\nanswer = f(x)", [Mark(1, "w is not used", 4, 5)]),
        ("def f():\n    n += 1\n    return n\nn = 1", [Mark(1, "n is used before it is bound", 4, 5)]),
        ("answer = a + b", [Mark(0, "a is not defined", 9, 10), Mark(0, "b is not defined", 13, 14)]),
    ],
)
def test_names_that_nothing_binds_or_uses_are_marked(answer: str, marks: list[Mark]) -> None:
    assert find_problems(CARD, answer) == marks


@pytest.mark.parametrize(
    "answer",
    [
        "answer = torch.cat((x, x))",
        "answer = fill(x) if device == 'cpu' else tmp",
        "def f():\n    return stdout",
        "import helper",
        "answer = (",
        "from math import *\nanswer = pi",
        "exec('y = 1')\nanswer = y",
        "",
        "(" * 5000 + ")" * 5000,
        "answer = " + "-" * 15_000 + "y",
        "answer = missing" + " " * MAX_CHARACTERS,
        "answer = '\0'",
    ],
)
def test_names_of_the_card_and_unreadable_code_are_not_marked(answer: str) -> None:
    assert find_problems(CARD, answer) == []


def test_code_that_parses_only_together_with_given_is_not_marked() -> None:
    assert find_problems(replace(CARD, given="if True:\n"), "    answer = y") == []


def test_no_shipped_starter_or_solution_is_marked() -> None:
    decks, _ = read_decks(sorted(shipped().glob("*.yaml")))
    cards = [card for deck in decks for card in deck.cards if card.kind is CardKind.CODE]
    assert len(cards) > 100
    marked = [
        (card.name, problems)
        for card in cards
        for code in (card.starter, card.solution, *card.accept)
        if (problems := find_problems(card, code))
    ]
    assert marked == []
