"""Printable keys belong to the answer while it is open, wherever the focus is; 1 to 4 rate only a finished card."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widget import Widget

from quizapp.decks.card import Card
from quizapp.review.memory import Rating
from quizapp.review.practice import PracticeFilter
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.layout import Pane
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.panes.check_list import CheckList
from quizapp.tui.study.study_screen import StudyScreen
from tests.tui.harness import open_app, text, until
from tests.tui.scenes import CHOICE, CODE, ORDER, PREDICT, scene_harness

pytestmark = pytest.mark.slow

PRINTABLE = [chr(code) for code in range(32, 127)] + ["é", "中"]
SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]


def press_of(character: str) -> events.Key:
    """Return the key event of a character as a terminal sends it."""
    from textual.keys import _character_to_key

    return events.Key(_character_to_key(character), character)


async def type_everywhere(folder: Path, card: Card, size: tuple[int, int]) -> tuple[str, bool]:
    """Type every printable character with the focus on every pane; return the answer and whether nothing was saved."""
    harness = scene_harness(folder, card)
    async with open_app(harness, size, start_with=()) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        await pilot.press("f5")
        await until(pilot, lambda: "fix it" in text(app) or "nothing to submit" in text(app))
        before = harness.store.log.has_entries()
        for pane in Pane:
            for character in PRINTABLE:
                screen.panes.show_and_focus(pane)
                app.post_message(press_of(character))
            await pilot.pause()
        answer = screen.answer_pane.answer
        assert app.screen == screen, "no page was opened"
        flags = harness.store.cards.flags(card.name)
        is_unchanged = harness.store.log.has_entries() == before and not (flags.suspended or flags.flagged)
    harness.store.close()
    return answer, is_unchanged


@pytest.mark.parametrize("card", [CODE, PREDICT, CHOICE, ORDER], ids=lambda card: card.kind.value)
async def test_no_printable_key_changes_the_review_data_of_an_unanswered_card(tmp_path: Path, card: Card) -> None:
    _, is_unchanged = await type_everywhere(tmp_path, card, (120, 36))
    assert is_unchanged


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_text_typed_with_the_focus_outside_the_editor_goes_into_the_answer(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    harness = scene_harness(tmp_path, PREDICT)
    async with open_app(harness, size, start_with=()) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        for pane in (Pane.QUESTION, Pane.REFERENCE, Pane.ATTEMPTS, Pane.OUTPUT):
            screen.panes.show_and_focus(pane)
            await pilot.press(*"f3")
        await pilot.pause()
        assert screen.answer_pane.answer == "f3f3f3f3"
        assert screen.answer_pane.has_focus_within
        assert screen.query_one(PaneStack).query_one("#answer-box").display
    harness.store.close()


async def test_a_paste_outside_the_editor_goes_into_the_answer(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, PREDICT)
    async with open_app(harness, start_with=()) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        screen.panes.show_and_focus(Pane.REFERENCE)
        await pilot.pause()
        app.post_message(events.Paste("(2, 2)"))
        await until(pilot, lambda: screen.answer_pane.answer == "(2, 2)")
    harness.store.close()


async def test_digits_rate_only_while_the_rating_bar_is_visible(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, start_with=()) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        await pilot.press("f5")
        await until(pilot, lambda: "fix it" in text(app))
        for key in (*"1234", "ctrl+f1", "ctrl+f2", "ctrl+f3", "ctrl+f4"):
            screen.panes.show_and_focus(Pane.VERDICT)
            await pilot.press(key)
        assert not harness.store.log.has_entries()
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "1 Again" in text(app))
        await pilot.press("2")
        await until(pilot, lambda: harness.store.log.reviews())
        assert harness.store.log.reviews()[0].rating is Rating.HARD
    harness.store.close()


@pytest.mark.parametrize("pane", [Pane.QUESTION, Pane.VERDICT, Pane.OUTPUT, Pane.REFERENCE, Pane.ATTEMPTS])
@pytest.mark.parametrize("key", ["escape", "f9"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_escape_and_f9_return_to_the_answer(tmp_path: Path, pane: Pane, key: str, size: tuple[int, int]) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, size, start_with=()) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        await pilot.press("f5")
        await until(pilot, lambda: "fix it" in text(app))
        screen.panes.show_and_focus(pane)
        await pilot.pause()
        if screen.answer_pane.has_focus_within:
            screen.set_focus(None)
        await pilot.press(key)
        await until(pilot, lambda: screen.answer_pane.has_focus_within)
        assert app.screen is screen
    harness.store.close()


async def test_escape_in_the_answer_leaves_only_when_it_is_pressed_twice(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("escape")
        await until(pilot, lambda: "Esc again goes home" in text(app))
        await pilot.press("x", "escape")
        await until(pilot, lambda: "Esc again goes home" in text(app))
        assert isinstance(app.screen, StudyScreen)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, StudyScreen))
        await until(pilot, lambda: "x" in (harness.store.drafts.progress(CODE.name, harness.clock()).draft or ""))
    harness.store.close()


async def test_undo_in_practice_leaves_scheduled_reviews_alone(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    session = harness.session(cards=[CODE.name])
    session.next()
    session.submit("right")
    session.rate(Rating.EASY)
    async with open_app(harness) as (app, pilot):
        app.study(practice=PracticeFilter())
        await until(pilot, lambda: isinstance(app.screen, StudyScreen) and app.screen.query(AnswerPane))
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "1 Again" in text(app))
        await pilot.press("u", "u")
        await until(pilot, lambda: "nothing to undo in this practice" in text(app))
        assert not harness.store.log.reviews()[0].undone
    harness.store.close()


async def test_undo_can_be_redone(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE, PREDICT)
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "1 Again" in text(app))
        await pilot.press("1")
        await until(pilot, lambda: "What does this give" in text(app))
        await pilot.press("shift+f7")
        await until(pilot, lambda: "same key again to undo: review of" in text(app))
        assert not harness.store.log.reviews()[0].undone
        await pilot.press("shift+f7")
        await until(pilot, lambda: CODE.title in text(app) and "1 Again" in text(app))
        assert harness.store.log.reviews()[0].undone
        await pilot.press("ctrl+f7")
        await until(pilot, lambda: "What does this give" in text(app))
        assert [review.undone for review in harness.store.log.reviews()] == [True, False]
    harness.store.close()


async def test_a_page_is_opened_once(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path)
    async with open_app(harness) as (app, pilot):
        await pilot.press("comma", "shift+f12", "shift+f12")
        await until(pilot, lambda: "desired_retention" in text(app))
        app.show_statistics()
        app.show_statistics()
        app.action_settings()
        await pilot.pause()
        names = [type(screen).__name__ for screen in app.screen_stack]
        assert len(names) == len(set(names))
    harness.store.close()


async def test_v_enter_and_a_click_on_a_check_compare_expected_and_got(tmp_path: Path) -> None:
    harness = scene_harness(tmp_path, CODE)
    async with open_app(harness, (120, 36), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "fix it" in text(app))

        def is_open() -> bool:
            return app.screen.query_one("#verdict").has_class("-open")

        checks: Widget = app.screen.query_one(CheckList)
        checks.focus()
        for press in ("v", "enter"):
            await pilot.press(press)
            await until(pilot, is_open)
            await pilot.press(press)
            await until(pilot, lambda: not is_open())
        await pilot.click(CheckList, offset=(3, 1))
        await until(pilot, is_open)
    harness.store.close()
