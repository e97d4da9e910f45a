"""What commands print beside a verdict, and the exit code for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizapp.decks.card import Card
from quizapp.errors import Exit
from quizapp.grading.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader

SEARCHING = "looking for the mistake …"


def operator_line(grader: Grader, card: Card, answer: str) -> str:
    """Return how many torch operators a right answer and the reference call; both are run for it."""
    mine, reference = grader.count_operators(card, answer)
    return f"torch operators called: {mine} by your answer, {reference} by the reference"


def exit_code(verdict: Verdict) -> int:
    """Return the exit code of a command that grades one answer."""
    if verdict.outcome is Outcome.DEFERRED:
        return Exit.DEFERRED
    return Exit.CLEAN if verdict.passed else Exit.NOT_PASSED
