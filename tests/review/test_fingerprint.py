"""Which edits change a card for its learner."""

from __future__ import annotations

from dataclasses import replace

from quizapp.decks.card import Check
from quizapp.review.fingerprint import fingerprint
from quizapp.review.memory import Rating
from tests.review.harness import MakeStudy, make_card, make_library


def test_texts_and_hints_do_not_change_the_fingerprint() -> None:
    card = make_card("a/one")
    assert fingerprint(card) == fingerprint(
        replace(card, question="Otherwise?", hints=("new",), note="so", title="One")
    )


def test_the_solution_and_checks_change_the_fingerprint() -> None:
    card = make_card("a/one")
    assert fingerprint(card) != fingerprint(replace(card, solution="answer = 2"))
    assert fingerprint(card) != fingerprint(replace(card, checks=(Check("answer", rtol=0.1),)))


def test_a_card_is_marked_as_changed_until_its_next_review(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    study.learn("a/one")
    study.library = make_library(replace(make_card("a/one"), solution="answer = 1 + 0"))
    session = study.session(cards=["a/one"])
    session.next()
    assert session.has_changed
    session.submit("right")
    session.rate(Rating.GOOD)
    session = study.session(cards=["a/one"])
    session.next()
    assert not session.has_changed
