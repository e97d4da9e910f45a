"""The transitions of the study screen's state, without a screen."""

from __future__ import annotations

import pytest

from quizapp.decks.card import CardKind
from quizapp.review.memory import Rating
from quizapp.tui.study.study_state import Phase, Step, StudyState
from tests.tui.harness import card

CARD = card("a/one")


def answering(*, is_rated: bool = True) -> StudyState:
    return StudyState(is_rated).fetch().load(CARD).sync_answer("draft").start_answering()


def passed() -> StudyState:
    return answering().run().grade(passed=True).propose(Rating.GOOD)


def test_a_loaded_card_waits_for_its_panes() -> None:
    state = StudyState().fetch().load(CARD)
    assert (state.phase, state.card, state.is_open) == (Phase.LOADING, CARD, False)
    assert state.start_answering().is_open


def test_a_new_card_resets_proposal_warnings_and_answer() -> None:
    state = passed().announce(Step.GIVE_UP).act().load(CARD)
    assert state.proposed is None and state.known_answer is None
    assert state.announced is None


def test_the_answer_of_a_pane_that_is_being_replaced_is_ignored() -> None:
    state = answering().act().load(CARD)
    assert not state.has_new_answer("typed for the previous card")
    assert state.sync_answer("draft").has_new_answer("draft and more")
    assert not state.sync_answer("draft").has_new_answer("draft")


def test_a_wrong_answer_can_be_answered_again() -> None:
    assert answering().run().grade(passed=False).phase is Phase.ANSWERING


def test_a_pass_ends_the_card_unless_it_is_not_rated() -> None:
    assert answering().run().grade(passed=True).phase is Phase.DONE
    assert answering(is_rated=False).run().grade(passed=True).phase is Phase.ANSWERING


def test_a_done_card_stays_done_after_a_wrong_answer() -> None:
    assert passed().run().grade(passed=False).phase is Phase.DONE


def test_giving_up_ends_the_card_unless_it_is_not_rated() -> None:
    assert answering().announce(Step.GIVE_UP).reveal().phase is Phase.DONE
    assert answering(is_rated=False).announce(Step.GIVE_UP).reveal().phase is Phase.ANSWERING


@pytest.mark.parametrize("state", [answering(), passed()], ids=["answering", "done"])
def test_a_cancelled_run_and_a_failed_action_return_to_the_phase_before(state: StudyState) -> None:
    assert state.run().is_busy and state.act().is_busy
    assert state.run().resume().phase is state.phase
    assert state.act().resume().phase is state.phase


def test_only_a_fetch_is_possible_after_a_failed_fetch() -> None:
    state = answering().act().fetch().fail_fetch()
    assert state.phase is Phase.STUCK
    assert not state.is_open and not state.is_busy


def test_only_leaving_an_unsolved_card_would_rate_it() -> None:
    unsolved = answering().run().grade(passed=False).propose(Rating.AGAIN)
    assert unsolved.would_rate_unsolved
    assert not answering().would_rate_unsolved
    assert not passed().would_rate_unsolved


def test_a_new_answer_withdraws_an_announcement() -> None:
    assert answering().announce(Step.LEAVE).sync_answer("more").announced is None


def test_wrong_tries_are_counted() -> None:
    state = answering().run().grade(passed=False).run().grade(passed=False)
    assert state.wrong_tries == 2 and state.run().resume().wrong_tries == 2


@pytest.mark.parametrize(
    ("state", "takes_text"),
    [(answering(), True), (answering().run(), True), (answering().act(), True), (passed(), False)],
)
def test_text_belongs_to_the_answer_until_the_card_is_done(state: StudyState, takes_text: bool) -> None:
    assert state.takes_text is takes_text


def test_actions_are_offered_when_they_are_possible() -> None:
    assert answering().offers("submit") and answering().offers("hint") and answering().offers("give_up")
    assert not passed().offers("submit") and not passed().offers("hint") and not passed().offers("give_up")
    assert passed().offers("rate") and not answering().offers("rate")
    assert answering().offers("leave")


@pytest.mark.parametrize(("kind", "is_offered"), [(kind, kind in (CardKind.CODE, CardKind.ORDER)) for kind in CardKind])
def test_only_code_and_order_cards_can_be_run_without_grading(kind: CardKind, is_offered: bool) -> None:
    assert StudyState().load(card("a/one", kind=kind)).offers("scratch") is is_offered
