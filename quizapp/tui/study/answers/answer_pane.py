"""Where an answer is given: code, a prediction, a choice, an order. All give back text for the grader."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical
from textual.message import Message

from quizapp.decks.card import Card, CardKind
from quizapp.grading.verdict import Verdict


class AnswerPane(Vertical):
    """One way to answer a card; `answer` is the text that is graded, and kept as the draft."""

    DEFAULT_CSS: ClassVar[str] = "AnswerPane { height: 1fr; width: 1fr; }"

    class Edited(Message):
        """The answer is another one now."""

    def __init__(self, card: Card) -> None:
        super().__init__(id="answer")
        self.card = card

    @property
    def answer(self) -> str:
        raise NotImplementedError

    @property
    def complete(self) -> bool:
        """Whether there is something to grade."""
        return bool(self.answer.strip())

    def take_focus(self) -> None:
        """Put the learner's hands where the answer is given."""
        raise NotImplementedError

    def graded(self, verdict: Verdict) -> None:
        """Show in place what the verdict says about the answer's own text."""

    def replace(self, text: str) -> None:
        """Put another answer in, as one step that can be undone where there is undo."""


def answer_pane(card: Card, draft: str, seed: str) -> AnswerPane:
    """The pane that this kind of card is answered in."""
    if card.kind is CardKind.PREDICT:
        from quizapp.tui.study.answers.predict_answer import PredictAnswer

        return PredictAnswer(card, draft)
    if card.kind is CardKind.CHOICE:
        from quizapp.tui.study.answers.choice_answer import ChoiceAnswer

        return ChoiceAnswer(card, draft, seed)
    if card.kind is CardKind.ORDER:
        from quizapp.tui.study.answers.order_answer import OrderAnswer

        return OrderAnswer(card, draft, seed)
    from quizapp.tui.study.answers.code_answer import CodeAnswer

    return CodeAnswer(card, draft)
