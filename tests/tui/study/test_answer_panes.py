"""The answer panes of predict, choice and order cards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from quizapp.decks.card import Check, Choice
from quizapp.grading.cards.choice_card import grade_choice
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.answers.choice_answer import Option
from quizapp.tui.study.answers.order_answer import Piece
from quizapp.tui.widgets.plain_text_area import PlainTextArea
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
async def test_ctrl_a_selects_a_prediction_and_alt_with_a_letter_is_no_text(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(PREDICT), start_with=()) as (app, pilot):
        await pilot.press(*"41", "ctrl+a", *"42")
        app.post_message(events.Key("alt+x", "x"))
        await pilot.pause()
        assert app.screen.query_one(PlainTextArea).text == "42"


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


async def test_enter_submits_a_prediction_of_one_line(make_harness: MakeHarness) -> None:
    harness = make_harness(PREDICT)
    async with open_app(harness, start_with=()) as (app, pilot):
        assert "Enter submits" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "nothing to submit yet" in text(app))
        await pilot.press("4", "2", "enter")
        await until(pilot, lambda: "not right yet" in text(app))
        assert harness.grader.graded == ["42"]


@pytest.mark.slow
@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_a_new_line_is_typed_with_another_key_and_ended_by_an_empty_one(
    make_harness: MakeHarness, key: str
) -> None:
    harness = make_harness(PREDICT)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("4", key, "2")
        await pilot.press("enter")
        assert harness.grader.graded == []
        await until(pilot, lambda: "on an empty line it submits" not in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: harness.grader.graded)
        assert harness.grader.graded == ["4\n2\n"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "typed", "submits"),
    [
        ("print(1, 2)", "1", True),
        ("print(x)", "[", False),
        ("print(1)\nprint(2)", "1", False),
        ("for i in range(3):\n    print(i)", "0", False),
        ("print('a\\nb')", "a", False),
        ("def f():\n    print(1)\nf()", "1", False),
    ],
)
async def test_enter_submits_printed_text_only_if_it_can_be_one_line(
    make_harness: MakeHarness, given: str, typed: str, submits: bool
) -> None:
    harness = make_harness(replace(PREDICT, given=given, checks=(Check("stdout"),)))
    async with open_app(harness, start_with=()) as (app, pilot):
        assert "type what is printed" in text(app)
        key = {"[": "left_square_bracket"}.get(typed, typed)
        await pilot.press(key, "enter")
        await until(pilot, lambda: bool(harness.grader.graded) is submits)
        answer = app.screen.query_one(AnswerPane).answer
        assert answer == (typed if submits else f"{typed}\n")
        # A second press submits what the first one did not, and nothing twice.
        await until(pilot, lambda: not submits or "already graded" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: harness.grader.graded == [answer])


async def test_an_unreadable_prediction_is_asked_again_and_not_counted(make_harness: MakeHarness) -> None:
    harness = make_harness(PREDICT)
    harness.grader.verdicts["("] = Verdict("", Outcome.UNREADABLE, detail="`(2` cannot be read")
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("left_parenthesis", "2", "enter")
        await until(pilot, lambda: "not counted: `(2` cannot be read" in text(app))
        assert "What does this give?" in text(app)
        assert harness.store.drafts.attempts("reading/a-shape") == []
        await pilot.press("backspace", "backspace", *"right", "enter")
        await until(pilot, lambda: "first try" in text(app))


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


@pytest.mark.parametrize("texts", [("3", "1", "2"), ("a\nb", "a\nc", "d"), tuple(f"choice {n}" for n in range(30))])
async def test_every_choice_can_be_chosen_whatever_its_text(make_harness: MakeHarness, texts: tuple[str, ...]) -> None:
    choices = tuple(Choice(text, right=number == len(texts) - 1) for number, text in enumerate(texts))
    card = replace(CHOICE, choices=choices)
    async with open_app(make_harness(card), (80, 100), start_with=()) as (app, pilot):
        right = next(option for option in app.screen.query(Option) if option.text == texts[-1])
        right.focus()
        await pilot.press("space")
        assert grade_choice(card, app.screen.query_one(AnswerPane).answer).passed


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
