"""A card's history belongs to its id, whatever becomes of the card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from quizapp.decks.card import Check
from quizapp.review.fingerprint import fingerprint
from quizapp.review.leech import find_leeches
from quizapp.review.memory import Rating
from quizapp.review.retention import desired_retention
from quizapp.settings import Settings
from tests.review.world import World, card, shelf

Make = Callable[..., World]


def test_texts_and_hints_do_not_change_a_card() -> None:
    one = card("a/one")
    assert fingerprint(one) == fingerprint(replace(one, question="Otherwise?", hints=("new",), note="so", title="One"))


def test_a_solution_or_a_check_does() -> None:
    one = card("a/one")
    assert fingerprint(one) != fingerprint(replace(one, solution="answer = 2"))
    assert fingerprint(one) != fingerprint(replace(one, checks=(Check("answer", rtol=0.1),)))


def test_a_changed_card_says_so_until_it_is_reviewed_again(world: Make) -> None:
    here = world("a/one")
    here.learn("a/one")
    here.library = shelf(replace(card("a/one"), solution="answer = 1 + 0"))
    session = here.session(cards=["a/one"])
    session.next()
    assert session.changed
    session.submit("right")
    session.rate(Rating.GOOD)
    session = here.session(cards=["a/one"])
    session.next()
    assert not session.changed


def test_a_rename_carries_the_history_over(world: Make) -> None:
    here = world("old/one")
    here.learn("old/one")
    memory = here.store.cards.memory("old/one")
    here.library = shelf(card("new/two", was=("old/one",)))
    counts = here.session().counts()
    assert counts["new"].learned == 1
    carried = here.store.cards.memory("new/two")
    assert memory and carried == replace(memory, card="new/two")
    assert [review.card for review in here.store.log.reviews()] == ["new/two"]


def test_a_rename_that_is_declared_late_carries_the_history_over_too(world: Make) -> None:
    here = world("old/one")
    here.learn("old/one")
    here.library = shelf("new/two")
    assert here.session().counts()["new"].new == 1
    here.library = shelf(card("new/two", was=("old/one",)))
    counts = here.session().counts()["new"]
    assert (counts.total, counts.learned, counts.new) == (1, 1, 0)


def test_a_rename_takes_no_history_from_a_card_that_has_one(world: Make) -> None:
    here = world("a/new", "a/old")
    here.learn("a/new", "a/old")
    here.library = shelf(card("a/new", was=("a/old",)))
    here.session()
    assert [orphan.card for orphan in here.store.cards.orphans()] == ["a/old"]


def test_cards_that_are_gone_keep_their_history_and_are_listed(world: Make) -> None:
    here = world("a/one", "a/two", "a/unseen")
    here.learn("a/one")
    here.library = shelf("a/two")
    session = here.session()
    (orphan,) = here.store.cards.orphans()
    assert (orphan.card, orphan.reviews) == ("a/one", 1)
    assert (session.counts()["a"].total, session.counts()["a"].learned) == (1, 0)
    here.library = shelf("a/one", "a/two")
    assert here.session().counts()["a"].learned == 1
    assert here.store.cards.orphans() == []


def test_two_ptquiz_with_different_decks_show_their_own(world: Make) -> None:
    here = world("a/one")
    ours = here.session()
    here.library = shelf("b/two")
    theirs = here.session()
    assert theirs.counts()["b"].new == 1
    assert ours.counts()["a"].new == 1
    assert ours.next()


def test_retention_is_asked_for_by_tag_then_deck_then_everywhere() -> None:
    settings = Settings(deck_retention={"a": 0.8}, tag_retention={"core": 0.95, "rare": 0.75})
    assert desired_retention(card("b/one"), settings) == 0.9
    assert desired_retention(card("a/one"), settings) == 0.8
    assert desired_retention(card("a/one", tags=("rare", "core")), settings) == 0.95


def test_a_more_demanding_deck_comes_back_sooner(world: Make) -> None:
    here = world("a/one", "b/one", deck_retention={"a": 0.97})
    here.learn("a/one", "b/one")
    memories = here.store.cards.memories()
    assert memories["a/one"].due < memories["b/one"].due


def test_a_leech_is_listed_with_its_last_answers(world: Make) -> None:
    here = world("a/one", leech_lapses=2)
    here.learn("a/one")
    for answer in ("first", "second"):
        here.clock.pass_(days=60)
        session = here.session(cards=["a/one"])
        session.next()
        session.submit(answer)
        session.rate(Rating.AGAIN)
        here.learn("a/one")
    (leech,) = find_leeches(here.store, here.settings)
    assert (leech.card, leech.lapses) == ("a/one", 2)
    assert [attempt.answer for attempt in leech.answers] == ["right", "second", "right", "first", "right"]


def test_a_restart_makes_no_first_try(world: Make) -> None:
    here = world("a/one")
    killed = here.session()
    killed.next()
    killed.submit("wrong")
    session = here.session()
    session.next()
    session.submit("right")
    assert session.proposal().rating is Rating.HARD
    session.rate(Rating.HARD)
    (review,) = here.store.log.reviews()
    assert (review.first, review.outcome, review.tries) == ("wrong", "passed", 2)


def test_hints_and_giving_up_count_over_a_restart(world: Make) -> None:
    here = world(card("a/one", hints=("think", "add")), "a/two")
    killed = here.session()
    killed.next()
    killed.hint()
    session = here.session()
    session.next()
    assert (session.hints_taken, session.hint()) == (0, "think")
    session.submit("right")
    assert session.proposal().rating is Rating.HARD
    session.rate(Rating.HARD)
    killed = here.session(cards=["a/two"])
    killed.next()
    killed.give_up()
    session = here.session(cards=["a/two"])
    session.next()
    session.submit("right")
    assert session.proposal().why == "gave up"
    session.rate(Rating.AGAIN)
    assert here.store.log.reviews()[-1].gave_up
    here.clock.pass_(days=1)
    session = here.session(cards=["a/two"])
    session.next()
    assert not session.gave_up


def test_help_of_another_day_does_not_count(world: Make) -> None:
    here = world(card("a/one", hints=("think",)))
    session = here.session()
    session.next()
    session.hint()
    here.clock.pass_(days=1)
    session = here.session()
    session.next()
    session.submit("right")
    assert session.proposal().rating is Rating.GOOD


def test_an_undone_giving_up_is_still_one(world: Make) -> None:
    session = world("a/one").session()
    session.next()
    session.give_up()
    session.rate(Rating.HARD)
    session.undo()
    session.next()
    assert session.proposal().rating is Rating.AGAIN
    session.rate(Rating.AGAIN)


def test_an_undone_review_can_be_rated_anew_at_once(world: Make) -> None:
    here = world("a/one")
    session = here.session()
    session.next()
    session.submit("right")
    session.rate(Rating.AGAIN)
    session.undo()
    assert session.next()
    assert session.rateable
    session.rate(Rating.EASY)
    assert [(review.rating, review.undone) for review in here.store.log.reviews()] == [
        (Rating.AGAIN, True),
        (Rating.EASY, False),
    ]


def test_a_fast_answer_is_measured_by_the_learners_own_times(world: Make) -> None:
    names = [f"a/c{number}" for number in range(7)]
    here = world(*names)
    for name in names[:5]:
        session = here.session(cards=[name])
        session.next()
        here.clock.pass_(seconds=60)
        session.submit("right")
        session.rate(Rating.GOOD)
    for name, seconds, rating in ((names[5], 10, Rating.EASY), (names[6], 300, Rating.HARD)):
        session = here.session(cards=[name])
        session.next()
        here.clock.pass_(seconds=seconds)
        session.submit("right")
        assert session.proposal().rating is rating
