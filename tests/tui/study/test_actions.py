"""Every action of the keymap, by each of its keys, on the screen where it is available."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from quizapp.decks.card import Check
from quizapp.grading.judge_protocol import Finding, Mismatch, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.session_summary import Summary
from quizapp.settings import Locations, Settings, read_settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.keymap import ACTIONS, with_terminal_keys
from quizapp.tui.screens.summary_screen import SummaryScreen
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.study_controller import StudyController
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.study.study_state import Phase
from quizapp.tui.widgets.editor import CodeEditor
from quizapp.tui.widgets.heatmap import HeatMap
from tests.tui.harness import Harness, is_answering, open_app, text, until
from tests.tui.scenes import CODE, ORDER, scene_harness

pytestmark = pytest.mark.slow

NAME = CODE.name


@dataclass(frozen=True, slots=True)
class Scene:
    """The app, its harness, and the answer before the key was pressed."""

    app: PtquizApp
    harness: Harness
    previous_answer: str = ""

    @property
    def answer(self) -> str:
        return self.app.screen.query_one(AnswerPane).answer


Expectation = str | Callable[[Scene], object]
"""A text on the screen, or a condition, after the key press."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation in which an action is available: cards to study, then `keys`, until `sees` is on the screen."""

    sees: str
    keys: Sequence[str] = ()
    cards: tuple[str, ...] = ()
    focus: type[HeatMap] | None = None
    then: Sequence[str] = ()
    """Keys to press once `sees` is on the screen."""

    then_sees: str = ""
    """The text on the screen after `then`."""

    settings: Settings = Settings(leech_lapses=1)
    summary: Summary | None = None
    """The end of a session to show."""


HOME = Situation("Everything")
SEARCHING = Situation("no deck matches", ("slash", "z", "z"))
STUDY = Situation("Join x to itself", cards=(NAME,))
LEAVING = Situation("Esc again goes home", ("escape",), (NAME,))
WARNED = Situation("press F7 again", ("f7",), (NAME,))
SCRATCH = Situation("Ran without grading", ("f6",), (NAME,))
GIVEN_UP = Situation("Again is proposed", ("f7", "f7"), (NAME,))
GRADED = Situation("Think again first", ("f5",), (NAME,))
UNDONE = Situation("same key again", ("shift+f7",), (NAME,), then=("shift+f7",), then_sees="undone: ")
UNDONE_AT_HOME = Situation("undone: ", ("u",))
FOUR_DIMENSIONS = Situation("Think again first", ("f5",), (NAME,), HeatMap, ("ctrl+f5",))
ORDERING = Situation("or drag", ("down",), (ORDER.name,))
DONE = Situation("Join x to itself", cards=(NAME,), then=("f8",), then_sees="session complete")
BROWSE = Situation("6 cards of 6", ("b",))
LEECHES = Situation("forgotten 1 time", ("l",))
PRACTICE = Situation("6 cards ·", ("p",))
SETTINGS = Situation("Rate with Again and Good only", ("comma", "down", "down", "down"))
CHANGED = Situation("• Two rating buttons", ("comma", "down", "down", "down", "enter"))
AT_LIMIT = Situation("n adds 10 more", settings=Settings(leech_lapses=1, new_per_day=0))
MISTAKEN = Situation("p practises 3 more", summary=Summary(2, mistakes={"transposed": 2, "dtype": 1}))
PICKED = Situation("6 cards ·", ("p",), then=("space",), then_sees="2 cards ·")


def editor(scene: Scene) -> CodeEditor:
    return scene.app.screen.query_one(CodeEditor)


def app_exits(scene: Scene) -> bool:
    return scene.app._exit


def shows_study(scene: Scene) -> bool:
    return isinstance(scene.app.screen, StudyScreen)


def focuses_input(scene: Scene) -> bool:
    return isinstance(scene.app.focused, Input)


def focuses(name: str) -> Callable[[Scene], object]:
    return lambda scene: scene.app.focused is not None and scene.app.focused.id == name


def marks(mistake: int) -> Callable[[Scene], object]:
    return lambda scene: isinstance(scene.app.screen, SummaryScreen) and scene.app.screen.marked == mistake


def has_flag(name: str) -> Callable[[Scene], object]:
    return lambda scene: getattr(scene.harness.store.cards.flags(NAME), name)


def is_new(scene: Scene) -> bool:
    return scene.harness.store.cards.memory(NAME) is None


def is_rated(rating: Rating) -> Callable[[Scene], object]:
    return lambda scene: scene.harness.store.log.reviews()[-1].rating is rating


def reorders_lines(scene: Scene) -> bool:
    lines, previous = scene.answer.splitlines(), scene.previous_answer.splitlines()
    return lines != previous and sorted(lines) == sorted(previous)


def leaves_a_line_out(scene: Scene) -> bool:
    return len(scene.answer.splitlines()) == len(scene.previous_answer.splitlines()) - 1


