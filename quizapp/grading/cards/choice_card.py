"""Choice cards: graded without running code, by comparing the chosen set with the right one."""

from __future__ import annotations

import random
import re

from quizapp.decks.card import Card
from quizapp.errors import UsageError
from quizapp.grading.verdict import Outcome, Verdict

NUMBER = re.compile(r"#?([0-9]{1,4})\.?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９，、．", "0123456789,,.")
"""Characters of an East Asian keyboard -> those of a list of numbers."""


def shown_order(card: Card, seed: str) -> tuple[int, ...]:
    """Return the indices of the choices in the order of display, which depends on the seed only."""
    order = list(range(len(card.choices)))
    random.Random(f"{card.name}:{seed}").shuffle(order)
    return tuple(order)


def read_choices(card: Card, answer: str) -> frozenset[int]:
    """Return the indices of the chosen choices. Raises UsageError.

    An answer consists of numbers, counted from 1 in the deck's order, or of the choices' texts, one per line. The front
    ends write `#` before a number, because a choice's text can be a number too.
    """
    texts = {choice.text.strip(): index for index, choice in enumerate(card.choices)}
    if answer.strip() in texts:
        return frozenset({texts[answer.strip()]})
    found: set[int] = set()
    for line in filter(None, (line.strip() for line in answer.splitlines())):
        found |= {texts[line]} if line in texts else _numbers(card, line)
    return frozenset(found)


def _numbers(card: Card, line: str) -> set[int]:
    numbers = read_numbers(line, len(card.choices))
    if numbers is None:
        raise UsageError(
            f"`{line}` is not a choice of {card.name}",
            f"write numbers from 1 to {len(card.choices)}, or the text of one choice per line",
        )
    return {number - 1 for number in numbers}


def read_numbers(text: str, count: int) -> list[int] | None:
    """Return the numbers of a list such as `3, 1`, or None if it contains anything but numbers from 1 to `count`."""
    words = filter(None, re.split(r"[\s,]+", text.translate(FULL_WIDTH)))
    numbers = [int(match[1]) if (match := NUMBER.fullmatch(word)) else 0 for word in words]
    return numbers if all(1 <= number <= count for number in numbers) else None


def grade_choice(card: Card, answer: str) -> Verdict:
    """Return the verdict: passed if exactly the right choices are chosen, else with `says` of the first wrong one."""
    picked = read_choices(card, answer)
    right = frozenset(index for index, choice in enumerate(card.choices) if choice.right)
    if picked == right:
        return Verdict(card.name, Outcome.PASSED, score=1.0, points=1.0, of=1.0)
    says = next((card.choices[i].says for i in sorted(picked - right) if card.choices[i].says), None)
    notes = () if picked - right else ("What you chose is right, but a choice is missing.",)
    return Verdict(card.name, Outcome.WRONG, of=1.0, says=says, notes=notes)
