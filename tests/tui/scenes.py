"""Screens in states worth seeing, for the golden files, the SVG snapshots and the pictures in the documentation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from quizapp.decks.card import Budget, Cap, Card, CardKind, Check, Choice, Deck
from quizapp.grading.verdict import Outcome
from quizapp.review.memory import Rating
from quizapp.sandbox.protocol import Limits
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.study.layout import PaneLayout
from quizapp.tui.study.pane_stack import PaneStack
from tests.tui.harness import Harness, card, deck, text, until, until_started

Steps = Callable[[PtquizApp, Pilot[None]], Awaitable[None]]
"""What to do on the opened screen."""

CODE = card(
    "joining/cat-rows",
    title="Join along the rows",
    question="Join `x` to itself so that the result has shape `(4, 2)`; bind it to `answer`.\n\n- no loop\n- one call",
    preamble="import torch\n",
    given="x = torch.ones(2, 2)\n",
    starter="answer = ...\n",
    solution="answer = torch.cat((x, x), dim=0)  # right\n",
    note="`cat` joins along a dimension that is there; `stack` makes a new one.",
    hints=("Which dimension grows?", "`torch.cat` takes a tuple of tensors."),
    tags=("shapes",),
)
RULED = replace(
    CODE,
    id="with-rules",
    title="Join without a loop",
    question="Join `x` to itself so that the result has shape `(4, 2)`; bind it to `answer`.",
    forbid=("for", "while", "torch.stack"),
    require=("torch.cat",),
    budget=Budget(operators=Cap(2, is_relative=True)),
    limits=Limits(seconds=2, memory=256 << 20),
)
CHINESE = card(
    "shapes-zh/rows",
    title="按行拼接张量",
    question="把 `x` 与自身按行拼接，使结果的形状为 `(4, 2)`，并绑定到 `answer`。\n\n宽字符也要对齐。",
    given="x = torch.ones(2, 2)  # 两行两列\n",
    starter="答案 = ...  # 在这里写\n",
    hints=("看看 `dim` 参数。",),
)
PREDICT = card(
    "reading/a-shape",
    kind=CardKind.PREDICT,
    title="The shape of a product",
    question="What does this give?",
    given="x = torch.ones(2, 3)\n",
    checks=(Check("(x @ x.T).shape"),),
    starter="",
    solution="",
)
CHOICE = card(
    "reading/which-views",
    kind=CardKind.CHOICE,
    title="Which of these share memory?",
    question="Choose all that give a **view** of `x`.",
    choices=(
        Choice("`x.t()`", right=True),
        Choice("`x.clone()`", says="A clone is a copy by definition."),
        Choice("`x[0]`, the first row, which is itself a tensor and not a number", right=True),
    ),
    starter="",
    solution="",
)
ORDER = card(
    "reading/one-step",
    kind=CardKind.ORDER,
    title="One step of training",
    question="Put one step of training in order.",
    solution="loss = criterion(model(x), y)\noptimizer.zero_grad()\nloss.backward()\noptimizer.step()\n",
    distract=("loss.detach()",),
    starter="",
)
CHINESE_ORDER = card(
    "reading-zh/one-step",
    kind=CardKind.ORDER,
    title="一步训练",
    question="把一步训练的各行排好。",
    solution="损失 = 准则(模型(x), y)\n优化器.zero_grad()\n损失.backward()\n优化器.step()\n",
    starter="",
)


ENGLISH_DECKS = (
    deck(CODE, card("joining/stack"), title="Joining and splitting tensors"),
    deck(PREDICT, CHOICE, ORDER, title="Reading code"),
)


def scene_harness(folder: Path, *parts: Card | Deck, theme: str = "ptquiz-dark") -> Harness:
    """Return a harness with these cards or decks, by default two decks in English and one in Chinese.

    The path of the settings, which the settings page shows, is the one of a learner.
    """
    decks = [part if isinstance(part, Deck) else deck(part) for part in parts] or [
        *ENGLISH_DECKS,
        deck(CHINESE, title="张量的形状与拼接，从零开始"),
    ]
    harness = Harness(folder, tuple(decks), Settings(theme=theme))
    harness.locations = Locations(Path("/home/learner/.config/ptquiz/settings.toml"), folder)
    harness.sandbox.warmed.set()
    return harness


def learn_cards(harness: Harness) -> None:
    """Review two cards on several days; both are wrong the first time."""
    for answer, days in (("x", 0), ("right", 3), ("right", 9)):
        harness.clock.advance(days=days)
        session = harness.session(cards=["joining/cat-rows", "joining/stack"])
        for _ in range(2):
            if session.next() is None:
                break
            verdict = session.submit(answer)
            session.rate(Rating.GOOD if verdict.outcome is Outcome.PASSED else Rating.AGAIN)
    harness.clock.now += timedelta(days=12)


def forget_card(harness: Harness) -> None:
    """Forget one of the learned cards."""
    session = harness.session(cards=["joining/cat-rows"])
    session.next()
    session.submit("answer = torch.stack((x, x))")
    session.rate(Rating.AGAIN)
    harness.clock.advance(days=1)


async def _no_steps(app: PtquizApp, pilot: Pilot[None]) -> None:
    """Do nothing."""


def press(*keys: str, shows: str, in_answer: bool = False) -> Steps:
    """Press keys and wait until the screen shows a text; with `in_answer`, go to the answer pane first."""

    async def steps(app: PtquizApp, pilot: Pilot[None]) -> None:
        if in_answer and app.screen.query_one(PaneStack).pane_layout is PaneLayout.SINGLE:
            await pilot.press("f9")
        await pilot.press(*keys)
        await until(pilot, lambda: shows in text(app))

    return steps


async def _give_up(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("f7", "f7")
    await until(pilot, lambda: "To remember" in text(app))


async def _show_sides(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("f5")
    await until(pilot, lambda: "fix it" in text(app))
    await pilot.press("ctrl+f5")
    await until(pilot, lambda: "expected  tensor" in text(app))


async def _show_leeches(app: PtquizApp, pilot: Pilot[None]) -> None:
    """Open the leeches page with a setting that makes every forgotten card a leech."""
    app.apply(replace(app.settings, leech_lapses=1))
    await pilot.press("l")
    await until(pilot, lambda: "Repetition alone" in text(app))


async def _pick_deck(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("p")
    await until(pilot, lambda: " cards ·" in text(app))
    await pilot.press("space")
    await until(pilot, lambda: "2 cards ·" in text(app))


async def _show_history(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("b")
    await until(pilot, lambda: "5 cards of 5" in text(app) or "6 cards of 6" in text(app))
    await pilot.press("enter")
    await until(pilot, lambda: "History" in text(app))


@dataclass(frozen=True, slots=True)
class Scene:
    """The decks of a scene and the steps to reach it from Home, or with `study` from the study screen."""

    decks: tuple[Card | Deck, ...] = ()
    steps: Steps = _no_steps
    study: bool = False
    learned: bool = False
    """Two cards were reviewed before."""

    forgotten: bool = False
    """One of the learned cards was forgotten."""


SCENES: dict[str, Scene] = {
    "welcome": Scene(),
    "home": Scene(learned=True),
    "question": Scene((CODE,), study=True),
    "rules": Scene((RULED,), study=True),
    "question-zh": Scene((CHINESE,), study=True),
    "wrong": Scene((CODE,), press("f5", shows="fix it"), study=True),
    "sides": Scene((CODE,), _show_sides, study=True),
    "hint": Scene((CODE,), press("f2", shows="hint 1 of 2"), study=True),
    "given-up": Scene((CODE,), _give_up, study=True),
    "predict": Scene((PREDICT,), press("2", "comma", "space", "2", shows="read as", in_answer=True), study=True),
    "choice": Scene((CHOICE,), press("a", shows="☑", in_answer=True), study=True),
    "order": Scene((ORDER,), press("shift+down", "x", shows="–", in_answer=True), study=True),
    "output": Scene((CODE,), press("f6", shows="Ran without grading"), study=True),
    "passed": Scene((CODE,), press(*"x  # right", "f5", shows="Enter accepts it", in_answer=True), study=True),
    "wrong-zh": Scene((CHINESE,), press("f5", shows="fix it"), study=True),
    "attempts": Scene((CODE,), press("f5", "shift+f6", shows="wrong    This"), study=True),
    "practice": Scene(steps=_pick_deck),
    "leeches": Scene(steps=_show_leeches, learned=True, forgotten=True),
    "order-zh": Scene((CHINESE_ORDER,), press("shift+down", shows="损失", in_answer=True), study=True),
    "summary": Scene((CODE,), press("f8", shows="Nothing is due"), study=True),
    "browse": Scene(steps=_show_history, learned=True),
    "statistics": Scene(steps=press("s", shows="6 reviews on 3 days"), learned=True),
    "settings": Scene(steps=press("comma", "down", "down", shows="Desired retention")),
    "help": Scene(steps=press("f1", shows=" help")),
}


def make_scene(name: str, folder: Path, theme: str = "ptquiz-dark", default_decks: tuple[Deck, ...] = ()) -> Harness:
    """Return the harness of a scene, with its reviews done. `default_decks` are used by scenes that list none."""
    scene = SCENES[name]
    harness = scene_harness(folder, *(scene.decks or default_decks), theme=theme)
    if scene.learned:
        learn_cards(harness)
    if scene.forgotten:
        forget_card(harness)
    return harness


async def reach_scene(name: str, app: PtquizApp, pilot: Pilot[None]) -> None:
    """Wait until the app has started, then do the scene's steps."""
    await until_started(app, pilot, study=SCENES[name].study)
    await until(pilot, lambda: app.tier == "full" and "f1 Help" in text(app))
    await SCENES[name].steps(app, pilot)
    # What is found in the background, such as the values of each line, belongs to the picture.
    await until(pilot, lambda: not any(worker.is_running for worker in app.workers))


@asynccontextmanager
async def play_scene(name: str, folder: Path, size: tuple[int, int]) -> AsyncIterator[PtquizApp]:
    """Run the app in a scene, on a screen of this size."""
    harness = make_scene(name, folder)
    app = harness.app(() if SCENES[name].study else None)
    async with app.run_test(size=size, notifications=True) as pilot:
        await reach_scene(name, app, pilot)
        yield app
    harness.store.close()