def shows_slice(*index: int) -> Callable[[Scene], object]:
    return lambda scene: scene.app.screen.query_one(HeatMap).slice_index == index


CASES: dict[str, tuple[Situation, Expectation]] = {
    "app.help": (HOME, "Everywhere"),
    "app.settings": (HOME, "desired_retention"),
    "app.language": (HOME, "no deck has a translation"),
    "app.theme": (HOME, "Search for themes"),
    "app.quit": (HOME, app_exits),
    "home.start": (HOME, shows_study),
    "home.search": (HOME, focuses_input),
    "home.browse": (HOME, "6 cards of 6"),
    "home.statistics": (HOME, "reviews on"),
    "home.practice": (HOME, "no due date changes"),
    "home.more-new": (AT_LIMIT, "5 new"),
    "home.leeches": (HOME, "forgotten 1 time"),
    "home.undo": (HOME, "undone: "),
    "home.redo": (UNDONE_AT_HOME, "done again: "),
    "home.refresh": (HOME, "1 done, 0 min today"),
    "home.quit": (HOME, app_exits),
    "home.clear": (SEARCHING, "Reading code"),
    "study.submit": (STUDY, "not right yet"),
    "study.hint": (STUDY, "Hint 1 of 2"),
    "study.scratch": (STUDY, "Ran without grading"),
    "study.give-up": (WARNED, "+ reference"),
    "study.next": (STUDY, "session complete"),
    "study.answer": (STUDY, "Nothing submitted yet"),
    "study.pane": (STUDY, "Nothing submitted yet"),
    "study.sides": (GRADED, "slice [0, 0, :, :]"),
    "study.enlarge": (STUDY, lambda scene: scene.app.screen.query_one(PaneStack).is_enlarged),
    "study.external": (STUDY, "cannot open an external editor"),
    "study.leave": (LEAVING, "Everything"),
    "study.undo": (GIVEN_UP, "same key again to undo"),
    "study.redo": (UNDONE, "done again: "),
    "study.bury": (GIVEN_UP, has_flag("buried_until")),
    "study.suspend": (GIVEN_UP, has_flag("suspended")),
    "study.flag": (GIVEN_UP, has_flag("flagged")),
    "study.question": (SCRATCH, "Join x to itself"),
    "study.verdict": (STUDY, "Nothing submitted yet"),
    "study.output": (STUDY, "Nothing was printed"),
    "study.reference": (STUDY, "The reference is shown after"),
    "study.attempts": (STUDY, "wrong = 1"),
    "study.console": (STUDY, "Python with the names of this card"),
    "rating.again": (GIVEN_UP, is_rated(Rating.AGAIN)),
    "rating.hard": (GIVEN_UP, is_rated(Rating.HARD)),
    "rating.good": (GIVEN_UP, is_rated(Rating.GOOD)),
    "rating.easy": (GIVEN_UP, is_rated(Rating.EASY)),
    "editor.comment": (STUDY, lambda scene: scene.answer.startswith("# answer")),
    "editor.find": (STUDY, "↓ next"),
    "editor.complete": (STUDY, "no name in scope matches"),
    "editor.documentation": (STUDY, "there is no name at the cursor"),
    "editor.select-all": (STUDY, lambda scene: editor(scene).selected_text == editor(scene).text),
    "editor.document-start": (STUDY, lambda scene: editor(scene).cursor_location == (0, 0)),
    "editor.document-end": (STUDY, lambda scene: editor(scene).cursor_location == editor(scene).document.end),
    "editor.duplicate": (STUDY, lambda scene: scene.answer.startswith("answer = ......")),
    "editor.line-up": (STUDY, lambda scene: scene.answer.startswith("answer")),
    "editor.line-down": (STUDY, lambda scene: scene.answer.startswith("\nanswer")),
    "editor.select-line": (STUDY, lambda scene: editor(scene).selected_text == "answer = ..."),
    "editor.delete-line": (STUDY, lambda scene: scene.answer == ""),
    "editor.wrap": (STUDY, lambda scene: editor(scene).soft_wrap),
    "editor.reset": (STUDY, lambda scene: scene.answer == "answer = ...\n"),
    "heat.slice-next": (FOUR_DIMENSIONS, shows_slice(1, 0)),
    "heat.slice-previous": (FOUR_DIMENSIONS, shows_slice(2, 0)),
    "heat.axis": (
        FOUR_DIMENSIONS,
        lambda scene: "along dimension 1" in str(scene.app.screen.query_one("#pointed", Static).content),
    ),
    "order.up": (ORDERING, reorders_lines),
    "order.down": (ORDERING, reorders_lines),
    "order.drop": (
        ORDERING,
        lambda scene: len(scene.answer.splitlines()) == len(scene.previous_answer.splitlines()) - 1,
    ),
    "summary.leave": (DONE, "Everything"),
    "summary.practice": (MISTAKEN, shows_study),
    "summary.next-mistake": (MISTAKEN, marks(1)),
    "summary.previous-mistake": (MISTAKEN, marks(0)),
    "summary.undo": (DONE, shows_study),
    "browse.suspend": (BROWSE, has_flag("suspended")),
    "browse.bury": (BROWSE, has_flag("buried_until")),
    "browse.flag": (BROWSE, has_flag("flagged")),
    "browse.reset": (BROWSE, "press the key again"),
    "browse.study": (BROWSE, shows_study),
    "browse.history": (BROWSE, "History"),
    "browse.search": (BROWSE, focuses_input),
    "browse.leave": (BROWSE, "Everything"),
    "leeches.suspend": (LEECHES, has_flag("suspended")),
    "leeches.flag": (LEECHES, has_flag("flagged")),
    "leeches.reset": (LEECHES, "press the key again"),
    "leeches.study": (LEECHES, shows_study),
    "practice.start": (PRACTICE, shows_study),
    "page.leave": (LEECHES, "Everything"),
    "practice.pick": (PRACTICE, "2 cards ·"),
    "practice.clear": (PICKED, "6 cards ·"),
    "practice.next-list": (PRACTICE, focuses("tags")),
    "practice.previous-list": (PRACTICE, focuses("order")),
    "settings.next": (SETTINGS, lambda scene: read_settings(scene.harness.locations.settings).two_buttons),
    "settings.previous": (SETTINGS, lambda scene: read_settings(scene.harness.locations.settings).two_buttons),
    "settings.edit": (SETTINGS, lambda scene: read_settings(scene.harness.locations.settings).two_buttons),
    "settings.default": (CHANGED, lambda scene: not read_settings(scene.harness.locations.settings).two_buttons),
}


