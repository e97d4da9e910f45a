"""The app as a whole: it leaves in order, says where the draft is after a crash, and survives a bad store."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from quizapp.errors import StoreError
from quizapp.tui.app import last_words
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.editor import CodeEditor
from tests.tui.harness import Harness, card, opened, text, until

MakeHarness = Callable[..., Harness]


async def test_leaving_saves_what_was_typed_a_moment_ago(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness, start_with=()) as (_, pilot):
        await pilot.press(*"late")
        await pilot.press("ctrl+q")
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "late" in (harness.store.work.draft("a/one") or "")


async def test_what_stands_in_the_answer_is_saved_though_nobody_was_told_of_it_yet(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness, start_with=()) as (app, pilot):
        app.screen.query_one(CodeEditor).insert("late")
        app.action_quit_now()
        await pilot.pause()
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "late" in (harness.store.work.draft("a/one") or "")


async def test_the_sandbox_is_closed_when_the_app_ends(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness):
        pass
    assert harness.sandbox.closed


async def test_a_bug_keeps_its_traceback_and_saves_the_draft(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    app = harness.app(())
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
            await pilot.press(*"kept")

            def fails() -> None:
                raise ZeroDivisionError("a bug")

            app.call_later(fails)
            await pilot.pause()
    assert "ZeroDivisionError: a bug" in app.crash
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "kept" in (harness.store.work.draft("a/one") or "")


def test_the_last_words_name_the_draft_and_what_to_report(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    said = last_words(harness.locations.store)
    assert str(harness.locations.store) in said
    assert "doctor" in said and "report" in said


async def test_a_store_that_is_locked_leaves_the_screen_alive_and_the_rating_can_be_given_again(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        append = harness.store.log.append
        blocked, tried = threading.Event(), threading.Event()

        def locked(*facts: object, **more: object) -> int:
            tried.set()
            blocked.wait(10)
            raise StoreError("the store is locked", "close the other ptquiz")

        harness.store.log.append = locked  # type: ignore[method-assign, assignment]
        await pilot.press("3")
        await until(pilot, tried.is_set)
        await pilot.press("f1")
        await until(pilot, lambda: "Everywhere" in text(app))
        await pilot.press("escape")
        blocked.set()
        await until(pilot, lambda: "the store is locked" in text(app))
        harness.store.log.append = append  # type: ignore[method-assign]
        await pilot.press("3")
        await until(pilot, lambda: len(harness.store.log.reviews()) == 1)


async def test_undo_brings_the_last_card_back(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "a · Two" in text(app))
        await pilot.press("escape", "u")
        await until(pilot, lambda: "a · One" in text(app))
        assert [review.undone for review in harness.store.log.reviews()] == [True]


async def test_the_last_rating_of_a_session_can_still_be_taken_back_at_its_end_and_from_home(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness, start_with=()) as (app, pilot):
        for back in ("u", "home"):
            await pilot.press(*"right", "f5")
            await until(pilot, lambda: "✓ passed" in text(app))
            await pilot.press("4")
            await until(pilot, lambda: "1 answered rightly" in text(app) or "done for now" in text(app))
            if back == "home":
                await pilot.press("enter")
                await until(pilot, lambda: "Everything" in text(app))
            await pilot.press("u")
            if back == "u":
                await until(pilot, lambda: "a · One" in text(app))
            else:
                await until(pilot, lambda: "undone: " in text(app))
        assert [review.undone for review in harness.store.log.reviews()] == [True, True]


async def test_digits_belong_to_the_answer_until_it_is_right(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "not right yet" in text(app))
        assert "2 Hard" not in text(app)
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query_one(CodeEditor).text == "answer = 3\n")
        assert harness.store.log.reviews() == []


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 20), (80, 24), (120, 40), (200, 60)])
async def test_no_size_of_terminal_breaks_a_screen(make_harness: MakeHarness, size: tuple[int, int]) -> None:
    async with opened(make_harness(card("a/one")), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "✗" in text(app))
        await pilot.resize_terminal(*size)
        for key in ("f9", "f9", "f11", "f9", "f11"):
            await pilot.press(key)
        assert len(text(app).splitlines()) == size[1]


async def test_a_pane_is_enlarged_and_made_small_again(make_harness: MakeHarness) -> None:
    async with opened(make_harness(card("a/one")), (160, 40), start_with=()) as (app, pilot):
        await pilot.press("ctrl+l")
        assert "─ Question" not in text(app) and "─ Answer" in text(app)
        await pilot.press("ctrl+l")
        assert "─ Question" in text(app)


async def test_finding_in_the_editor_walks_from_place_to_place(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="cat\ndog\ncat\n"))
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("ctrl+f", *"dog", "enter")
        editor = app.screen.query_one("#editor")
        assert editor.selection.start == (1, 0)  # type: ignore[attr-defined]
        await pilot.press("escape")
        assert app.focused is editor
