"""Runs that are not graded: the values in the margin, the console, the live checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.settings import Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.study import try_screen
from quizapp.tui.study.panes.check_list import CheckList
from quizapp.tui.study.panes.console_pane import ConsoleInput
from tests.tui.harness import open_app, text, until
from tests.tui.scenes import CODE, scene_harness

pytestmark = pytest.mark.slow


def lines(app: PtquizApp) -> list[str]:
    return text(app).splitlines()


async def test_try_shows_what_each_line_bound_until_the_text_changes(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "int64 (2,)" in text(app))
        await pilot.press("z")
        await until(pilot, lambda: "int64 (2,)" not in text(app))
    harness.store.close()


async def test_a_wrong_answer_shows_what_each_line_bound(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any("answer = " in line and "float32 (2, 3)" in line for line in lines(app)))
    harness.store.close()


async def test_the_console_runs_lines_and_escape_returns_to_the_answer(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.focused, ConsoleInput))
        await pilot.press(*"x.sum()", "enter")
        await until(pilot, lambda: "tried x.sum()" in text(app))
        assert not harness.grader.graded
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is app.screen.query_one("#editor"))
    harness.store.close()


async def test_live_checks_update_the_marks_without_grading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(try_screen, "LIVE_DELAY", 0.01)
    harness = scene_harness(tmp_path, CODE)
    harness.settings = Settings(live_checks=True)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press(*"z1")
        await until(pilot, lambda: "Live checks" in text(app) and "✗ answer" in text(app))
        await pilot.press(*"right")
        await until(pilot, lambda: "✓ answer" in text(app))
        assert app.screen.query_one(CheckList).option_count == 1
        assert not harness.grader.graded and not harness.store.log.has_entries()
    harness.store.close()


async def test_live_checks_are_off_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(try_screen, "LIVE_DELAY", 0.01)
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press(*"right")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "ran without grading" in text(app))
        assert "Live checks" not in text(app)
    harness.store.close()
