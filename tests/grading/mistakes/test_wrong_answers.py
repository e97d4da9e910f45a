"""Wrong answers of two courses: each gets the right explanation, or none."""

from __future__ import annotations

import ast

import pytest

from quizapp.decks.card import Card
from quizapp.grading.grader import Grader
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.client import Sandbox
from quizapp.text.verdict_lines import verdict_lines
from tests.grading.mistakes.pairs import Pair, all_cards, all_pairs, judgement_of

PAIRS = all_pairs()
FEWEST, FEWEST_OF_CODE, FEWEST_WITHOUT_EXPLANATION = 260, 80, 60


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    return all_cards()


@pytest.fixture(scope="module")
def grader(sandbox: Sandbox) -> Grader:
    """One grader for the module, so that each reference, and each change of it, runs once."""
    return Grader(sandbox, trust=True)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_wrong_answer_is_explained_rightly_or_not_at_all(grader: Grader, cards: dict[str, Card], pair: Pair) -> None:
    verdict = grader.grade(cards[pair.card], pair.answer)
    assert not verdict.passed
    wanted = "silent" if pair.is_silent else "right"
    assert judgement_of(pair, verdict) == wanted, "\n".join([pair.about, pair.answer, *verdict_lines(verdict)])


def test_the_tables_are_large_enough_and_hardly_any_explanation_is_missing() -> None:
    of_code = [pair for pair in PAIRS if pair.kinds and _has_definition(pair.answer)]
    assert len(PAIRS) >= FEWEST
    assert len(of_code) >= FEWEST_OF_CODE
    assert sum(not pair.kinds for pair in PAIRS) >= FEWEST_WITHOUT_EXPLANATION
    assert sum(pair.is_silent for pair in PAIRS) <= 0.05 * len(PAIRS)


def test_every_key_in_the_tables_is_a_mistake() -> None:
    assert {kind for pair in PAIRS for kind in pair.kinds} <= set(Mistake)


def _has_definition(code: str) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For) for node in ast.walk(ast.parse(code)))
