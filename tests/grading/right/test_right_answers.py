"""Answers to shipped cards that are right by the question but written differently from the solution: each must pass.

The tables beside this module, one per deck, map a card's id to such answers. If a new answer is right and fails, relax
the card's checks, or state in its question the rule that the answer breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from quizapp.decks.card import Card
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.text.verdict_lines import verdict_lines

TABLES = sorted(Path(__file__).parent.glob("*.yaml"))


def answers() -> Iterator[tuple[str, int, str]]:
    """Yield card name, number and text of each answer."""
    for table in TABLES:
        for card, texts in yaml.safe_load(table.read_text(encoding="utf-8")).items():
            for number, text in enumerate(texts, 1):
                yield f"{table.stem}/{card}", number, text


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    """The shipped cards by name."""
    decks, _ = read_decks([shipped()])
    return {card.name: card for deck in decks for card in deck.cards}


@pytest.fixture(scope="module")
def grader(sandbox: Sandbox) -> Grader:
    """One grader for the module, so that each solution runs once."""
    return Grader(sandbox, trust=True)


@pytest.mark.parametrize(
    ("name", "answer"), [pytest.param(name, text, id=f"{name}-{number}") for name, number, text in answers()]
)
def test_a_right_answer_in_other_words_passes(grader: Grader, cards: dict[str, Card], name: str, answer: str) -> None:
    verdict = grader.grade(cards[name], answer)
    assert verdict.passed, "\n".join([f"{name} rejects", answer, *verdict_lines(verdict)])


def test_every_shipped_deck_has_a_table(cards: dict[str, Card]) -> None:
    assert {table.stem for table in TABLES} == {card.deck for card in cards.values()}


def test_answers_that_yaml_reads_as_numbers_or_lists_are_quoted() -> None:
    assert [name for name, _, text in answers() if not isinstance(text, str)] == []
