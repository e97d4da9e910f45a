"""One sitting: what is shown, what a rating does, what is logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from quizapp.errors import StoreError, UsageError
from quizapp.review.memory import MemoryState, Rating
from tests.review.world import World, card

Make = Callable[..., World]


def test_a_new_card_is_shown_answered_and_rated(world: Make) -> None:
    here = world("joining/cat")
    session = here.session()
    shown = session.next()
    assert shown is not None and shown.name == "joining/cat"
    assert session.submit("right").passed
    assert session.proposal().rating is Rating.GOOD
    assert session.intervals()[Rating.AGAIN] == timedelta(minutes=1)
    memory = session.rate(Rating.GOOD)
    assert memory is not None and memory.state is MemoryState.LEARNING
    (logged,) = here.store.log.reviews()
    assert (logged.proposed, logged.why) == (Rating.GOOD, "first try, no hints")
    assert (logged.card, logged.rating, logged.outcome, logged.tries) == ("joining/cat", Rating.GOOD, "passed", 1)
    assert session.card is None


def test_a_missed_card_comes_back_before_the_session_ends(world: Make) -> None:
    here = world("joining/cat", "joining/stack")
    session = here.session()
    missed = session.next()
    session.submit("no idea")
    session.give_up()
    session.rate(Rating.AGAIN)
    other = session.next()
    assert missed and other and other.name != missed.name
    session.submit("right")
    session.rate(Rating.EASY)
    assert session.next() == missed


def test_a_button_promises_what_rating_does(world: Make) -> None:
    here = world("joining/cat")
    here.learn("joining/cat")
    for rating in Rating:
        here.clock.pass_(days=20)
        session = here.session(cards=["joining/cat"])
        session.next()
        session.submit("right")
        promised = session.intervals()[rating]
        memory = session.rate(rating)
        assert memory
        if memory.state is MemoryState.REVIEW:
            assert session.days.of(memory.due) == session.days.of(here.clock()) + promised.days
        else:
            assert memory.due == here.clock() + promised


def test_another_rating_than_the_proposed_one_is_logged_beside_it(world: Make) -> None:
    here = world("joining/cat")
    session = here.session()
    session.next()
    session.submit("wrong")
    session.submit("right")
    session.rate(Rating.GOOD)
    (logged,) = here.store.log.reviews()
    assert (logged.rating, logged.proposed, logged.why) == (Rating.GOOD, Rating.HARD, "2 tries, no hints")


def test_two_buttons_offer_again_and_good(world: Make) -> None:
    session = world("joining/cat", two_buttons=True).session()
    session.next()
    session.submit("wrong")
    session.submit("right")
    assert list(session.intervals()) == [Rating.AGAIN, Rating.GOOD]
    assert session.proposal().rating is Rating.GOOD


def test_nothing_is_rated_before_a_verdict(world: Make) -> None:
    session = world("joining/cat").session()
    session.next()
    assert not session.rateable
    with pytest.raises(UsageError, match="no verdict"):
        session.rate(Rating.GOOD)


@pytest.mark.parametrize("outcome", ["internal", "deferred"])
def test_what_says_nothing_about_the_learner_is_never_rated(world: Make, outcome: str) -> None:
    session = world("joining/cat").session()
    session.next()
    session.submit(outcome)
    assert not session.rateable
    with pytest.raises(UsageError, match="no verdict"):
        session.rate(Rating.GOOD)


def test_a_deferred_card_keeps_its_date_and_waits_for_cuda(world: Make) -> None:
    here = world("joining/cat", "gpu/move")
    here.learn("gpu/move")
    due = here.store.cards.memory("gpu/move")
    here.clock.pass_(days=30)
    session = here.session(decks=["gpu"])
    assert session.next()
    session.submit("deferred")
    assert session.next() is None
    assert here.store.cards.memory("gpu/move") == due
    assert here.store.cards.waiting() == ["gpu/move"]
    assert session.counts()["gpu"].waiting == 1
    assert here.shown(decks=["gpu"], cuda=True) == ["gpu/move"]


def test_a_waiting_card_comes_as_soon_as_cuda_is_found(world: Make) -> None:
    session = world("gpu/move").session()
    session.next()
    session.submit("deferred")
    assert session.next() is None
    session.found_cuda(True)
    assert session.next()


def test_the_draft_is_there_again(world: Make) -> None:
    here = world(card("joining/cat", starter="answer = ..."))
    session = here.session()
    session.next()
    assert session.draft == "answer = ..."
    session.save_draft("answer = torch.cat")
    again = here.session()
    again.next()
    assert again.draft == "answer = torch.cat"
    again.submit("right")
    again.rate(Rating.AGAIN)
    again.next()
    assert again.draft == "answer = ..."


def test_hints_are_a_ladder(world: Make) -> None:
    session = world(card("joining/cat", hints=("think", "cat joins"))).session()
    session.next()
    assert [session.hint(), session.hint(), session.hint()] == ["think", "cat joins", None]
    assert session.hints_taken == 2
    session.submit("right")
    assert session.proposal().rating is Rating.AGAIN


def test_undo_takes_back_any_number_of_steps_and_the_log_says_so(world: Make) -> None:
    here = world("joining/cat", "joining/stack", "joining/split")
    session = here.session()
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
    assert here.store.cards.memories() == {}
    assert [review.undone for review in here.store.log.reviews()] == [True, True]
    assert session.next() == here.library.card("joining/cat")


def test_a_missed_card_that_is_undone_and_rated_anew_does_not_come_back(world: Make) -> None:
    session = world("joining/cat", "joining/stack").session()
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


def test_a_store_that_fails_while_a_card_is_fetched_loses_no_card(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world("joining/cat")
    session = here.session()

    def locked(*_: object) -> None:
        raise StoreError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(here.store.work, "shown", locked)
        with pytest.raises(StoreError):
            session.next()
    assert session.next()


def test_the_summary_counts_what_was_done(world: Make) -> None:
    here = world("joining/cat", "joining/stack")
    session = here.session()
    session.next()
    here.clock.pass_(seconds=90)
    session.submit("right")
    memory = session.rate(Rating.EASY)
    session.next()
    session.give_up()
    session.rate(Rating.AGAIN)
    summary = session.summary()
    assert (summary.reviews, summary.passed, summary.again, summary.new) == (2, 1, 1, 2)
    assert summary.minutes == 1.5
    assert memory and summary.next_due and summary.next_due < memory.due


def test_counts_tell_due_new_and_learned(world: Make) -> None:
    here = world("joining/cat", "joining/stack", card("views/view", after=("joining/cat",)))
    counts = here.session().counts()
    assert (counts["joining"].new, counts["views"].new, counts["views"].locked) == (2, 0, 1)
    here.learn("joining/cat")
    counts = here.session().counts()
    assert (counts["joining"].new, counts["joining"].learned, counts["joining"].due) == (1, 1, 0)
    assert counts["views"].new == 1
    here.clock.pass_(days=60)
    assert here.session().counts()["joining"].due == 1
