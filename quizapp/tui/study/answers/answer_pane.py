"""The base class of the answer panes."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict

if TYPE_CHECKING:
    from quizapp.sandbox.protocol import LineValue


class AnswerPane(Vertical):
    """A pane in which a card is answered. The answer is text, both for the grader and as a draft."""

    DEFAULT_CSS: ClassVar[str] = "AnswerPane { height: 1fr; width: 1fr; }"
    pane_title: ClassVar[str]

    class Edited(Message):
        """The answer has changed."""

    class Submitted(Message):
        """The answer was submitted by a key of its own pane."""

    def __init__(self, card: Card) -> None:
        super().__init__(id="answer")
        self.card = card
        self._changed_at = 0.0

    @property
    def answer(self) -> str:
        raise NotImplementedError

    @property
    def is_complete(self) -> bool:
        """Whether there is something to grade."""
        return bool(self.answer.strip())

    @property
    def field(self) -> Widget:
        """The widget that takes the answer."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Focus the widget that takes the answer."""
        self.field.focus()

    def show_verdict(self, verdict: Verdict, answer: str) -> None:
        """Mark the place in the answer that the verdict refers to, if any."""

    def show_line_values(self, values: Sequence[LineValue], answer: str) -> None:
        """Show what each line of `answer` bound, if the pane shows code and still contains it."""

    def changed_within(self, seconds: float) -> bool:
        """Return whether the answer was changed in the last `seconds`."""
        return monotonic() - self._changed_at < seconds

    @on(Edited)
    def _remember_change(self) -> None:
        self._changed_at = monotonic()

    def mark_graded(self, answer: str, *, is_counted: bool) -> None:
        """Remember the answer of the last verdict, and whether it was counted as a try."""

    def edit_externally(self) -> None:
        """Open the answer in the learner's own editor if it is code. Raises UsageError."""
