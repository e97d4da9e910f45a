"""Cancellable grading: a cancelled run yields no verdict and is not recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader
    from quizapp.grading.judge_protocol import Side
    from quizapp.grading.verdict import CheckState
    from quizapp.sandbox.protocol import LineValue, Report

Result = TypeVar("Result")


class Cancelled(Exception):
    """Raised when the run was cancelled."""


class CancellableGrader:
    """A grader whose current and waiting runs can be cancelled together."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._last_run = 0
        """The number of the latest run; runs are numbered from 1."""

        self._last_cancelled = 0
        """Runs up to this number are cancelled."""

    def grade(self, card: Card, answer: str) -> Verdict:
        """Return the verdict on `answer`. Raises Cancelled."""
        return self._run(lambda: self._grader.grade(card, answer))

    def scratch(self, card: Card, answer: str, *, history: tuple[str, ...] = ()) -> Report:
        """Run `answer` after `history` without grading it. Raises Cancelled."""
        return self._run(lambda: self._grader.scratch(card, answer, history=history))

    def line_values(self, card: Card, answer: str) -> tuple[LineValue, ...]:
        """Return what each line of `answer` bound. Raises Cancelled."""
        return self._run(lambda: self._grader.line_values(card, answer))

    def check_states(self, card: Card, answer: str) -> tuple[CheckState, ...]:
        """Return the states of the visible checks, without grading; they are not reached if the run is cancelled."""
        return self._grader.check_states(card, answer)

    def reveal(self, card: Card) -> Side | None:
        return self._grader.reveal(card)

    def cancel(self) -> None:
        """Cancel every run that has not returned."""
        self._last_cancelled = self._last_run
        self._grader.cancel()

    def _run(self, run: Callable[[], Result]) -> Result:
        self._last_run += 1
        number = self._last_run
        result = run()
        # A run that is ended from outside looks like a crash of the answer, so its result is discarded.
        if number <= self._last_cancelled:
            raise Cancelled
        return result
