"""The help page."""

from __future__ import annotations

import pytest

from quizapp.tui.keymap import ACTIONS
from quizapp.tui.screens.help_screen import SCOPE_TITLES, ordered_scopes
from tests.tui.harness import MakeHarness, card, open_app, text, until


async def test_help_lists_every_action_with_its_id(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), (100, 160)) as (app, pilot):
        await pilot.press("f1")
        await until(pilot, lambda: "Everywhere" in text(app))
        shown = text(app)
        assert [action.id for action in ACTIONS if action.id not in shown] == []


def test_scopes_of_the_place_come_first() -> None:
    scopes = ordered_scopes(("editor", "study", "unknown"))
    assert scopes[:2] == ["editor", "study"]
    assert sorted(scopes) == sorted(SCOPE_TITLES)


@pytest.mark.slow
async def test_question_mark_opens_help_once_and_escape_closes_it(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await pilot.press("question_mark", "question_mark")
        await until(pilot, lambda: "Changing keys" in text(app) or "Everywhere" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Everything" in text(app))
