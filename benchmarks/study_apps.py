"""Apps of ptquiz on cards and reviews that are made here, for the benchmarks of the screens."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from quizapp.decks.card import Card, Check, Deck
from quizapp.decks.library import Library
from quizapp.grading.grader import JUDGE, Grader
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.memory import Rating
from quizapp.review.store import Store
from quizapp.sandbox.client import Sandbox
from quizapp.services import Services, utc_now
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp

if TYPE_CHECKING:
    from quizapp.sandbox.protocol import Machine

GIVEN = "x = torch.arange(6.).reshape(2, 3)\ny = x.clone()\n"


class IdleSandbox:
    """A sandbox that never starts, so that importing torch does not slow what is measured."""

    ready = False

    def wait(self, timeout: float | None = None) -> Machine:
        from quizapp.sandbox.protocol import Machine

        return Machine("3.11", "2.13", None, "full")

    def start(self) -> None:
        pass

    def close(self) -> None:
        pass


class PassingGrader:
    """A grader that passes every answer at once."""

    def prepare(self, card: Card) -> None:
        pass

    def grade(self, card: Card, answer: str) -> Verdict:
        checks = tuple(CheckVerdict(check, CheckState.AGREES, Finding(True, "")) for check in card.checks)
        return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0, checks, seconds=0.01, tier="full")

    def cancel(self) -> None:
        pass


def code_card(deck: str, number: int) -> Card:
    """Return a code card that looks like the shipped ones; its texts depend on `number`."""
    question = (
        f"Join `x` and `y` along dimension {number % 2}, **without** a copy of either.\n\n"
        f"- Bind the result to `answer`.\n- Its shape is `({2 + number % 5}, 3)`.\n"
    )
    return Card(
        deck,
        f"card-{number}",
        question,
        title=f"Join tensors, part {number}",
        checks=(Check("answer.shape"), Check("answer")),
        preamble="import torch\n",
        given=GIVEN,
        starter=f"# part {number}\nanswer = ...\n",
        solution="answer = torch.cat((x, y))",
        hints=("Look at `torch.cat`.",),
        trusted=True,
    )


def deck_of(folder: Path, slug: str, cards: int) -> Deck:
    path = folder / f"{slug}.yaml"
    path.touch()
    return Deck(slug, slug.title(), tuple(code_card(slug, number) for number in range(cards)), path)


def fake_services(folder: Path, decks: tuple[Deck, ...]) -> Services:
    """Return services with a store on disk, a sandbox that is idle, and a grader that passes every answer."""
    grader, sandbox = cast("Grader", PassingGrader()), cast("Sandbox", IdleSandbox())
    return Services(Library(decks), Store(folder / "reviews.db"), sandbox, grader, utc_now)


class TimedGrader(Grader):
    """A grader that records the milliseconds of each verdict."""

    def __init__(self, sandbox: Sandbox, times: list[float]) -> None:
        super().__init__(sandbox)
        self.times = times

    def grade(self, card: Card, answer: str, *, explain: bool = True) -> Verdict:
        start = time.perf_counter()
        verdict = super().grade(card, answer, explain=explain)
        self.times.append((time.perf_counter() - start) * 1000)
        return verdict


def real_services(folder: Path, decks: tuple[Deck, ...], times: list[float]) -> Services:
    """Return services with a sandbox and a grader that adds the milliseconds of each verdict to `times`."""
    sandbox = Sandbox(judge=JUDGE)
    sandbox.start()
    return Services(Library(decks), Store(folder / "reviews.db"), sandbox, TimedGrader(sandbox, times), utc_now)


def answer_cards(services: Services, settings: Settings, count: int) -> None:
    """Review this many cards."""
    session = services.session(replace(settings, reviews_per_day=count))
    for _ in range(count):
        session.next()
        session.submit("answer = ...")
        session.rate(Rating.GOOD)


def app_of(services: Callable[[], Services], folder: Path) -> PtquizApp:
    settings = replace(Settings(), new_per_day=1000)
    return PtquizApp(services, settings, Locations(folder / "settings.toml", folder), utc_now)
