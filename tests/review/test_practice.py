"""Practice outside the schedule, and queues of named cards."""

from __future__ import annotations

import pytest

from quizapp.review.memory import Rating
from quizapp.review.practice import PracticeFilter
from tests.review.harness import MakeStudy, make_card


def test_practice_changes_no_due_date(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", tags=("shape",), level=2), "a/two")
    study.learn("a/one", "a/two")
    before = study.store.cards.memories()
    session = study.session(practice=PracticeFilter(tags=("shape",)))
    session.next()
    session.submit("wrong")
    session.rate(Rating.AGAIN)
    again = session.next()
    assert again and again.name == "a/one"
    session.submit("right")
    session.rate(Rating.GOOD)
    assert session.next() is None
    assert study.store.cards.memories() == before
    assert len(study.store.log.reviews()) == 2


@pytest.mark.parametrize("rating", [Rating.AGAIN, Rating.EASY])
def test_practice_ends_with_a_card_within_its_steps(make_study: MakeStudy, rating: Rating) -> None:
    study = make_study("a/one")
    study.learn("a/one")
    study.clock.advance(days=9)
    study.review("a/one", Rating.AGAIN)
    session = study.session(practice=PracticeFilter(forgotten_today=True))
    for next_rating in (rating, Rating.GOOD):
        if session.next():
            session.give_up()
            session.rate(next_rating)
    assert session.next() is None


def test_practice_omits_suspended_and_waiting_cards(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two", "a/three")
    session = study.session()
    session.next()
    session.suspend()
    session.next()
    session.submit("deferred")
    assert study.shown_cards(practice=PracticeFilter()) == ["a/three"]


def test_a_practice_rating_can_be_undone(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    session = study.session(practice=PracticeFilter())
    session.next()
    session.submit("right")
    session.rate(Rating.GOOD)
    assert session.undo() == "practice of a/one (Good)"


def test_practice_filters_by_deck_level_date_and_lapses_today(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", level=2), "a/two", "b/three")
    study.review("a/two", Rating.AGAIN)
    study.learn("b/three")
    assert study.shown_cards(practice=PracticeFilter(decks=("b",))) == ["b/three"]
    assert study.shown_cards(practice=PracticeFilter(levels=(2,))) == ["a/one"]
    assert study.shown_cards(practice=PracticeFilter(forgotten_today=True)) == ["a/two"]
    assert study.shown_cards(practice=PracticeFilter(ahead=20)) == ["a/two", "b/three"]
    assert study.shown_cards(practice=PracticeFilter(ahead=1)) == ["a/two"]
    assert sorted(study.shown_cards(practice=PracticeFilter(seed=1))) == ["a/one", "a/two", "b/three"]


def test_named_cards_are_shown_due_or_not(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two")
    study.learn("a/one")
    assert study.shown_cards(cards=["a/one"]) == ["a/one"]


def test_practice_of_a_mistake_begins_with_its_cards_and_adds_those_with_their_tags(make_study: MakeStudy) -> None:
    study = make_study(
        make_card("a/missed", tags=("shape",)), make_card("a/related", tags=("shape", "dtype")), make_card("a/other")
    )
    session = study.session(cards=["a/missed"])
    session.next()
    session.submit("transposed")
    session.submit("right")
    session.rate(Rating.AGAIN)
    assert session.summary().mistakes == {"transposed": 1}
    assert study.shown_cards(practice=PracticeFilter(mistake="transposed")) == ["a/missed", "a/related"]
    assert study.shown_cards(practice=PracticeFilter(mistake="transposed", limit=1)) == ["a/missed"]
    assert study.shown_cards(practice=PracticeFilter(mistake="dtype")) == []
