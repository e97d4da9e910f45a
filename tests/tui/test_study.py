"""Answering cards: from the question to the rating."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from quizapp.decks.card import Check
from quizapp.errors import StoreError
from quizapp.review.memory import Rating
from quizapp.tui.messages import ActionDone, CardLoaded
from quizapp.tui.screens.home_screen import HomeScreen
from quizapp.tui.study.study_controller import StudyController
from quizapp.tui.study.study_screen import Phase, StudyScreen
from tests.tui.harness import Harness, card, opened, raised, text, until
from tests.tui.scenes import PREDICT

MakeHarness = Callable[..., Harness]


def studying(app: object) -> StudyScreen:
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, StudyScreen)
    return screen


async def test_a_right_answer_is_rated_with_one_more_key_and_is_in_the_log(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with opened(harness) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "Cat rows" in text(app))
        await pilot.press("ctrl+a", "ctrl+k", *"right")
        await pilot.press("f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        assert "›3 Good" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(harness.store.log.reviews()) == 1)
        assert harness.store.log.reviews()[0].rating is Rating.GOOD
        assert harness.store.log.reviews()[0].card == "joining/cat-rows"


async def test_a_wrong_answer_shows_the_diagnosis_and_the_checks_and_both_sides_on_demand(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with opened(harness, (260, 48), ()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))
        shown = text(app)
        assert "transposed, then reshaped" in shown
        assert "✓ answer.shape" in shown
        assert "✗ answer" in shown
        assert "hidden check 3" in shown and "answer + 1" not in shown
        assert "4 of 6 elements differ" in shown
        assert "expected  tensor" not in shown and "2×" not in shown.replace(" ", "")
        await pilot.press("ctrl+f5")
        await until(pilot, lambda: "expected  tensor float32 (2, 3) cpu" in text(app))
        assert "2×" in text(app).replace(" ", "")
        await pilot.press("ctrl+f5")
        await until(pilot, lambda: "expected  tensor" not in text(app))


async def test_an_answer_waits_in_sight_while_the_sandbox_warms_up(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "waiting for the sandbox to warm up" in text(app))
        assert "… warming up" in text(app)
        harness.sandbox.warmed.set()
        await until(pilot, lambda: "✓ passed" in text(app))
        await until(pilot, lambda: "● full" in text(app))


async def test_the_question_can_be_read_and_answered_before_the_sandbox_is_warm(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"abc")
        assert "answer = abc" in text(app)
        harness.sandbox.warmed.set()


async def test_a_run_that_is_called_off_is_neither_judged_nor_counted(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.grader.held = Event()
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "Esc cancels" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled; nothing was graded" in text(app))
        assert harness.grader.cancelled
        harness.grader.cancelled = False
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "first try" in text(app))
        assert [attempt.outcome for attempt in harness.store.work.attempts("joining/cat-rows")] == ["passed"]


async def test_an_answer_that_waits_for_the_sandbox_can_be_called_off_at_once(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "waiting for the sandbox" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled; nothing was graded" in text(app))
        harness.sandbox.warmed.set()
        await until(pilot, lambda: "● full" in text(app))
        assert harness.store.work.attempts("joining/cat-rows") == []


async def test_a_card_that_cannot_be_fetched_leaves_a_way_on_and_no_crash(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        shown = harness.store.work.shown

        def locked(*facts: object) -> object:
            raise StoreError("the store is locked", "close the other ptquiz")

        harness.store.work.shown = locked  # type: ignore[method-assign, assignment]
        await pilot.press("f8")
        await until(pilot, lambda: "F8 tries again" in text(app))
        await pilot.press("f5", "f7", "f7", "f2", "f6")
        harness.store.work.shown = shown  # type: ignore[method-assign]
        await pilot.press("f8")
        await until(pilot, lambda: "a · Two" in text(app))


async def test_an_unsolved_card_is_rated_and_left_only_when_asked_twice(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("x", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "once more to leave it unsolved, rated Again" in text(app))
        assert harness.store.log.reviews() == []
        await pilot.press("f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert harness.store.log.reviews()[0].rating is Rating.AGAIN


async def test_a_card_is_not_left_before_its_last_keys_are_saved(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    left, save, act = Event(), StudyController.save, StudyController.act

    def slow(desk: StudyController) -> None:
        left.wait(0.2)
        save(desk)

    def leave(desk: StudyController, what: str) -> ActionDone:
        acted = act(desk, what)
        left.set()
        return acted

    monkeypatch.setattr(StudyController, "save", slow)
    monkeypatch.setattr(StudyController, "act", leave)
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert "half" in (harness.store.work.draft("a/one") or "")


async def test_the_last_keys_are_saved_after_their_screen_is_left(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = make_harness(card("a/one"))
    left, saved, save = Event(), Event(), StudyController.save

    def slow(desk: StudyController) -> None:
        left.wait(10)
        save(desk)
        saved.set()

    monkeypatch.setattr(StudyController, "save", slow)
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        left.set()
        await until(pilot, saved.is_set)
        assert "half" in (harness.store.work.draft("a/one") or "")


async def test_keys_that_come_too_late_for_a_card_are_no_draft_of_the_next(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    ready, go, following = Event(), Event(), StudyController.next

    def slow(desk: StudyController) -> CardLoaded:
        found = following(desk)
        if found.card is not None and found.card.id == "two":
            ready.set()
            go.wait(10)
        return found

    monkeypatch.setattr(StudyController, "next", slow)
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, ready.is_set)
        await pilot.press(*"old", "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        go.set()
        await app.workers.wait_for_complete()
        assert harness.store.work.draft("a/two") is None
        assert "half" in (harness.store.work.draft("a/one") or "")


async def test_a_card_can_be_left_where_its_draft_cannot_be_saved(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*facts: object) -> None:
        raise StoreError("the disk is full", "free some space")

    harness = make_harness(card("a/one"), card("a/two"))
    monkeypatch.setattr(harness.store.work, "save_draft", full)
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app) and "the disk is full" in text(app))


async def test_keys_that_come_while_a_card_is_flagged_are_saved(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = make_harness(card("a/one"))
    go, act = Event(), StudyController.act

    def slow(desk: StudyController, what: str) -> ActionDone:
        go.wait(10)
        return act(desk, what)

    monkeypatch.setattr(StudyController, "act", slow)
    async with opened(harness, start_with=()) as (_, pilot):
        await pilot.press(*"ab", "f22", *"cd")
        go.set()
        await until(pilot, lambda: "abcd" in (harness.store.work.draft("a/one") or ""))


def test_an_older_text_never_overwrites_a_newer_one(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    desk = StudyController(harness.services(), harness.settings)
    one = desk.next().card
    assert one is not None
    desk.typed = ("a", one)
    late = desk.save
    desk.typed = ("ab", one)
    desk.save()
    late()
    assert (harness.store.work.draft("a/one"), desk.typed) == ("ab", None)


async def test_the_last_key_before_a_card_is_left_is_in_the_draft(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"half", "f8")
        await until(pilot, lambda: "a · Two" in text(app))
        assert "half" in harness.store.work.draft("a/one")


async def test_a_prediction_that_is_wrong_does_not_spoil_the_answer(make_harness: MakeHarness) -> None:
    async with opened(make_harness(PREDICT), (100, 40), start_with=()) as (app, pilot):
        await pilot.press("4", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        assert "expected  tensor" not in text(app)


async def test_cards_that_need_a_gpu_are_passed_over_once_the_sandbox_says_that_there_is_none(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/gpu", checks=(Check("answer", device="cuda"),)), card("a/three"))
    async with opened(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: "● full" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "a · Three" in text(app))
        assert harness.store.cards.standing("a/gpu").waiting


async def test_what_is_to_be_written_is_selected_and_typed_over(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="def f(x):\n    return ...\n"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("x")
        assert "    return x" in text(app)


async def test_an_error_stands_on_its_line_until_the_text_changes(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.grader.verdicts["answer"] = raised()
    async with opened(harness, (260, 48), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "your code raised an error" in text(app))
        assert "answer = ...  ✗ RuntimeError: mat1" in text(app)
        assert "The inner sizes of a product must agree." in text(app)
        await pilot.press("a")
        assert "✗ RuntimeError: mat1" not in text(app)


async def test_hints_come_one_by_one_and_are_counted(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows", hints=("Look at `dim`.", "Use `torch.cat`.")))
    async with opened(harness, (100, 40), start_with=()) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: "Hint 1 of 2" in text(app))
        assert "Use `torch.cat`." not in text(app)
        await pilot.press("ctrl+o", "f2")
        await until(pilot, lambda: "there are no more hints" in text(app))
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


async def test_giving_up_takes_two_presses_and_shows_reference_and_note(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows", note="`cat` joins along a *given* dimension."))
    async with opened(harness, (100, 40), start_with=()) as (app, pilot):
        await pilot.press("f7")
        await until(pilot, lambda: "press F7 once more" in text(app))
        await pilot.press("f7")
        await until(pilot, lambda: "+ answer = right" in text(app))
        assert "- answer = ..." in text(app)
        assert "cat joins along a given dimension." in text(app)
        assert "›1 Again" in text(app)
        await pilot.press("1")
        await until(pilot, lambda: len(harness.store.log.reviews()) == 1)
        assert harness.store.log.reviews()[0].gave_up


async def test_what_is_typed_is_on_the_disk_without_being_submitted(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with opened(harness, start_with=()) as (_, pilot):
        await pilot.press(*"half")
        await until(pilot, lambda: "half" in (harness.store.work.draft("joining/cat-rows") or ""))


async def test_a_draft_comes_back_with_its_card(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    session = harness.session()
    session.next()
    session.save_draft("answer = half done")
    async with opened(harness, start_with=()) as (app, _):
        assert "answer = half done" in text(app)


async def test_trying_out_prints_and_grades_nothing(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f6")
        await until(pilot, lambda: "tried answer" in text(app))
        assert harness.grader.graded == []
        assert studying(app)._phase is Phase.ANSWERING


async def test_a_skipped_card_makes_room_for_the_next(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"), card("joining/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        await until(pilot, lambda: "joining · One" in text(app))
        await pilot.press("f8")
        await until(pilot, lambda: "joining · Two" in text(app))
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "Nothing is due" in text(app))


async def test_the_session_ends_with_what_was_done(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "✓ 1 card in" in text(app))
        assert "1 answered rightly" in text(app)
        assert "next card in" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Everything" in text(app))


async def test_what_an_answer_prints_is_text_and_never_markup_or_an_escape(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = raised("[bold red]boo[/] \x1b]0;owned\x07 \u202e")
    async with opened(harness, (260, 48), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "your code raised an error" in text(app))
        shown = text(app)
        assert "[bold red]boo[/] \\x1b]0;owned\\x07 \\u202e" in shown
        assert "\x1b" not in shown and "\u202e" not in shown
