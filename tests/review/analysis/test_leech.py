"""Leeches."""

from __future__ import annotations

from quizapp.review.analysis.leech import find_leeches
from quizapp.review.memory import Rating
from tests.review.harness import MakeStudy


def test_a_leech_is_listed_with_its_last_answers(make_study: MakeStudy) -> None:
    study = make_study("a/one", leech_lapses=2)
    study.learn("a/one")
    for answer in ("first", "second"):
        study.clock.advance(days=60)
        session = study.session(cards=["a/one"])
        session.next()
        session.submit(answer)
        session.rate(Rating.AGAIN)
        study.learn("a/one")
    (leech,) = find_leeches(study.store, study.settings)
    assert (leech.card, leech.lapses) == ("a/one", 2)
    assert [attempt.answer for attempt in leech.answers] == ["right", "second", "right", "first", "right"]
