"""Runs that can be called off: then there is no verdict, good or bad, and nothing is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict

if TYPE_CHECKING:
    from quizapp.grading.findings import Side
    from quizapp.grading.grader import Grader
    from quizapp.sandbox.protocol import Report

Result = TypeVar("Result")


class Cancelled(Exception):
    """Whoever asked does not want to know any more."""


class CancellableGrader:
    """A grader whose runs under way, or waiting for the sandbox, can be called off together."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._asked = 0
        self._called_off = 0
        """Runs up to this one are not wanted any more."""

    def grade(self, card: Card, answer: str) -> Verdict:
        """Raises Cancelled."""
        return self._unless_called_off(lambda: self._grader.grade(card, answer))

    def scratch(self, card: Card, answer: str) -> Report:
        """Raises Cancelled."""
        return self._unless_called_off(lambda: self._grader.scratch(card, answer))

    def truth(self, card: Card) -> Side | None:
        return self._grader.truth(card)

    def cancel(self) -> None:
        self._called_off = self._asked
        self._grader.cancel()

    def _unless_called_off(self, run: Callable[[], Result]) -> Result:
        self._asked += 1
        mine = self._asked
        result = run()
        if mine <= self._called_off:
            raise Cancelled
        return result
