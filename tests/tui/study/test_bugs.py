"""Bugs in background work: the screen stays open, the draft is kept, and nothing is rated."""

from __future__ import annotations

from typing import Any, NoReturn, cast

import pytest

from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.tui.app import PtquizApp
from quizapp.tui.study.answers.code_answer import CodeAnswer
from quizapp.tui.study.study_controller import StudyController
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import FakeGrader, Harness, MakeHarness, card, open_app, text, until


def fail(*_: object, **options: object) -> NoReturn:
    raise KeyError("lost")


def draft(harness: Harness) -> str:
    return harness.store.drafts.draft("a/one") or ""


def shows_bug(app: PtquizApp) -> bool:
    return "this is a bug in ptquiz: KeyError" in " ".join(text(app).split())


@pytest.mark.slow
async def test_a_bug_in_grading_keeps_the_screen_and_the_draft(
    make_harness: MakeHarness, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grader, "_judged", fail)
    harness = make_harness(card("a/one", solution="answer = 1", trusted=True))
    async with open_app(harness, size=(200, 50), start_with=()) as (app, pilot):
        grader = Grader(sandbox, errors=app.errors)
        controller = cast("StudyScreen", app.screen).controller
        cast("Any", controller)._grader._grader = grader
        await pilot.press(*"kept = 1", "f5")
        await until(pilot, lambda: "ptquiz failed, not your answer" in text(app))
        assert "this is a bug in ptquiz" in text(app) and app.errors.count() == 1
        assert "kept = 1" in draft(harness)
        await pilot.press(*"0", "f5")
        await until(pilot, lambda: app.errors.count() == 2)
        assert not harness.store.log.reviews() and not harness.store.drafts.attempts("a/one")
    assert not app.crash


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "method", "keys"),
    [
        (FakeGrader, "prepare", ""),
        (FakeGrader, "scratch", "f6"),
        (FakeGrader, "grade", "f5"),
        (StudyController, "take_hint", "f2"),
        (StudyController, "reveal", "f7 f7"),
        (StudyController, "act", "f8"),
    ],
)
async def test_a_bug_in_other_work_shows_one_line_and_is_logged(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, keys: str
) -> None:
    monkeypatch.setattr(owner, method, fail)
    harness = make_harness(card("a/one", hints=("one",)))
    async with open_app(harness, size=(200, 50), start_with=()) as (app, pilot):
        await pilot.press(*"kept", *keys.split())
        await until(pilot, lambda: shows_bug(app))
        assert app.errors.count() == 1 and isinstance(app.screen, StudyScreen)
        monkeypatch.undo()
        await pilot.press(*"more")
        await until(pilot, lambda: "keptmore" in draft(harness))
        await pilot.press("f5")
        await until(pilot, lambda: "not right yet" in text(app))
    assert not app.crash


@pytest.mark.slow
async def test_a_bug_while_the_draft_of_a_closing_screen_is_saved_is_shown(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, size=(200, 50), start_with=()) as (app, pilot):
        monkeypatch.setattr(StudyController, "save", fail)
        app.save_draft(cast("StudyScreen", app.screen).controller)
        await until(pilot, lambda: shows_bug(app))
        monkeypatch.undo()
    assert not app.crash


async def test_a_bug_in_the_answer_pane_ends_the_app_with_the_draft_saved(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one"))
    app = harness.app(())
    with pytest.raises(KeyError):
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, StudyScreen) and app.screen.query(CodeAnswer))
            await pilot.press(*"kept")
            cast("StudyScreen", app.screen).sync_answer()
            monkeypatch.setattr(CodeAnswer, "answer", property(fail))
            app.call_later(fail)
            await pilot.pause()
    assert "KeyError" in app.crash
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "kept" in draft(harness)
