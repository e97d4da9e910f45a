"""The base class of the answer panes."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical
from textual.message import Message

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict


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

    @property
    def answer(self) -> str:
        raise NotImplementedError

    @property
    def is_complete(self) -> bool:
        """Whether there is something to grade."""
        return bool(self.answer.strip())

    def take_focus(self) -> None:
        """Focus the widget that takes the answer."""
        raise NotImplementedError

    def show_verdict(self, verdict: Verdict, answer: str) -> None:
        """Mark the place in the answer that the verdict refers to, if any."""

    def mark_graded(self, answer: str, *, is_counted: bool) -> None:
        """Remember the answer of the last verdict, and whether it was counted as a try."""

    def edit_externally(self) -> None:
        """Open the answer in the learner's own editor if it is code. Raises UsageError."""
