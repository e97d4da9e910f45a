"""Vim mode on the study screen: submitting, leaving, and the first cursor."""

from __future__ import annotations

from quizapp.tui.screens.home_screen import HomeScreen
from quizapp.tui.widgets.editor import CodeEditor
from tests.tui.harness import MakeHarness, card, open_app, until
from tests.tui.widgets.vim.test_vim_keys import type_keys


async def test_answer_is_changed_and_submitted(make_harness: MakeHarness) -> None:
    harness = make_harness(card("demo/one"), key_set="vim")
    async with open_app(harness, start_with=()) as (app, pilot):
        assert app.screen.query_one(CodeEditor).cursor_location == (0, 9)
        await type_keys(pilot, "Cright<Esc>:w<CR>")
        await until(pilot, lambda: harness.grader.graded == ["answer = right\n"])


async def test_q_saves_the_draft_and_goes_home(make_harness: MakeHarness) -> None:
    harness = make_harness(card("demo/one"), key_set="vim")
    async with open_app(harness, start_with=()) as (app, pilot):
        await type_keys(pilot, "Cdraft<Esc>:q<CR>")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    assert harness.grader.graded == []


async def test_letters_rate_and_bury_nothing(make_harness: MakeHarness) -> None:
    harness = make_harness(card("demo/one"), key_set="vim")
    async with open_app(harness, start_with=()) as (app, pilot):
        await type_keys(pilot, "u1234-!*jkdw")
        assert app.screen.query_one(CodeEditor).has_focus
        assert harness.grader.graded == []
