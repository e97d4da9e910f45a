"""Choice cards: graded without running code, by comparing the chosen set with the right one."""

from __future__ import annotations

import random
import re

from quizapp.decks.card import Card
from quizapp.errors import UsageError
from quizapp.grading.verdict import Outcome, Verdict


def shown_order(card: Card, seed: str) -> tuple[int, ...]:
    """Return the indices of the choices in the order of display, which depends on the seed only."""
    order = list(range(len(card.choices)))
    random.Random(f"{card.name}:{seed}").shuffle(order)
    return tuple(order)


def read_choices(card: Card, answer: str) -> frozenset[int]:
    """Return the indices of the chosen choices. Raises UsageError.

    An answer consists of numbers, counted from 1 in the deck's order, or of the choices' texts, one per line.
    """
    texts = {choice.text.strip(): index for index, choice in enumerate(card.choices)}
    if answer.strip() in texts:
        return frozenset({texts[answer.strip()]})
    found: set[int] = set()
    for line in filter(None, (line.strip() for line in answer.splitlines())):
        found |= {texts[line]} if line in texts else _numbers(card, line)
    return frozenset(found)


def _numbers(card: Card, line: str) -> set[int]:
    words = re.split(r"[\s,]+", line)
    if not all(word.isascii() and word.isdigit() and 1 <= int(word) <= len(card.choices) for word in words):
        raise UsageError(
            f"`{line}` is not a choice of {card.name}",
            f"write numbers from 1 to {len(card.choices)}, or the text of one choice per line",
        )
    return {int(word) - 1 for word in words}


def grade_choice(card: Card, answer: str) -> Verdict:
    """Return the verdict: passed if exactly the right choices are chosen, else with `says` of the first wrong one."""
    picked = read_choices(card, answer)
    right = frozenset(index for index, choice in enumerate(card.choices) if choice.right)
    if picked == right:
        return Verdict(card.name, Outcome.PASSED, score=1.0, points=1.0, of=1.0)
    says = next((card.choices[i].says for i in sorted(picked - right) if card.choices[i].says), None)
    notes = () if picked - right else ("What you chose is right, but a choice is missing.",)
    return Verdict(card.name, Outcome.WRONG, of=1.0, says=says, notes=notes)
