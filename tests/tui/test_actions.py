"""Each action of the key map, by each of its keys, where it works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from quizapp.decks.card import Check
from quizapp.grading.findings import Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.settings import Locations, Settings, read_settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.keymap import ACTIONS, as_sent
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.widgets.heatmap import HeatMap
from tests.tui.harness import Harness, opened, text, until
from tests.tui.scenes import CODE, ORDER, world

NAME = CODE.name


@dataclass(frozen=True, slots=True)
class Scene:
    """The app, what it was handed, and what the answer was before the key was pressed."""

    app: PtquizApp
    harness: Harness
    was: str = ""

    @property
    def answer(self) -> str:
        return self.app.screen.query_one(AnswerPane).answer


Then = str | Callable[[Scene], object]
"""Words that are seen, or what holds, once the key was pressed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action works: cards that are studied at once, keys that lead harness, what is then seen."""

    sees: str
    keys: Sequence[str] = ()
    cards: tuple[str, ...] = ()
    focus: type[HeatMap] | None = None
    then: Sequence[str] = ()
    """Keys that make sense only once that is seen."""

    reached: str = ""
    """What these lead to."""


HOME = Place("Everything")
SEARCHING = Place("no deck has these words", ("slash", "z", "z"))
STUDY = Place("Join x to itself", cards=(NAME,))
READING = Place("Join x to itself", ("escape",), (NAME,))
WARNED = Place("once more", ("f7",), (NAME,))
AWAY = Place("Tried out", ("f6",), (NAME,))
GIVEN_UP = Place("Again is proposed", ("f7", "f7"), (NAME,))
JUDGED = Place("Think again first", ("escape", "f5"), (NAME,))
CUBE = Place("Think again first", ("f5",), (NAME,), HeatMap, ("ctrl+f5",))
ORDERING = Place("or drag", ("down",), (ORDER.name,))
DONE = Place("Join x to itself", cards=(NAME,), then=("f8",), reached="done for now")
BROWSE = Place("6 cards of 6", ("b",))
LEECHES = Place("forgotten 1 time", ("l",))
PRACTICE = Place("6 cards ·", ("p",))
SETTINGS = Place("rate with Again and Good only", ("comma", "down", "down", "down"))
CHANGED = Place("two_buttons          yes", ("comma", "down", "down", "down", "enter"))


def leaves(scene: Scene) -> bool:
    return scene.app._exit


def studies(scene: Scene) -> bool:
    return isinstance(scene.app.screen, StudyScreen)


def searches(scene: Scene) -> bool:
    return isinstance(scene.app.focused, Input)


def stands(what: str) -> Callable[[Scene], object]:
    return lambda scene: getattr(scene.harness.store.cards.standing(NAME), what)


def is_new(scene: Scene) -> bool:
    return scene.harness.store.cards.memory(NAME) is None


def rates(rating: Rating) -> Callable[[Scene], object]:
    return lambda scene: scene.harness.store.log.reviews()[-1].rating is rating


def reorders(scene: Scene) -> bool:
    now, was = scene.answer.splitlines(), scene.was.splitlines()
    return now != was and sorted(now) == sorted(was)


def at(*index: int) -> Callable[[Scene], object]:
    return lambda scene: scene.app.screen.query_one(HeatMap).lead == index


CASES: dict[str, tuple[Place, Then]] = {
    "app.help": (HOME, "Everywhere"),
    "app.settings": (HOME, "desired_retention"),
    "app.language": (HOME, "no deck has a translation"),
    "app.theme": (HOME, "Search for themes"),
    "app.quit": (HOME, leaves),
    "home.start": (HOME, studies),
    "home.search": (HOME, searches),
    "home.browse": (HOME, "6 cards of 6"),
    "home.statistics": (HOME, "reviews on"),
    "home.practise": (HOME, "nothing here moves"),
    "home.leeches": (HOME, "forgotten 1 time"),
    "home.undo": (HOME, "undone: "),
    "home.refresh": (HOME, "1 done, 0 min today"),
    "home.quit": (HOME, leaves),
    "home.clear": (SEARCHING, "Reading code"),
    "study.submit": (STUDY, "not right yet"),
    "study.hint": (STUDY, "Hint 1 of 2"),
    "study.scratch": (STUDY, "Tried out, not graded"),
    "study.give-up": (WARNED, "+ reference"),
    "study.next": (STUDY, "done for now"),
    "study.pane": (STUDY, "Nothing submitted yet"),
    "study.sides": (JUDGED, "slice [0, 0, :, :]"),
    "study.enlarge": (STUDY, lambda scene: scene.app.screen.query_one(PaneStack).is_enlarged),
    "study.external": (STUDY, "cannot be handed to another program"),
    "study.leave": (READING, "Everything"),
    "study.undo": (READING, "undone: "),
    "study.bury": (READING, stands("buried")),
    "study.suspend": (READING, stands("suspended")),
    "study.flag": (READING, stands("flagged")),
    "study.question": (AWAY, "Join x to itself"),
    "study.verdict": (STUDY, "Nothing submitted yet"),
    "study.output": (STUDY, "Nothing was printed"),
    "study.reference": (STUDY, "The reference is shown after"),
    "study.attempts": (STUDY, "wrong = 1"),
    "rating.again": (GIVEN_UP, rates(Rating.AGAIN)),
    "rating.hard": (GIVEN_UP, rates(Rating.HARD)),
    "rating.good": (GIVEN_UP, rates(Rating.GOOD)),
    "rating.easy": (GIVEN_UP, rates(Rating.EASY)),
    "editor.comment": (STUDY, lambda scene: scene.answer.startswith("# answer")),
    "editor.find": (STUDY, "↓ next"),
    "editor.complete": (STUDY, "nothing in scope fits"),
    "heat.slice-next": (CUBE, at(1, 0)),
    "heat.slice-previous": (CUBE, at(2, 0)),
    "heat.axis": (
        CUBE,
        lambda scene: "along dimension 1" in str(scene.app.screen.query_one("#pointed", Static).content),
    ),
    "order.up": (ORDERING, reorders),
    "order.down": (ORDERING, reorders),
    "order.drop": (ORDERING, lambda scene: len(scene.answer.splitlines()) == len(scene.was.splitlines()) - 1),
    "summary.leave": (DONE, "Everything"),
    "summary.undo": (DONE, studies),
    "browse.suspend": (BROWSE, stands("suspended")),
    "browse.bury": (BROWSE, stands("buried")),
    "browse.flag": (BROWSE, stands("flagged")),
    "browse.reset": (BROWSE, is_new),
    "browse.study": (BROWSE, studies),
    "browse.history": (BROWSE, "History"),
    "browse.search": (BROWSE, searches),
    "browse.leave": (BROWSE, "Everything"),
    "leeches.suspend": (LEECHES, stands("suspended")),
    "leeches.flag": (LEECHES, stands("flagged")),
    "leeches.reset": (LEECHES, is_new),
    "leeches.study": (LEECHES, studies),
    "practise.start": (PRACTICE, studies),
    "page.leave": (LEECHES, "Everything"),
    "settings.edit": (SETTINGS, lambda scene: read_settings(scene.harness.locations.settings).two_buttons),
    "settings.default": (CHANGED, lambda scene: not read_settings(scene.harness.locations.settings).two_buttons),
}


def prepared(folder: Path) -> Harness:
    """One card that was learned and then forgotten: a leech by these settings."""
    stage = world(folder)
    harness.settings = Settings(leech_lapses=1)
    harness.locations = Locations(folder / "settings.toml", folder)
    harness.grader.verdicts[CODE.starter] = cube()
    for answer, rating in (("right", Rating.EASY), ("wrong = 1", Rating.AGAIN)):
        review(harness, answer, rating)
        harness.clock.pass_(days=30)
    return stage


def review(harness: Harness, answer: str, rating: Rating) -> None:
    session = harness.session(cards=[NAME])
    session.next()
    session.submit(answer)
    session.rate(rating)


def cube() -> Verdict:
    """A wrong value of four dimensions."""
    side = Side("tensor", "", (3, 2, 2, 2), "torch.float32", "cpu", tuple(float(n) for n in range(24)))
    finding = Finding(False, "24 of 24 elements differ", None, None, side, side, 24, 24)
    return Verdict("", Outcome.WRONG, 0.0, 0.0, 1.0, (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),))


@asynccontextmanager
async def standing_at(place: Place, folder: Path) -> AsyncIterator[tuple[Scene, Pilot[None]]]:
    stage = prepared(folder)
    async with opened(harness, (100, 40)) as (app, pilot):
        if place.cards:
            app.study(cards=list(place.cards))
            await until(pilot, lambda: isinstance(app.screen, StudyScreen) and app.screen.query(AnswerPane))
        await pilot.press(*place.keys)
        await until(pilot, lambda: place.sees in text(app))
        await pilot.press(*place.then)
        await until(pilot, lambda: place.reached in text(app))
        if place.focus is not None:
            app.screen.query_one(place.focus).focus()
            await pilot.pause()
        was = next((pane.answer for pane in app.screen.query(AnswerPane)), "")
        yield Scene(app, harness, was), pilot
    harness.store.close()


def test_every_action_has_a_case() -> None:
    assert CASES.keys() == {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("name", "key"), [(action.id, key) for action in ACTIONS for key in as_sent(action.keys).split(",")]
)
async def test_a_key_does_what_the_map_says(name: str, key: str, tmp_path: Path) -> None:
    place, then = CASES[name]
    async with standing_at(place, tmp_path) as (scene, pilot):
        if name == "home.refresh":
            review(scene.harness, "right", Rating.GOOD)
        await pilot.press(key)
        await until(pilot, lambda: then in text(scene.app) if isinstance(then, str) else then(scene))
