"""The answer panes of predict, choice and order cards."""

from __future__ import annotations

import pytest

from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.answers.order_answer import Piece
from tests.tui.harness import MakeHarness, open_app, text, until
from tests.tui.scenes import CHOICE, ORDER, PREDICT


@pytest.mark.slow
async def test_a_prediction_is_parsed_while_it_is_typed(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(PREDICT), start_with=()) as (app, pilot):
        assert "type a value, a shape" in text(app)
        await pilot.press("left_parenthesis", "2", "comma")
        assert "read as text" in text(app)
        await pilot.press("2", "right_parenthesis")
        assert "read as a tuple of 2 items" in text(app)


@pytest.mark.slow
async def test_a_prediction_is_submitted_as_typed(make_harness: MakeHarness) -> None:
    harness = make_harness(PREDICT)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("4", "2", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        assert harness.grader.graded == ["42"]


async def test_a_wrong_prediction_does_not_reveal_the_expected_value(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(PREDICT), (100, 40), start_with=()) as (app, pilot):
        await pilot.press("4", "f5")
        await until(pilot, lambda: "not right yet" in text(app))
        assert "expected  tensor" not in text(app)


@pytest.mark.slow
async def test_giving_up_on_a_prediction_shows_the_value(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(PREDICT), (160, 48), ()) as (app, pilot):
        assert "torch.Size([2, 3])" not in text(app)
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "torch.Size([2, 3])" in text(app))


@pytest.mark.slow
async def test_choices_are_toggled_by_letter_space_and_mouse_and_submitted_in_deck_order(
    make_harness: MakeHarness,
) -> None:
    harness = make_harness(CHOICE)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("a", "down", "space")
        assert text(app).count("☑") == 2
        await pilot.press("a")
        assert text(app).count("☑") == 1
        await pilot.click("Option")
        assert text(app).count("☑") == 2
        await pilot.press("f5")
        await until(pilot, lambda: harness.grader.graded)
        numbers = harness.grader.graded[0].split("\n")
        assert numbers == sorted(numbers) and len(numbers) == 2


async def test_an_empty_choice_is_not_submitted(make_harness: MakeHarness) -> None:
    harness = make_harness(CHOICE)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "nothing to submit yet" in text(app))
        assert harness.grader.graded == []


async def test_rating_keys_do_nothing_on_an_unanswered_choice(make_harness: MakeHarness) -> None:
    harness = make_harness(CHOICE)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("1", "2")
        assert harness.store.log.reviews() == []
        assert "Which of these" in text(app)


@pytest.mark.slow
async def test_keys_move_lines_and_leave_them_out(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(ORDER), start_with=()) as (app, pilot):
        pane = app.screen.query_one(AnswerPane)
        before = pane.answer.splitlines()
        await pilot.press("shift+down", "shift+down")
        await pilot.pause()
        after = pane.answer.splitlines()
        assert after[2] == before[0] and sorted(after) == sorted(before)
        await pilot.press("x")
        assert before[0] not in pane.answer.splitlines()
        await pilot.press("x")
        assert before[0] in pane.answer.splitlines()


@pytest.mark.slow
async def test_the_mouse_drags_lines(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(ORDER), start_with=()) as (app, pilot):
        pane = app.screen.query_one(AnswerPane)
        before = pane.answer.splitlines()
        first, _, third, *_ = app.screen.query(Piece)
        start, end = first.region.offset, third.region.offset
        await pilot.mouse_down(offset=(start.x + 3, start.y))
        await pilot.hover(offset=(end.x + 3, end.y))
        await pilot.mouse_up(offset=(end.x + 3, end.y))
        await pilot.pause()
        assert pane.answer.splitlines()[2] == before[0]


async def test_the_draft_of_an_order_restores_its_lines(make_harness: MakeHarness) -> None:
    harness = make_harness(ORDER)
    session = harness.session()
    session.next()
    session.save_draft("optimizer.step()\nloss.backward()\n")
    async with open_app(harness, start_with=()) as (app, _):
        assert app.screen.query_one(AnswerPane).answer == "optimizer.step()\nloss.backward()\n"
        assert text(app).count("–") == 3
