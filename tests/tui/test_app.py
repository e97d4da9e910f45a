"""The app as a whole: exit, crashes, a locked store, undo, themes, languages, the command palette."""

from __future__ import annotations

import asyncio
import threading

import pytest

from quizapp.decks.card import CardTexts
from quizapp.errors import DamagedError, StoreError
from quizapp.review.memory import Rating
from quizapp.services import Services
from quizapp.tui.app import crash_message
from quizapp.tui.screens.home_screen import EVERYTHING
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.editor import CodeEditor
from tests.tui.harness import TIMEOUT, MakeHarness, card, deck, open_app, text, until


async def test_quitting_saves_the_last_keys(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, start_with=()) as (_, pilot):
        await pilot.press(*"late")
        await pilot.press("ctrl+q")
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "late" in (harness.store.drafts.draft("a/one") or "")


async def test_quitting_saves_an_answer_whose_change_message_has_not_arrived(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, start_with=()) as (app, pilot):
        app.screen.query_one(CodeEditor).insert("late")
        app.action_quit_now()
        await pilot.pause()
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "late" in (harness.store.drafts.draft("a/one") or "")


async def test_sandbox_is_closed_at_exit(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness):
        pass
    assert harness.sandbox.closed


async def test_crash_keeps_the_traceback_and_saves_the_draft(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    app = harness.app(())
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await until(pilot, lambda: isinstance(app.screen, StudyScreen) and "a · One" in text(app))
            await pilot.press(*"kept")

            def fail() -> None:
                raise ZeroDivisionError("a bug")

            app.call_later(fail)
            await pilot.pause()
    assert "ZeroDivisionError: a bug" in app.crash
    harness.store = type(harness.store)(harness.folder / "reviews.db")
    assert "kept" in (harness.store.drafts.draft("a/one") or "")


def test_crash_message_names_the_draft_and_what_to_report(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    message = crash_message(harness.locations.store)
    assert str(harness.locations.store) in message
    assert "doctor" in message and "report" in message


@pytest.mark.slow
async def test_locked_store_does_not_block_the_screen_and_rating_can_be_repeated(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        append = harness.store.log.append
        release, called = threading.Event(), threading.Event()

        def fail(*args: object, **options: object) -> int:
            called.set()
            release.wait(TIMEOUT)
            raise StoreError("the store is locked", "close the other ptquiz")

        harness.store.log.append = fail  # type: ignore[method-assign]
        await pilot.press("3")
        await until(pilot, called.is_set)
        await pilot.press("f1")
        await until(pilot, lambda: "study.submit" in text(app))
        await pilot.press("escape")
        release.set()
        await until(pilot, lambda: "the store is locked" in text(app))
        harness.store.log.append = append  # type: ignore[method-assign]
        await pilot.press("3")
        await until(pilot, lambda: len(harness.store.log.reviews()) == 1)


async def test_damage_that_is_found_at_start_is_shown_and_does_not_end_the_app(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        await asyncio.to_thread(app.warn, DamagedError("reviews.db is damaged", "`ptquiz restore` restores a backup"))
        await until(pilot, lambda: "reviews.db is damaged" in text(app))


async def test_a_bug_while_the_services_open_is_logged_and_opening_can_be_repeated(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    open_services, failures = harness.services, [KeyError("lost")]

    def fail_once() -> Services:
        if failures:
            raise failures.pop()
        return open_services()

    harness.services = fail_once  # type: ignore[method-assign]
    app = harness.app()
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: "r tries again, q quits" in text(app))
        assert "this is a bug in ptquiz: KeyError" in " ".join(text(app).split())
        assert "KeyError: 'lost'" in harness.locations.errors.read_text(encoding="utf-8")
        await pilot.press("r")
        await until(pilot, lambda: app.services is not None and EVERYTHING in text(app))


@pytest.mark.slow
async def test_undo_returns_to_the_last_card(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        await pilot.press("4")
        await until(pilot, lambda: "a · Two" in text(app))
        await pilot.press("shift+f7")
        await until(pilot, lambda: "same key again" in text(app))
        await pilot.press("shift+f7")
        # The card is as it was before its rating, so that another one can be chosen.
        await until(pilot, lambda: "a · One" in text(app) and "answer = right" in text(app) and "2 Hard" in text(app))
        assert [review.undone for review in harness.store.log.reviews()] == [True]
        await pilot.press("2")
        await until(pilot, lambda: "a · Two" in text(app))
        assert harness.store.log.reviews()[-1].rating is Rating.HARD


@pytest.mark.slow
async def test_last_rating_can_be_undone_from_the_summary_and_from_home(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press(*"right", "f5")
        await until(pilot, lambda: "✓ passed" in text(app))
        for undo_from in ("summary", "home"):
            await pilot.press("4")
            await until(pilot, lambda: "session complete" in text(app))
            if undo_from == "home":
                await pilot.press("enter")
                await until(pilot, lambda: "Everything" in text(app))
            await pilot.press("u")
            if undo_from == "summary":
                await until(pilot, lambda: "a · One" in text(app) and "4 Easy" in text(app))
            else:
                await until(pilot, lambda: "undone: " in text(app))
        assert [review.undone for review in harness.store.log.reviews()] == [True, True]


async def test_digits_are_typed_until_the_answer_passes(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "not right yet" in text(app))
        assert "2 Hard" not in text(app)
        await pilot.press("3")
        await until(pilot, lambda: app.screen.query_one(CodeEditor).text == "answer = 3\n")
        assert harness.store.log.reviews() == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 20), (80, 24), (120, 40), (200, 60)])
async def test_any_terminal_size_works(make_harness: MakeHarness, size: tuple[int, int]) -> None:
    async with open_app(make_harness(card("a/one")), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "✗" in text(app))
        await pilot.resize_terminal(*size)
        for key in ("f9", "f9", "f11", "f9", "f11"):
            await pilot.press(key)
        assert len(text(app).splitlines()) == size[1]


async def test_pane_is_enlarged_and_restored(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one")), (160, 40), start_with=()) as (app, pilot):
        await pilot.press("ctrl+l")
        assert "─ Question" not in text(app) and "─ Answer" in text(app)
        await pilot.press("ctrl+l")
        assert "─ Question" in text(app)


@pytest.mark.slow
async def test_find_bar_selects_a_match_and_returns_the_focus(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="cat\ndog\ncat\n"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("ctrl+f", *"dog", "enter")
        editor = app.screen.query_one(CodeEditor)
        assert editor.selection.start == (1, 0)
        await pilot.press("escape")
        assert app.focused is editor


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-dark", "ansi-light"])
async def test_every_kind_of_theme_renders_the_verdict(make_harness: MakeHarness, theme: str) -> None:
    async with open_app(make_harness(card("a/one"), theme=theme), start_with=()) as (app, pilot):
        assert app.theme == theme
        await pilot.press("f5")
        await until(pilot, lambda: "✗ not right yet" in text(app))


@pytest.mark.slow
async def test_language_key_shows_the_translation_and_the_original(make_harness: MakeHarness) -> None:
    translated = {"zh": {"one": CardTexts(title="第一张", question="求和。")}}
    harness = make_harness(deck(card("a/one"), translations=translated))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("ctrl+backslash")
        await until(pilot, lambda: "求和。" in text(app) and "第一张" in text(app))
        await pilot.press("ctrl+backslash")
        await until(pilot, lambda: "Bind answer to" in text(app))


@pytest.mark.slow
async def test_command_palette_finds_actions_by_their_labels(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"), card("a/two"))
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Bury" in text(app) or "Search" in text(app))
        await pilot.press(*"bury")
        await until(pilot, lambda: "Bury the card until tomorrow" in text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "a · Two" in text(app))
