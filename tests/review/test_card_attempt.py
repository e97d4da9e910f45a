"""Evidence: tries, hints and giving up, also over a restart or an undo."""

from __future__ import annotations

from quizapp.review.memory import Rating
from tests.review.harness import MakeStudy, make_card


def test_tries_from_before_a_restart_count(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    killed = study.session()
    killed.next()
    killed.submit("wrong")
    session = study.session()
    session.next()
    session.submit("right")
    assert session.proposal().rating is Rating.HARD
    session.rate(Rating.HARD)
    (review,) = study.store.log.reviews()
    assert (review.first_outcome, review.outcome, review.tries) == ("wrong", "passed", 2)


def test_hints_and_giving_up_from_before_a_restart_count(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", hints=("think", "add")), "a/two")
    killed = study.session()
    killed.next()
    killed.take_hint()
    session = study.session()
    session.next()
    assert (session.hints_taken, session.take_hint()) == (0, "think")
    session.submit("right")
    assert session.proposal().rating is Rating.HARD
    session.rate(Rating.HARD)
    killed = study.session(cards=["a/two"])
    killed.next()
    killed.give_up()
    session = study.session(cards=["a/two"])
    session.next()
    session.submit("right")
    assert session.proposal().why == "gave up"
    session.rate(Rating.AGAIN)
    assert study.store.log.reviews()[-1].gave_up
    study.clock.advance(days=1)
    session = study.session(cards=["a/two"])
    session.next()
    assert not session.is_rateable


def test_help_from_another_day_does_not_count(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", hints=("think",)))
    session = study.session()
    session.next()
    session.take_hint()
    study.clock.advance(days=1)
    session = study.session()
    session.next()
    session.submit("right")
    assert session.proposal().rating is Rating.GOOD


def test_giving_up_still_counts_after_an_undo(make_study: MakeStudy) -> None:
    session = make_study("a/one").session()
    session.next()
    session.give_up()
    session.rate(Rating.HARD)
    session.undo()
    session.next()
    assert session.proposal().rating is Rating.AGAIN
    session.rate(Rating.AGAIN)


def test_an_undone_review_can_be_rated_again_at_once(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    session = study.session()
    session.next()
    session.submit("right")
    session.rate(Rating.AGAIN)
    session.undo()
    assert session.next()
    assert session.is_rateable
    session.rate(Rating.EASY)
    assert [(review.rating, review.undone) for review in study.store.log.reviews()] == [
        (Rating.AGAIN, True),
        (Rating.EASY, False),
    ]


def test_hints_are_given_in_order(make_study: MakeStudy) -> None:
    session = make_study(make_card("joining/cat", hints=("think", "cat joins"))).session()
    session.next()
    assert [session.take_hint(), session.take_hint(), session.take_hint()] == ["think", "cat joins", None]
    assert session.hints_taken == 2
    session.submit("right")
    assert session.proposal().rating is Rating.AGAIN
