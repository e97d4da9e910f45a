"""The answer panes, one for each kind of card."""

from __future__ import annotations

from quizapp.decks.card import Card, CardKind
from quizapp.tui.study.answers.answer_pane import AnswerPane


def create_answer_pane(card: Card, draft: str, seed: str) -> AnswerPane:
    """Return the pane for a card of this kind, filled with `draft`. `seed` shuffles choices and lines."""
    # Imported here: only a code card needs the editor and its grammar.
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
