"""The screens in states worth looking at, for the golden dumps and for the pictures in the documentation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from quizapp.decks.card import Card, CardKind, Check, Choice, Deck
from quizapp.grading.verdict import Outcome
from quizapp.review.memory import Rating
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.study.layout import PaneLayout
from quizapp.tui.study.pane_stack import PaneStack
from tests.tui.harness import Harness, card, deck, opened, text, until

Do = Callable[[PtquizApp, Pilot[None]], Awaitable[None]]

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


def world(folder: Path, *parts: Card | Deck) -> Harness:
    """A stage with two decks and one in Chinese; its settings lie where a learner's would."""
    decks = [part if isinstance(part, Deck) else deck(part) for part in parts] or [
        deck(CODE, card("joining/stack"), title="Joining and splitting tensors"),
        deck(PREDICT, CHOICE, ORDER, title="Reading code"),
        deck(CHINESE, title="张量的形状与拼接，从零开始"),
    ]
    stage = Harness(folder, tuple(decks), Settings())
    harness.locations = Locations(Path("/home/learner/.config/ptquiz/settings.toml"), folder)
    harness.sandbox.warmed.set()
    return stage


def learned(harness: Harness) -> None:
    """Two cards reviewed over a few days, one of them once wrong."""
    for answer, days in (("x", 0), ("right", 3), ("right", 9)):
        harness.clock.pass_(days=days)
        session = harness.session(cards=["joining/cat-rows", "joining/stack"])
        for _ in range(2):
            if session.next() is None:
                break
            verdict = session.submit(answer)
            session.rate(Rating.GOOD if verdict.outcome is Outcome.PASSED else Rating.AGAIN)
    harness.clock.now += timedelta(days=12)


def forgotten(harness: Harness) -> None:
    """One of the learned cards, forgotten since."""
    session = harness.session(cards=["joining/cat-rows"])
    session.next()
    session.submit("answer = torch.stack((x, x))")
    session.rate(Rating.AGAIN)
    harness.clock.pass_(days=1)


async def _nothing(app: PtquizApp, pilot: Pilot[None]) -> None:
    """As it opens."""


def keys(*names: str, sees: str, in_answer: bool = False) -> Do:
    """Press keys until something is seen; `in_answer`: where the answer is given, also where it is not in sight."""

    async def do(app: PtquizApp, pilot: Pilot[None]) -> None:
        if in_answer and app.screen.query_one(PaneStack).shape is PaneLayout.SINGLE:
            await pilot.press("f9")
        await pilot.press(*names)
        await until(pilot, lambda: sees in text(app))

    return do


async def _give_up(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("f7", "f7")
    await until(pilot, lambda: "To remember" in text(app))


async def _sides(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("f5")
    await until(pilot, lambda: "mend it" in text(app))
    await pilot.press("ctrl+f5")
    await until(pilot, lambda: "expected  tensor" in text(app))


async def _leech(app: PtquizApp, pilot: Pilot[None]) -> None:
    """Every card that was ever forgotten is one, by this setting."""
    app.apply(replace(app.settings, leech_lapses=1))
    await pilot.press("l")
    await until(pilot, lambda: "Repeating alone" in text(app))


async def _history(app: PtquizApp, pilot: Pilot[None]) -> None:
    await pilot.press("b")
    await until(pilot, lambda: "5 cards of 5" in text(app) or "6 cards of 6" in text(app))
    await pilot.press("enter")
    await until(pilot, lambda: "History" in text(app))


@dataclass(frozen=True, slots=True)
class Scene:
    """How to get harness."""

    decks: tuple[Card | Deck, ...] = ()
    do: Do = _nothing
    study: bool = False
    learned: bool = False
    forgot: bool = False


SCENES: dict[str, Scene] = {
    "welcome": Scene(),
    "home": Scene(learned=True),
    "question": Scene((CODE,), study=True),
    "question-zh": Scene((CHINESE,), study=True),
    "wrong": Scene((CODE,), keys("f5", sees="mend it"), study=True),
    "sides": Scene((CODE,), _sides, study=True),
    "hint": Scene((CODE,), keys("f2", sees="hint 1 of 2"), study=True),
    "given-up": Scene((CODE,), _give_up, study=True),
    "predict": Scene((PREDICT,), keys("2", "comma", "space", "2", sees="read as", in_answer=True), study=True),
    "choice": Scene((CHOICE,), keys("a", sees="☑", in_answer=True), study=True),
    "order": Scene((ORDER,), keys("shift+down", "x", sees="–", in_answer=True), study=True),
    "output": Scene((CODE,), keys("f6", sees="Tried out"), study=True),
    "passed": Scene((CODE,), keys(*"right", "f5", sees="Enter takes it", in_answer=True), study=True),
    "wrong-zh": Scene((CHINESE,), keys("f5", sees="mend it"), study=True),
    "attempts": Scene((CODE,), keys("f5", "shift+f6", sees="wrong    This"), study=True),
    "practise": Scene(do=keys("p", *"joining", sees="2 cards ·")),
    "leeches": Scene(do=_leech, learned=True, forgot=True),
    "order-zh": Scene((CHINESE_ORDER,), keys("shift+down", sees="损失", in_answer=True), study=True),
    "summary": Scene((CODE,), keys("f8", sees="Nothing is due"), study=True),
    "browse": Scene(do=_history, learned=True),
    "statistics": Scene(do=keys("s", sees="6 reviews on 3 days"), learned=True),
    "settings": Scene(do=keys("comma", "down", "down", sees="desired_retention")),
    "help": Scene(do=keys("f1", sees="Everywhere")),
}


@asynccontextmanager
async def playing(name: str, folder: Path, size: tuple[int, int]) -> AsyncIterator[PtquizApp]:
    """One scene on a screen of this size."""
    scene = SCENES[name]
    stage = world(folder, *scene.decks)
    if scene.learned:
        learned(harness)
    if scene.forgot:
        forgotten(harness)
    async with opened(harness, size, () if scene.study else None) as (app, pilot):
        await until(pilot, lambda: "full" in text(app) and "f1 Help" in text(app))
        await scene.do(app, pilot)
        await pilot.pause()
        yield app
    harness.store.close()