def make_leech(folder: Path) -> Harness:
    """Return a harness with one card that was learned, then forgotten: a leech by its settings."""
    harness = scene_harness(folder)
    harness.locations = Locations(folder / "settings.toml", folder)
    harness.grader.verdicts[CODE.starter] = verdict_in_4d()
    for answer, rating in (("right", Rating.EASY), ("wrong = 1", Rating.AGAIN)):
        review(harness, answer, rating)
        harness.clock.advance(days=30)
    return harness


def review(harness: Harness, answer: str, rating: Rating) -> None:
    session = harness.session(cards=[NAME])
    session.next()
    session.submit(answer)
    session.rate(rating)


def verdict_in_4d() -> Verdict:
    """Return the verdict on a wrong value with four dimensions."""
    side = Side("tensor", "", (3, 2, 2, 2), "torch.float32", "cpu", tuple(float(n) for n in range(24)))
    mismatch = Mismatch("24 of 24 elements differ", "value", 24, 24)
    finding = Finding(False, mismatch.summary, expected=side, got=side, mismatch=mismatch)
    return Verdict("", Outcome.WRONG, 0.0, 0.0, 1.0, (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),))


@asynccontextmanager
async def open_situation(situation: Situation, folder: Path) -> AsyncIterator[tuple[Scene, Pilot[None]]]:
    harness = make_leech(folder)
    harness.settings = situation.settings
    async with open_app(harness, (100, 40)) as (app, pilot):
        if situation.cards:
            app.study(cards=list(situation.cards))
            await until(pilot, lambda: is_answering(app))
        if situation.summary is not None:
            controller = StudyController(harness.services(), harness.settings)
            app.push_screen(SummaryScreen(situation.summary, harness.clock(), controller))
        await pilot.press(*situation.keys)
        await until(pilot, lambda: situation.sees in text(app))
        if situation.cards and situation.then:
            await until(pilot, lambda: is_answering(app))
        await pilot.press(*situation.then)
        await until(pilot, lambda: situation.then_sees in text(app))
        if situation.cards and not situation.summary:
            screen = app.screen
            await until(pilot, lambda: not isinstance(screen, StudyScreen) or screen.state.phase is not Phase.LOADING)
        if situation.focus is not None:
            app.screen.query_one(situation.focus).focus()
            await pilot.pause()
        previous_answer = next((pane.answer for pane in app.screen.query(AnswerPane)), "")
        yield Scene(app, harness, previous_answer), pilot
    harness.store.close()


def test_every_action_has_a_case() -> None:
    assert CASES.keys() == {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("name", "key"), [(action.id, key) for action in ACTIONS for key in with_terminal_keys(action.keys).split(",")]
)
async def test_a_key_runs_its_action(name: str, key: str, tmp_path: Path) -> None:
    situation, expected = CASES[name]
    async with open_situation(situation, tmp_path) as (scene, pilot):
        if name == "home.refresh":
            review(scene.harness, "right", Rating.GOOD)
        await pilot.press(key)
        await until(pilot, lambda: expected in text(scene.app) if isinstance(expected, str) else expected(scene))
