"""What comes next: limits, orders, locks, siblings, days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Rating
from quizapp.review.practice import PracticeFilter
from quizapp.review.queue import mixed
from quizapp.review.store import EntryKind, Store
from tests.review.world import World, card, shelf

Make = Callable[..., World]
FIVE = [f"joining/c{number}" for number in range(5)]


def test_new_cards_come_in_the_order_of_the_deck_and_not_too_many(world: Make) -> None:
    assert world(*FIVE, new_per_day=3).shown() == FIVE[:3]


def test_the_limit_of_new_cards_holds_for_the_whole_day(world: Make) -> None:
    here = world(*FIVE, new_per_day=3)
    here.learn(*FIVE[:2])
    assert here.shown() == [FIVE[2]]
    here.clock.pass_(days=1)
    assert here.shown() == FIVE[2:]


def test_reviews_have_a_limit_of_their_own(world: Make) -> None:
    here = world(*FIVE, reviews_per_day=2)
    here.learn(*FIVE)
    here.clock.pass_(days=60)
    assert len(here.shown()) == 2


def test_a_limit_in_minutes_ends_the_day(world: Make) -> None:
    here = world(*FIVE, minutes_per_day=2)
    session = here.session()
    for _ in range(2):
        assert session.next()
        here.clock.pass_(seconds=61)
        session.submit("right")
        session.rate(Rating.EASY)
    assert session.next() is None
    assert here.shown() == []


def test_a_card_is_locked_until_the_one_before_it_is_learned(world: Make) -> None:
    here = world(card("joining/stack", after=("joining/cat",)), card("joining/cat"))
    assert here.shown() == ["joining/cat"]
    here.review("joining/cat", Rating.GOOD)  # still within its steps
    assert "joining/stack" not in here.shown()
    here.learn("joining/cat")
    assert "joining/stack" in here.shown()


def test_a_card_that_is_gone_or_suspended_locks_nothing(world: Make) -> None:
    behind = card("joining/stack", after=("joining/cat",))
    here = world(card("joining/cat"), behind)
    here.session()
    here.library = shelf(behind)
    assert here.shown() == ["joining/stack"]
    here.library = shelf(card("joining/cat"), behind)
    session = here.session()
    session.next()
    session.suspend()
    unlocked = session.next()
    assert unlocked and unlocked.name == "joining/stack"
    assert (session.counts()["joining"].new, session.counts()["joining"].locked) == (1, 0)


def test_a_card_that_waits_for_cuda_locks_nothing(world: Make) -> None:
    here = world("gpu/move", card("gpu/next", after=("gpu/move",)))
    session = here.session()
    session.next()
    session.submit("deferred")
    unlocked = session.next()
    assert unlocked and unlocked.name == "gpu/next"


def test_what_a_rating_unlocks_comes_in_the_same_session(world: Make) -> None:
    here = world(card("joining/stack", after=("joining/cat",)), card("joining/cat"))
    session = here.session()
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    unlocked = session.next()
    assert unlocked and unlocked.name == "joining/stack"


def test_siblings_do_not_come_on_one_day(world: Make) -> None:
    one, two = card("joining/one", sources=("note",)), card("joining/two", sources=("note",))
    here = world(one, two, "joining/other")
    assert here.shown() == ["joining/one", "joining/other"]
    here.learn("joining/one")
    assert here.shown() == ["joining/other"]
    assert here.session().counts()["joining"].new == 1
    here.clock.pass_(days=1)
    assert here.shown() == ["joining/two", "joining/other"]


def test_a_sibling_rests_that_only_another_process_knows_of(world: Make) -> None:
    here = world("a/x", "a/y")
    session = here.session(cards=["a/x"])
    session.next()
    session.submit("right")
    with Store(here.store.path) as other:
        sync_decks(shelf(card("a/x", sources=("n",)), card("a/y", sources=("n",))), other)
    session.rate(Rating.GOOD)
    assert here.store.cards.standing("a/y").rested


def test_any_note_in_common_makes_siblings(world: Make) -> None:
    one, two = card("a/one", sources=("x", "y")), card("a/two", sources=("z", "y"))
    three = card("a/three", sources=("z",))
    here = world(one, two, three)
    assert here.shown() == ["a/one", "a/three"]
    here.learn("a/one")
    assert here.shown() == ["a/three"]
    here.learn("a/three")
    here.clock.pass_(days=1)
    assert here.shown() == ["a/two"]


def test_a_sibling_within_its_steps_since_yesterday_keeps_the_others_away(world: Make) -> None:
    here = world(card("a/one", sources=("x",)), card("a/two", sources=("x",)))
    here.review("a/one", Rating.GOOD)  # left within its steps
    here.clock.pass_(days=1)
    assert here.shown() == ["a/one"]


def test_a_card_learned_anew_gives_its_sibling_the_day_back(world: Make) -> None:
    here = world(card("a/one", sources=("x",)), card("a/two", sources=("x",)))
    here.learn("a/one")
    here.store.log.act(EntryKind.RESET, "a/one", 1, here.clock(), here.session().days.of(here.clock()))
    assert here.store.cards.standing("a/two").rested == 0


def test_undo_gives_a_sibling_its_day_back(world: Make) -> None:
    here = world(card("joining/one", sources=("note",)), card("joining/two", sources=("note",)))
    here.learn("joining/one")
    here.session().undo()
    here.session(cards=["joining/one"]).next()
    assert here.shown(cards=["joining/two"]) == ["joining/two"]
    assert here.store.cards.standing("joining/two").rested == 0


@pytest.mark.parametrize("how", ["mixed", "first", "last"])
def test_new_cards_are_mixed_in_or_come_first_or_last(how: str) -> None:
    orders = {"mixed": ["a", "b", "n", "c", "d"], "first": ["n", "a", "b", "c", "d"], "last": ["a", "b", "c", "d", "n"]}
    assert mixed(["a", "b", "c", "d"], ["n"], how) == orders[how]


def test_due_first_shows_the_longest_overdue(world: Make) -> None:
    here = world(*FIVE)
    here.learn(*FIVE[3:])
    here.clock.pass_(days=7)
    here.learn(*FIVE[:3])
    here.clock.pass_(days=60)
    assert set(here.shown()[:2]) == set(FIVE[3:])


def test_by_retrievability_the_most_forgotten_comes_first(world: Make) -> None:
    here = world("a/weak", "a/strong", order="retrievability")
    here.learn("a/strong", "a/weak")
    here.clock.pass_(days=30)
    here.review("a/strong", Rating.EASY)
    here.review("a/weak", Rating.HARD)
    here.clock.pass_(days=900)
    assert here.shown() == ["a/weak", "a/strong"]


def test_deck_order_is_the_order_of_the_deck(world: Make) -> None:
    here = world(*FIVE, order="deck")
    here.learn(*reversed(FIVE))
    here.clock.pass_(days=60)
    assert here.shown() == FIVE


def test_random_order_stays_the_same_all_day(world: Make) -> None:
    names = [f"joining/c{number}" for number in range(30)]
    here = world(*names, order="random")
    here.learn(*names)
    here.clock.pass_(days=60)
    today = here.shown()
    assert today == here.shown() != names
    here.clock.pass_(days=1)
    assert sorted(here.shown()) == sorted(today) and here.shown() != today


def test_only_the_decks_that_were_asked_for(world: Make) -> None:
    assert world("a/one", "b/two").shown(decks=["b"]) == ["b/two"]


def test_a_buried_card_is_back_tomorrow(world: Make) -> None:
    here = world("a/one")
    session = here.session()
    session.next()
    session.bury()
    assert session.next() is None and here.shown() == []
    here.clock.pass_(days=1)
    assert here.shown() == ["a/one"]


def test_a_suspended_card_stays_away_until_that_is_undone(world: Make) -> None:
    here = world("a/one")
    session = here.session()
    session.next()
    session.suspend()
    here.clock.pass_(days=100)
    assert here.shown() == []
    assert here.store.cards.suspended() == ["a/one"]
    session.undo()
    assert here.shown() == ["a/one"]


def test_a_flag_is_put_on_and_taken_off(world: Make) -> None:
    here = world("a/one")
    session = here.session()
    session.next()
    assert session.flag() is True
    assert here.store.cards.flagged() == ["a/one"]
    assert session.flag() is False
    assert session.card is not None


def test_a_skipped_card_does_not_come_again_in_this_session(world: Make) -> None:
    session = world("a/one", "a/two").session()
    session.next()
    session.skip()
    second = session.next()
    assert second and second.name == "a/two"
    session.skip()
    assert session.next() is None


def test_a_card_within_its_steps_waits_for_its_time_unless_nothing_else_is_there(world: Make) -> None:
    here = world("a/one", "a/two", learning_steps=[30])
    here.review("a/one", Rating.AGAIN)
    assert here.shown() == ["a/two"]
    here.clock.pass_(minutes=11)
    assert here.shown() == ["a/two", "a/one"]


def test_a_session_that_runs_past_the_start_of_a_day_goes_on_with_the_new_one(world: Make) -> None:
    here = world("a/one")
    here.learn("a/one")
    session = here.session()
    assert session.next() is None
    here.clock.pass_(days=60)
    assert session.next()


def test_another_process_that_reviewed_a_card_takes_it_out_of_our_queue(world: Make) -> None:
    here = world("a/one", "a/two")
    ours = here.session()
    ours.next()
    ours.skip()
    here.learn("a/two")
    assert ours.next() is None


def test_two_ratings_of_one_card_at_once_build_on_each_other(world: Make) -> None:
    here = world("a/one")
    sessions = [here.session(), here.session()]
    for session in sessions:
        session.next()
        session.submit("right")
    for session in sessions:
        session.rate(Rating.GOOD)
    memory = here.store.cards.memory("a/one")
    assert memory and memory.reps == 2


def test_cram_moves_no_due_date(world: Make) -> None:
    here = world(card("a/one", tags=("shape",), level=2), "a/two")
    here.learn("a/one", "a/two")
    before = here.store.cards.memories()
    session = here.session(practice=PracticeFilter(tags=("shape",)))
    session.next()
    session.submit("wrong")
    session.rate(Rating.AGAIN)
    again = session.next()
    assert again and again.name == "a/one"
    session.submit("right")
    session.rate(Rating.GOOD)
    assert session.next() is None
    assert here.store.cards.memories() == before
    assert len(here.store.log.reviews()) == 2


@pytest.mark.parametrize("rating", [Rating.AGAIN, Rating.EASY])
def test_cram_ends_though_a_card_is_within_its_steps(world: Make, rating: Rating) -> None:
    here = world("a/one")
    here.learn("a/one")
    here.clock.pass_(days=9)
    here.review("a/one", Rating.AGAIN)
    session = here.session(practice=PracticeFilter(forgotten_today=True))
    for each in (rating, Rating.GOOD):
        if session.next():
            session.give_up()
            session.rate(each)
    assert session.next() is None


def test_cram_leaves_suspended_and_waiting_cards_alone(world: Make) -> None:
    here = world("a/one", "a/two", "a/three")
    session = here.session()
    session.next()
    session.suspend()
    session.next()
    session.submit("deferred")
    assert here.shown(practice=PracticeFilter()) == ["a/three"]


def test_a_cram_rating_is_taken_back_too(world: Make) -> None:
    here = world("a/one")
    session = here.session(practice=PracticeFilter())
    session.next()
    session.submit("right")
    session.rate(Rating.GOOD)
    assert session.undo() == "cram of a/one (Good)"


def test_cram_chooses_by_deck_level_date_and_what_was_forgotten(world: Make) -> None:
    here = world(card("a/one", level=2), "a/two", "b/three")
    here.review("a/two", Rating.AGAIN)
    here.learn("b/three")
    assert here.shown(practice=PracticeFilter(decks=("b",))) == ["b/three"]
    assert here.shown(practice=PracticeFilter(levels=(2,))) == ["a/one"]
    assert here.shown(practice=PracticeFilter(forgotten_today=True)) == ["a/two"]
    assert here.shown(practice=PracticeFilter(ahead=20)) == ["a/two", "b/three"]
    assert here.shown(practice=PracticeFilter(ahead=1)) == ["a/two"]
    assert sorted(here.shown(practice=PracticeFilter(seed=1))) == ["a/one", "a/two", "b/three"]


def test_named_cards_are_shown_whatever_is_due(world: Make) -> None:
    here = world("a/one", "a/two")
    here.learn("a/one")
    assert here.shown(cards=["a/one"]) == ["a/one"]


def test_a_card_that_needs_cuda_waits_without_being_shown(world: Make) -> None:
    plain = card("a/one")
    gpu = replace(plain, id="gpu", checks=tuple(replace(check, device="cuda") for check in plain.checks))
    here = world(gpu, plain)
    assert here.shown(cuda=False) == ["a/one"]
    assert here.store.cards.waiting() == ["a/gpu"]
    assert here.session().counts()["a"].waiting == 1
