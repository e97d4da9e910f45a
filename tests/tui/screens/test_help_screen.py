"""The help page."""

from __future__ import annotations

import pytest

from quizapp.tui.keymap import ACTIONS
from tests.tui.harness import MakeHarness, card, open_app, text, until


async def test_help_lists_every_action_with_its_id(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), (100, 110)) as (app, pilot):
        await pilot.press("f1")
        await until(pilot, lambda: "Everywhere" in text(app))
        shown = text(app)
        assert [action.id for action in ACTIONS if action.id not in shown] == []


@pytest.mark.slow
async def test_question_mark_opens_help_while_no_text_field_is_focused(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), start_with=()) as (app, pilot):
        await pilot.press("question_mark")
        assert "answer = ?" in text(app)
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: "Everywhere" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "a · One" in text(app))
