"""A session: what is shown, what a rating does, what is logged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizapp.errors import StoreError, UsageError
from quizapp.review.memory import MemoryState, Rating
from quizapp.review.practice import PracticeFilter
from quizapp.review.remaining import Remaining
from tests.review.harness import MakeStudy, make_card


def test_a_new_card_is_shown_answered_and_rated(make_study: MakeStudy) -> None:
    study = make_study("joining/cat")
    session = study.session()
    shown = session.next()
    assert shown is not None and shown.name == "joining/cat"
    assert session.submit("right").passed
    assert session.proposal().rating is Rating.GOOD
    assert session.intervals()[Rating.AGAIN] == timedelta(minutes=1)
    memory = session.rate(Rating.GOOD)
    assert memory is not None and memory.state is MemoryState.LEARNING
    (logged,) = study.store.log.reviews()
    assert (logged.proposed, logged.why) == (Rating.GOOD, "first try, no hints")
    assert (logged.card, logged.rating, logged.outcome, logged.tries) == ("joining/cat", Rating.GOOD, "passed", 1)
    assert session.card is None


def test_a_missed_card_is_shown_again_in_the_session(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack")
    session = study.session()
    missed = session.next()
    session.submit("no idea")
    session.give_up()
    session.rate(Rating.AGAIN)
    other = session.next()
    assert missed and other and other.name != missed.name
    session.submit("right")
    session.rate(Rating.EASY)
    assert session.next() == missed


def test_rating_schedules_the_interval_shown_on_the_button(make_study: MakeStudy) -> None:
    study = make_study("joining/cat")
    study.learn("joining/cat")
    for rating in Rating:
        study.clock.advance(days=20)
        session = study.session(cards=["joining/cat"])
        session.next()
        session.submit("right")
        interval = session.intervals()[rating]
        memory = session.rate(rating)
        assert memory
        if memory.state is MemoryState.REVIEW:
            assert session.days.of(memory.due) == session.days.of(study.clock()) + interval.days
        else:
            assert memory.due == study.clock() + interval


def test_the_proposed_rating_is_logged_beside_the_chosen_one(make_study: MakeStudy) -> None:
    study = make_study("joining/cat")
    session = study.session()
    session.next()
    session.submit("wrong")
    session.submit("right")
    session.rate(Rating.GOOD)
    (logged,) = study.store.log.reviews()
    assert (logged.rating, logged.proposed, logged.why) == (Rating.GOOD, Rating.HARD, "2 tries, no hints")


def test_two_buttons_offer_again_and_good(make_study: MakeStudy) -> None:
    session = make_study("joining/cat", two_buttons=True).session()
    session.next()
    session.submit("wrong")
    session.submit("right")
    assert list(session.intervals()) == [Rating.AGAIN, Rating.GOOD]
    assert session.proposal().rating is Rating.GOOD


def test_a_card_cannot_be_rated_before_a_verdict(make_study: MakeStudy) -> None:
    session = make_study("joining/cat").session()
    session.next()
    assert not session.is_rateable
    with pytest.raises(UsageError, match="no verdict"):
        session.rate(Rating.GOOD)


@pytest.mark.parametrize("outcome", ["internal", "deferred", "unreadable"])
def test_outcomes_that_are_no_evidence_cannot_be_rated(make_study: MakeStudy, outcome: str) -> None:
    session = make_study("joining/cat").session()
    session.next()
    session.submit(outcome)
    assert not session.is_rateable
    with pytest.raises(UsageError, match="no verdict"):
        session.rate(Rating.GOOD)


def test_an_unreadable_prediction_is_not_stored_and_the_next_answer_is_a_first_try(make_study: MakeStudy) -> None:
    study = make_study("joining/cat")
    session = study.session()
    session.next()
    session.submit("unreadable")
    session.submit("right")
    assert [attempt.outcome for attempt in study.store.drafts.attempts("joining/cat")] == ["passed"]
    assert session.proposal().rating is not Rating.HARD
    session.rate(Rating.GOOD)
    (review,) = study.store.log.reviews()
    assert (review.tries, review.first_outcome) == (1, "passed")


def test_a_deferred_card_keeps_its_date_and_waits_for_cuda(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "gpu/move")
    study.learn("gpu/move")
    due = study.store.cards.memory("gpu/move")
    study.clock.advance(days=30)
    session = study.session(decks=["gpu"])
    assert session.next()
    session.submit("deferred")
    assert session.next() is None
    assert study.store.cards.memory("gpu/move") == due
    assert study.store.cards.waiting() == ["gpu/move"]
    assert session.counts()["gpu"].waiting == 1
    assert study.shown_cards(decks=["gpu"], cuda=True) == ["gpu/move"]


def test_a_waiting_card_is_shown_once_cuda_is_found(make_study: MakeStudy) -> None:
    session = make_study("gpu/move").session()
    session.next()
    session.submit("deferred")
    assert session.next() is None
    session.set_cuda(True)
    assert session.next()


def test_a_draft_is_restored_until_the_card_is_rated(make_study: MakeStudy) -> None:
    study = make_study(make_card("joining/cat", starter="answer = ..."))
    session = study.session()
    session.next()
    assert session.draft == "answer = ..."
    session.save_draft("answer = torch.cat")
    session = study.session()
    session.next()
    assert session.draft == "answer = torch.cat"
    session.submit("right")
    session.rate(Rating.AGAIN)
    session.next()
    assert session.draft == "answer = ..."


def test_undo_reverts_any_number_of_steps_and_marks_them_in_the_log(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack", "joining/split")
    session = study.session()
    for rating in (Rating.GOOD, Rating.EASY):
        session.next()
        session.submit("right")
        session.rate(rating)
    session.next()
    session.suspend()
    assert session.undo() == "suspend joining/split"
    assert session.undo() == "review of joining/stack (Easy)"
    assert session.undo() == "review of joining/cat (Good)"
    assert session.undo() is None
    assert study.store.cards.memories() == {}
    assert [review.undone for review in study.store.log.reviews()] == [True, True]
    assert session.next() == study.library.card("joining/cat")


def test_redo_repeats_what_was_undone_until_something_else_happens(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack", "joining/split")
    session = study.session()
    for rating in (Rating.EASY, Rating.AGAIN):
        session.next()
        session.submit("right")
        session.rate(rating)
    session.next()
    session.suspend()
    before = study.store.cards.memories()
    for _ in range(3):
        session.undo()
    assert [session.redo() for _ in range(4)] == [
        "review of joining/cat (Easy)",
        "review of joining/stack (Again)",
        "suspend joining/split",
        None,
    ]
    assert study.store.cards.memories() == before
    assert study.store.cards.flags("joining/split").suspended
    again = session.next()
    assert again and again.id == "stack"
    session.undo()
    assert session.next()
    session.flag()
    assert session.redo() is None


def test_practice_undoes_no_scheduled_review(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack")
    study.learn("joining/cat")
    session = study.session(practice=PracticeFilter())
    assert session.undo() is None
    session.next()
    session.submit("right")
    session.rate(Rating.GOOD)
    assert session.undo() == "practice of joining/cat (Good)"
    assert session.redo() == "practice of joining/cat (Good)"
    assert not any(review.undone for review in study.store.log.reviews())


def test_remaining_counts_the_cards_left_with_the_current_one(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack", "joining/split")
    study.learn("joining/cat")
    study.clock.advance(days=60)
    session = study.session()
    session.next()
    assert session.remaining() == Remaining(new=2, due=1)
    session.submit("no idea")
    session.give_up()
    session.rate(Rating.AGAIN)
    session.next()
    assert session.remaining() == Remaining(new=1, learning=1, due=1)
    session.skip()
    session.next()
    assert session.remaining() == Remaining(new=1, learning=1)
    session.undo()
    session.next()
    assert session.remaining().total == 2


def test_a_missed_card_is_not_repeated_after_undo_and_a_better_rating(make_study: MakeStudy) -> None:
    session = make_study("joining/cat", "joining/stack").session()
    session.next()
    session.submit("right")
    session.rate(Rating.AGAIN)
    session.undo()
    again = session.next()
    assert again and again.id == "cat"
    session.rate(Rating.EASY)
    other = session.next()
    assert other and other.id == "stack"
    session.skip()
    assert session.next() is None


def test_no_card_is_lost_if_the_store_fails_while_it_is_fetched(
    make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study("joining/cat")
    session = study.session()

    def locked(*_: object) -> None:
        raise StoreError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(study.store.drafts, "progress", locked)
        with pytest.raises(StoreError):
            session.next()
    assert session.next()


def test_the_summary_counts_reviews(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack")
    session = study.session()
    session.next()
    study.clock.advance(seconds=90)
    session.submit("right")
    memory = session.rate(Rating.EASY)
    session.next()
    session.give_up()
    session.rate(Rating.AGAIN)
    summary = session.summary()
    assert (summary.reviews, summary.passed, summary.again, summary.new) == (2, 1, 1, 2)
    assert summary.minutes == 1.5
    assert memory and summary.next_due and summary.next_due < memory.due


def test_counts_are_of_due_new_locked_and_learned_cards(make_study: MakeStudy) -> None:
    study = make_study("joining/cat", "joining/stack", make_card("views/view", after=("joining/cat",)))
    counts = study.session().counts()
    assert (counts["joining"].new, counts["views"].new, counts["views"].locked) == (2, 0, 1)
    study.learn("joining/cat")
    counts = study.session().counts()
    assert (counts["joining"].new, counts["joining"].learned, counts["joining"].due) == (1, 1, 0)
    assert counts["views"].new == 1
    study.clock.advance(days=60)
    assert study.session().counts()["joining"].due == 1
