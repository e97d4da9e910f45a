"""A card as plain text: the question, what counts as an answer, and the reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from quizapp.decks.card import Card, CardKind, Deck, translate
from quizapp.errors import PtquizError
from quizapp.grading.cards.choice_card import read_numbers, shown_order
from quizapp.grading.cards.order_card import shuffle_lines
from quizapp.grading.judge_protocol import Side
from quizapp.text.pasted_code import clean_code
from quizapp.text.rule_lines import rule_list
from quizapp.text.wrapping import join_paragraphs

HOW_TO_ANSWER = {
    CardKind.CHOICE: "type the numbers of all right choices, such as `2` or `1 3`",
    CardKind.ORDER: "type the numbers of the lines in their right order, such as `2 1 3`",
}
"""Kind of card -> what to type, shown below the numbered lines."""


def translated(card: Card, decks: Iterable[Deck], language: str) -> Card:
    """Return the card in `language`, or unchanged if it is not translated."""
    deck = next((deck for deck in decks if deck.slug == card.deck), None)
    texts = deck and deck.translations.get(language, {}).get(card.id)
    return translate(card, texts) if texts else card


def question_text(card: Card) -> str:
    """Return name, title, question, rules, given code, and the numbered lines of a choice or order card."""
    return "\n".join(_question_parts(card))


def _question_parts(card: Card) -> Iterator[str]:
    yield f"{card.name}: {card.title}\n\n{join_paragraphs(card.question.rstrip())}"
    if rules := rule_list(card):
        yield f"\n{rules}"
    if card.given:
        yield f"\ngiven:\n{indented(card.given)}"
    if card.kind is CardKind.PREDICT:
        yield f"\nwhat is `{card.checks[0].see}`? (a value, a shape, a dtype, text, or an exception's name)"
    for number, text in enumerate(offered(card), 1):
        yield f"  {number}. " + text.replace("\n", "\n     ")
    if how := HOW_TO_ANSWER.get(card.kind):
        yield how


# Putting lines into an order that fails may take many attempts.
@lru_cache(maxsize=8)
def offered(card: Card) -> tuple[str, ...]:
    """Return the numbered lines of a choice or order card, in the order in which they are shown."""
    if card.kind is CardKind.CHOICE:
        return tuple(card.choices[index].text.strip() for index in shown_order(card, "0"))
    return shuffle_lines(card, "0") if card.kind is CardKind.ORDER else ()


def as_answer(card: Card, text: str) -> str:
    """Return what the grader reads: clean code, or what typed numbers choose. Raise PtquizError for other input."""
    if not text.strip():
        raise PtquizError("there is nothing to submit yet", "type the answer before the line with a full stop")
    shown = offered(card)
    if not shown:
        return clean_code(text) if card.kind is CardKind.CODE else text
    chosen = read_numbers(text, len(shown))
    if chosen is None:
        raise PtquizError(f"`{text}` is not a list of the shown numbers", f"write numbers from 1 to {len(shown)}")
    if card.kind is CardKind.CHOICE:
        order = shown_order(card, "0")
        return "\n".join(f"#{order[number - 1] + 1}" for number in chosen)
    return "\n".join(shown[number - 1] for number in chosen)


def reference_text(card: Card) -> str:
    """Return the solution, the choices with what is right, and the note; empty if the card has none of them."""
    parts = [f"\nthe reference:\n{indented(card.solution)}"] if card.solution else []
    for choice in card.choices:
        parts.append(f"  {'✓' if choice.right else '✗'} {choice.text}" + (f"  {choice.says}" if choice.says else ""))
    if card.note:
        parts.append(f"\n{join_paragraphs(card.note.rstrip())}")
    return "\n".join(parts)


def value_text(card: Card, value: Side | None) -> str:
    """Return the value of a predict card; empty if it is not known."""
    return f"\n`{card.checks[0].see}` is:\n{indented(value.text)}" if value is not None else ""


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
