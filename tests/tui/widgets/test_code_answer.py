"""The answer pane of a code card: its start, completion while typing, submitting with Enter, problems and reset."""

from __future__ import annotations

import json

import pytest

from quizapp.sandbox.protocol import Ending, Report
from quizapp.tui.widgets.completion import CompletionList
from quizapp.tui.widgets.completion_source import MARKER
from quizapp.tui.widgets.editor import CodeEditor
from tests.tui.harness import Harness, MakeHarness, card, open_app, text, until

NAMES = [
    ["cat", "builtin", "(tensors, dim=0, *, out=None) -> Tensor"],
    ["ceil", "builtin", ""],
    ["chunk", "f", "(input, chunks)"],
]


def answer_names(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the sandbox find `NAMES`, and return the list of the code that it runs."""
    runs: list[str] = []

    def scratch(card: object, answer: str) -> Report:
        runs.append(answer)
        return Report(Ending.FINISHED, stdout=MARKER + json.dumps(NAMES))

    monkeypatch.setattr(harness.grader, "scratch", scratch)
    return runs


async def test_cursor_is_visible_while_typing(make_harness: MakeHarness) -> None:
    starter = "\n".join(f"x{number} = {number}" for number in range(40)) + f"\n{' ' * 100}y = ...\n"
    async with open_app(make_harness(card("a/one", starter=starter)), (80, 24), start_with=()) as (app, pilot):
        assert "x0 = 0" in text(app)
        await pilot.press(*"total")
        await until(pilot, lambda: "y = total" in text(app))


async def test_own_names_are_offered_from_two_letters_and_accepted_with_tab(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", given="weights = 1\n", starter=""))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        names = app.screen.query_one(CompletionList)
        await pilot.press("w")
        assert not names.is_open
        await pilot.press("e")
        await until(pilot, lambda: names.is_open and "weights  variable" in text(app))
        await pilot.press("tab")
        assert app.screen.query_one(CodeEditor).text == "weights"
        assert not names.is_open


async def test_enter_and_escape_belong_to_the_text_until_the_learner_moves_in_the_list(
    make_harness: MakeHarness,
) -> None:
    harness = make_harness(card("a/one", given="weights = 1\nweather = 2\n", starter=""))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        names, editor = app.screen.query_one(CompletionList), app.screen.query_one(CodeEditor)
        await pilot.press("w", "e")
        await until(pilot, lambda: names.is_open)
        await pilot.press("enter")
        assert (editor.text, names.is_open) == ("we\n", False)
        await pilot.press("w", "e")
        await until(pilot, lambda: names.is_open)
        await pilot.press("escape")
        assert not names.is_open and editor.has_focus
        await pilot.press("a")
        await until(pilot, lambda: names.is_open)
        await pilot.press("down", "enter")
        assert editor.text == "we\nweather"


async def test_members_are_offered_after_a_pause_with_the_signature_of_the_call(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one", starter=""))
    runs = answer_names(harness, monkeypatch)
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        names, editor = app.screen.query_one(CompletionList), app.screen.query_one(CodeEditor)
        await pilot.press(*"torch", "full_stop")
        await until(pilot, lambda: names.is_open and "chunk" in text(app))
        await pilot.press("c", "a", "tab", "left_parenthesis")
        await until(pilot, lambda: " torch.cat(tensors, dim=0, *, out=None)" in text(app))
        assert editor.text == "torch.cat()" and len(runs) == 1
        await pilot.press("right_parenthesis")
        await until(pilot, lambda: "tensors, dim" not in text(app))


async def test_late_names_are_not_listed_for_another_text(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one", starter=""))
    runs = answer_names(harness, monkeypatch)
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        await pilot.press(*"torch", "full_stop", "backspace", "space")
        await pilot.press("f12")
        await until(pilot, lambda: "no name at the cursor" in text(app))
        assert not app.screen.query_one(CompletionList).is_open and runs == []


async def test_nothing_is_offered_if_the_setting_is_off(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one", given="weights = 1\n", starter=""), complete_names=False)
    runs = answer_names(harness, monkeypatch)
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        await pilot.press("w", "e", "i")
        assert "weights  variable" not in text(app) and runs == []
        await pilot.press("f4")
        await until(pilot, lambda: len(runs) == 1)


async def test_enter_submits_a_whole_line_once(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        assert "Enter submits, Ctrl+J starts a new line" in text(app)
        await pilot.press(*"wrong", "enter")
        await until(pilot, lambda: harness.grader.graded == ["answer = wrong\n"])
        await until(pilot, lambda: "already graded: change it to submit it again" in text(app))
        await pilot.press("enter")
        assert app.screen.query_one(CodeEditor).text == "answer = wrong\n"
        await pilot.press("s", "enter")
        await until(pilot, lambda: harness.grader.graded == ["answer = wrong\n", "answer = wrongs\n"])


async def test_other_keys_start_a_new_line_in_a_card_of_one_line(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        editor = app.screen.query_one(CodeEditor)
        await pilot.press("1", "ctrl+j", "2")
        assert editor.text == "answer = 1\n2\n"
        # Enter submits only while there is one line.
        await pilot.press("enter")
        assert editor.text == "answer = 1\n2\n\n" and harness.grader.graded == []


async def test_enter_starts_a_new_line_where_the_author_wrote_several(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", solution="y = right\nanswer = y"))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        assert "Enter submits" not in text(app)
        await pilot.press("1", "enter")
        assert app.screen.query_one(CodeEditor).text == "answer = 1\n\n"
        assert harness.grader.graded == []


async def test_undefined_names_are_marked_after_a_pause(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one", given="x = 1\n")), (100, 30), start_with=()) as (app, pilot):
        await pilot.press("y")
        await until(pilot, lambda: "answer = y  ! y is not defined" in text(app))
        await pilot.press("backspace", "x")
        await until(pilot, lambda: "is not defined" not in text(app))


async def test_reset_restores_the_starter_until_undo(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), (100, 30), start_with=()) as (app, pilot):
        editor = app.screen.query_one(CodeEditor)
        await pilot.press("1", "ctrl+j", "2", "alt+r")
        await until(pilot, lambda: editor.text == "answer = ...\n")
        assert editor.selected_text == "..."
        await pilot.press("ctrl+z")
        assert editor.text == "answer = 1\n2\n"


@pytest.mark.parametrize("soft_wrap", [False, True])
async def test_setting_wraps_long_lines(make_harness: MakeHarness, soft_wrap: bool) -> None:
    harness = make_harness(card("a/one", starter=f"answer = {'x + ' * 40}END\n"), soft_wrap=soft_wrap)
    async with open_app(harness, (80, 24), start_with=()) as (app, _):
        assert ("END" in text(app)) is soft_wrap
