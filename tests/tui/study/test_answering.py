"""Answering a card: runs, verdicts, hints, giving up, ratings."""

from __future__ import annotations

from threading import Event

import pytest

from quizapp.review.memory import Rating
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.study.study_state import Phase
from tests.tui.harness import MakeHarness, card, error_verdict, open_app, text, until


@pytest.mark.slow
async def test_a_correct_answer_is_rated_with_one_key_and_logged(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with open_app(harness) as (app, pilot):
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


@pytest.mark.slow
async def test_a_wrong_answer_shows_diagnosis_and_checks_and_both_sides_on_request(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with open_app(harness, (260, 48), ()) as (app, pilot):
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


@pytest.mark.slow
async def test_a_submitted_answer_waits_for_the_sandbox(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "waiting for the sandbox to warm up" in text(app))
        harness.sandbox.warmed.set()
        await until(pilot, lambda: "✓ passed" in text(app))
        await until(pilot, lambda: app.tier == "full")


async def test_a_card_can_be_read_and_answered_before_the_sandbox_is_warm(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"abc")
        assert "answer = abc" in text(app)
        harness.sandbox.warmed.set()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 20)])
async def test_f9_returns_to_the_answer_that_escape_left(make_harness: MakeHarness, size: tuple[int, int]) -> None:
    async with open_app(make_harness(card("joining/cat-rows")), start_with=(), size=size) as (app, pilot):
        if size == (60, 20):
            await pilot.press("f9")
        await pilot.press(*"12", "escape")
        await until(pilot, lambda: "Esc again goes home" in text(app))
        await pilot.press("f9", "f9", *"34")
        await until(pilot, lambda: "answer = 1234" in text(app))


@pytest.mark.slow
async def test_a_cancelled_run_is_neither_graded_nor_counted(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.grader.held = Event()
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "Esc cancels" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled; nothing was graded" in text(app))
        assert harness.grader.cancelled
        harness.grader.cancelled = False
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "first try" in text(app))
        assert [attempt.outcome for attempt in harness.store.drafts.attempts("joining/cat-rows")] == ["passed"]


@pytest.mark.slow
async def test_an_answer_that_waits_for_the_sandbox_is_cancelled_immediately(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.sandbox.warmed.clear()
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "waiting for the sandbox" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled; nothing was graded" in text(app))
        harness.sandbox.warmed.set()
        await until(pilot, lambda: app.tier == "full")
        assert harness.store.drafts.attempts("joining/cat-rows") == []


async def test_the_placeholder_of_the_starter_is_selected_and_replaced_by_typing(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="def f(x):\n    return ...\n"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("x")
        assert "    return x" in text(app)


@pytest.mark.slow
async def test_an_error_is_marked_on_its_line_until_the_text_changes(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    harness.grader.verdicts["answer"] = error_verdict()
    async with open_app(harness, (260, 48), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "your code raised an error" in text(app))
        assert "answer = ...  ✗ RuntimeError: mat1" in text(app)
        assert "The inner sizes of a product must agree." in text(app)
        await pilot.press("a")
        assert "✗ RuntimeError: mat1" not in text(app)


async def test_an_error_message_is_shown_without_markup_or_escape_sequences(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = error_verdict("[bold red]boo[/] \x1b]0;owned\x07 \u202e")
    async with open_app(harness, (260, 48), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "your code raised an error" in text(app))
        shown = text(app)
        assert "[bold red]boo[/] \\x1b]0;owned\\x07 \\u202e" in shown
        assert "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.slow
async def test_a_scratch_run_prints_and_grades_nothing(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f6")
        await until(pilot, lambda: "tried answer" in text(app))
        assert harness.grader.graded == []
        assert isinstance(app.screen, StudyScreen)
        assert app.screen.state.phase is Phase.ANSWERING


@pytest.mark.slow
async def test_hints_are_shown_one_by_one(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows", hints=("Look at `dim`.", "Use `torch.cat`.")))
    async with open_app(harness, (100, 40), start_with=()) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: "Hint 1 of 2" in text(app))
        assert "Use `torch.cat`." not in text(app)
        await pilot.press("ctrl+o", "f2")
        await until(pilot, lambda: "there are no more hints" in text(app))
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


@pytest.mark.slow
async def test_giving_up_takes_two_presses_and_shows_reference_and_note(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/cat-rows", note="`cat` joins along a *given* dimension."))
    async with open_app(harness, (100, 40), start_with=()) as (app, pilot):
        await pilot.press("f7")
        await until(pilot, lambda: "press F7 again" in text(app))
        await pilot.press("f7")
        await until(pilot, lambda: "+ answer = right" in text(app))
        assert "- answer = ..." in text(app)
        assert "cat joins along a given dimension." in text(app)
        assert "›1 Again" in text(app)
        await pilot.press("1")
        await until(pilot, lambda: len(harness.store.log.reviews()) == 1)
        assert harness.store.log.reviews()[0].gave_up
