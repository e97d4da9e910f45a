"""The queue: limits, orders, locks, siblings, days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Rating
from quizapp.review.queue import mix
from quizapp.review.store import EntryKind, Store
from tests.review.harness import MakeStudy, make_card, make_library

FIVE = [f"joining/c{number}" for number in range(5)]


def test_new_cards_are_shown_in_deck_order_up_to_the_limit(make_study: MakeStudy) -> None:
    assert make_study(*FIVE, new_per_day=3).shown_cards() == FIVE[:3]


def test_the_limit_of_new_cards_is_per_day(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, new_per_day=3)
    study.learn(*FIVE[:2])
    assert study.shown_cards() == [FIVE[2]]
    study.clock.advance(days=1)
    assert study.shown_cards() == FIVE[2:]


def test_reviews_have_a_separate_limit(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, reviews_per_day=2)
    study.learn(*FIVE)
    study.clock.advance(days=60)
    assert len(study.shown_cards()) == 2


def test_a_limit_in_minutes_ends_the_session(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, minutes_per_day=2)
    session = study.session()
    for _ in range(2):
        assert session.next()
        study.clock.advance(seconds=61)
        session.submit("right")
        session.rate(Rating.EASY)
    assert session.next() is None
    assert study.shown_cards() == []


def test_a_card_is_locked_until_its_prerequisite_is_learned(make_study: MakeStudy) -> None:
    study = make_study(make_card("joining/stack", after=("joining/cat",)), make_card("joining/cat"))
    assert study.shown_cards() == ["joining/cat"]
    study.review("joining/cat", Rating.GOOD)  # still within its steps
    assert "joining/stack" not in study.shown_cards()
    study.learn("joining/cat")
    assert "joining/stack" in study.shown_cards()


def test_a_removed_or_suspended_card_locks_nothing(make_study: MakeStudy) -> None:
    locked = make_card("joining/stack", after=("joining/cat",))
    study = make_study(make_card("joining/cat"), locked)
    study.session()
    study.library = make_library(locked)
    assert study.shown_cards() == ["joining/stack"]
    study.library = make_library(make_card("joining/cat"), locked)
    session = study.session()
    session.next()
    session.suspend()
    unlocked = session.next()
    assert unlocked and unlocked.name == "joining/stack"
    assert (session.counts()["joining"].new, session.counts()["joining"].locked) == (1, 0)


def test_a_card_waiting_for_cuda_locks_nothing(make_study: MakeStudy) -> None:
    study = make_study("gpu/move", make_card("gpu/next", after=("gpu/move",)))
    session = study.session()
    session.next()
    session.submit("deferred")
    unlocked = session.next()
    assert unlocked and unlocked.name == "gpu/next"


def test_an_unlocked_card_is_shown_in_the_same_session(make_study: MakeStudy) -> None:
    study = make_study(make_card("joining/stack", after=("joining/cat",)), make_card("joining/cat"))
    session = study.session()
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    unlocked = session.next()
    assert unlocked and unlocked.name == "joining/stack"


def test_siblings_are_not_shown_on_the_same_day(make_study: MakeStudy) -> None:
    one, two = make_card("joining/one", sources=("note",)), make_card("joining/two", sources=("note",))
    study = make_study(one, two, "joining/other")
    assert study.shown_cards() == ["joining/one", "joining/other"]
    study.learn("joining/one")
    assert study.shown_cards() == ["joining/other"]
    assert study.session().counts()["joining"].new == 1
    study.clock.advance(days=1)
    assert study.shown_cards() == ["joining/two", "joining/other"]


def test_a_sibling_added_by_another_process_is_buried(make_study: MakeStudy) -> None:
    study = make_study("a/x", "a/y")
    session = study.session(cards=["a/x"])
    session.next()
    session.submit("right")
    with Store(study.store.path) as other:
        sync_decks(make_library(make_card("a/x", sources=("n",)), make_card("a/y", sources=("n",))), other)
    session.rate(Rating.GOOD)
    assert study.store.cards.flags("a/y").sibling_buried_until


def test_cards_with_any_common_note_are_siblings(make_study: MakeStudy) -> None:
    one, two = make_card("a/one", sources=("x", "y")), make_card("a/two", sources=("z", "y"))
    three = make_card("a/three", sources=("z",))
    study = make_study(one, two, three)
    assert study.shown_cards() == ["a/one", "a/three"]
    study.learn("a/one")
    assert study.shown_cards() == ["a/three"]
    study.learn("a/three")
    study.clock.advance(days=1)
    assert study.shown_cards() == ["a/two"]


def test_a_card_within_its_steps_since_yesterday_hides_its_siblings(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", sources=("x",)), make_card("a/two", sources=("x",)))
    study.review("a/one", Rating.GOOD)  # left within its steps
    study.clock.advance(days=1)
    assert study.shown_cards() == ["a/one"]


def test_resetting_a_card_unburies_its_siblings(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/one", sources=("x",)), make_card("a/two", sources=("x",)))
    study.learn("a/one")
    study.store.log.append_action(EntryKind.RESET, "a/one", 1, study.clock(), study.session().days.of(study.clock()))
    assert study.store.cards.flags("a/two").sibling_buried_until == 0


def test_undoing_a_review_unburies_siblings(make_study: MakeStudy) -> None:
    study = make_study(make_card("joining/one", sources=("note",)), make_card("joining/two", sources=("note",)))
    study.learn("joining/one")
    study.session().undo()
    study.session(cards=["joining/one"]).next()
    assert study.shown_cards(cards=["joining/two"]) == ["joining/two"]
    assert study.store.cards.flags("joining/two").sibling_buried_until == 0


@pytest.mark.parametrize("order", ["mixed", "first", "last"])
def test_new_cards_are_mixed_first_or_last(order: str) -> None:
    expected = {
        "mixed": ["a", "b", "n", "c", "d"],
        "first": ["n", "a", "b", "c", "d"],
        "last": ["a", "b", "c", "d", "n"],
    }
    assert mix(["a", "b", "c", "d"], ["n"], order) == expected[order]


def test_order_due_shows_the_longest_overdue_first(make_study: MakeStudy) -> None:
    study = make_study(*FIVE)
    study.learn(*FIVE[3:])
    study.clock.advance(days=7)
    study.learn(*FIVE[:3])
    study.clock.advance(days=60)
    assert set(study.shown_cards()[:2]) == set(FIVE[3:])


def test_order_retrievability_shows_the_most_forgotten_first(make_study: MakeStudy) -> None:
    study = make_study("a/weak", "a/strong", order="retrievability")
    study.learn("a/strong", "a/weak")
    study.clock.advance(days=30)
    study.review("a/strong", Rating.EASY)
    study.review("a/weak", Rating.HARD)
    study.clock.advance(days=900)
    assert study.shown_cards() == ["a/weak", "a/strong"]


def test_order_deck_follows_the_deck(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, order="deck")
    study.learn(*reversed(FIVE))
    study.clock.advance(days=60)
    assert study.shown_cards() == FIVE


def test_order_random_is_the_same_all_day(make_study: MakeStudy) -> None:
    names = [f"joining/c{number}" for number in range(30)]
    study = make_study(*names, order="random")
    study.learn(*names)
    study.clock.advance(days=60)
    today = study.shown_cards()
    assert today == study.shown_cards() != names
    study.clock.advance(days=1)
    assert sorted(study.shown_cards()) == sorted(today) and study.shown_cards() != today


def test_only_the_requested_decks_are_shown(make_study: MakeStudy) -> None:
    assert make_study("a/one", "b/two").shown_cards(decks=["b"]) == ["b/two"]


def test_a_buried_card_is_shown_tomorrow(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    session = study.session()
    session.next()
    session.bury()
    assert session.next() is None and study.shown_cards() == []
    study.clock.advance(days=1)
    assert study.shown_cards() == ["a/one"]


def test_a_suspended_card_is_hidden_until_undo(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    session = study.session()
    session.next()
    session.suspend()
    study.clock.advance(days=100)
    assert study.shown_cards() == []
    assert study.store.cards.suspended() == ["a/one"]
    session.undo()
    assert study.shown_cards() == ["a/one"]


def test_a_card_is_flagged_and_unflagged(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    session = study.session()
    session.next()
    assert session.flag() is True
    assert study.store.cards.flagged() == ["a/one"]
    assert session.flag() is False
    assert session.card is not None


def test_a_skipped_card_is_not_shown_again_in_the_session(make_study: MakeStudy) -> None:
    session = make_study("a/one", "a/two").session()
    session.next()
    session.skip()
    second = session.next()
    assert second and second.name == "a/two"
    session.skip()
    assert session.next() is None


def test_a_card_within_its_steps_is_early_only_if_nothing_else_is_left(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two", learning_steps=[30])
    study.review("a/one", Rating.AGAIN)
    assert study.shown_cards() == ["a/two"]
    study.clock.advance(minutes=11)
    assert study.shown_cards() == ["a/two", "a/one"]


def test_a_session_continues_into_the_next_day(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    study.learn("a/one")
    session = study.session()
    assert session.next() is None
    study.clock.advance(days=60)
    assert session.next()


def test_a_card_reviewed_by_another_process_is_not_shown(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two")
    session = study.session()
    session.next()
    session.skip()
    study.learn("a/two")
    assert session.next() is None


def test_two_concurrent_ratings_of_a_card_both_count(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    sessions = [study.session(), study.session()]
    for session in sessions:
        session.next()
        session.submit("right")
    for session in sessions:
        session.rate(Rating.GOOD)
    memory = study.store.cards.memory("a/one")
    assert memory and memory.reps == 2


def test_a_card_that_needs_cuda_waits_unshown(make_study: MakeStudy) -> None:
    plain = make_card("a/one")
    gpu = replace(plain, id="gpu", checks=tuple(replace(check, device="cuda") for check in plain.checks))
    study = make_study(gpu, plain)
    assert study.shown_cards(cuda=False) == ["a/one"]
    assert study.store.cards.waiting() == ["a/gpu"]
    assert study.session().counts()["a"].waiting == 1
