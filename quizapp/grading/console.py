"""A console with the names of a card, whose state is what its earlier lines have left."""

from __future__ import annotations

import codeop
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.sandbox.protocol import Ending

if TYPE_CHECKING:
    from quizapp.decks.card import Card
    from quizapp.sandbox.protocol import Report


class ScratchRunner(Protocol):
    """The part of the grader that a console uses."""

    def scratch(self, card: Card, answer: str, *, history: tuple[str, ...]) -> Report: ...


class Console:
    """The lines entered for one card. Each run repeats those before it, from the same seed."""

    def __init__(self, grader: ScratchRunner, card: Card) -> None:
        # The checks would call functions of the console.
        self._grader, self._card = grader, replace(card, checks=())
        self._history: tuple[str, ...] = ()

    def enter(self, code: str) -> Report:
        """Run `code`, which may be several lines, after those that have succeeded; return the report of `code` alone.

        Raises SandboxError if no code can be run. A run that raises, exceeds a limit or is cancelled leaves no trace.
        """
        history = self._history
        report = self._grader.scratch(self._card, code, history=history)
        # Another thread may have reset the console during the run.
        if report.ending is Ending.FINISHED and report.raised is None and self._history is history:
            self._history = (*history, code)
        return report

    def reset(self) -> None:
        """Forget all lines."""
        self._history = ()


def is_incomplete(code: str) -> bool:
    """Return whether more lines or an empty line must follow `code`, as at the Python prompt."""
    with ignore_warnings():
        try:
            return codeop.compile_command(code) is None
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
            return False
