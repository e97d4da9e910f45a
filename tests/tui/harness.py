"""The app on a harness: real session and store, a grader that knows the verdict, a sandbox that is warm when told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.pilot import Pilot

from quizapp.decks.card import Card, Check, Deck
from quizapp.decks.library import Library
from quizapp.errors import SandboxError
from quizapp.grading.findings import Difference, Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.session import Session
from quizapp.review.store import Store
from quizapp.sandbox.protocol import Ending, Machine, Raised, Report
from quizapp.services import Services
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.screens.home_screen import EVERYTHING
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.study_screen import StudyScreen
from tests.review.world import Clock

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader
    from quizapp.sandbox.client import Sandbox

PATIENCE = 60.0
"""Seconds after which a condition that never holds fails the test."""


@dataclass
class FakeSandbox:
    """Warm at once, or when `warmed` is set; `broken` says why it never will be."""

    warmed: Event = field(default_factory=Event)
    broken: str = ""
    closed: bool = False

    @property
    def ready(self) -> bool:
        return self.warmed.is_set()

    def wait(self, timeout: float | None = None) -> Machine:
        self.warmed.wait(timeout)
        if self.broken or self.closed:
            raise SandboxError(self.broken or "the sandbox is closed", "run `ptquiz doctor`")
        return Machine("3.11", "2.13", None, "full")

    def close(self) -> None:
        self.closed = True
        self.warmed.set()


@dataclass
class FakeGrader:
    """Passes an answer that holds `right`; the rest gets the verdict of `verdicts`, or a wrong one."""

    sandbox: FakeSandbox
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    graded: list[str] = field(default_factory=list)
    held: Event | None = None
    """While this is not set, grading takes its time."""

    cancelled: bool = False

    def prepare(self, card: Card) -> None:
        """Nothing has to be run ahead."""

    def grade(self, card: Card, answer: str) -> Verdict:
        self.sandbox.wait()
        if self.held is not None:
            self.held.wait(PATIENCE)
        self.graded.append(answer)
        if self.cancelled:
            return Verdict(card.name, Outcome.CRASHED, detail="cancelled")
        for text, verdict in self.verdicts.items():
            if text in answer:
                return replace(verdict, card=card.name)
        if "right" in answer or answer == card.solution:
            checks = tuple(CheckVerdict(check, CheckState.AGREES, Finding(True, "")) for check in card.checks)
            return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0, checks, seconds=0.01, tier="full")
        return wrong(card)

    def truth(self, card: Card) -> Side | None:
        return Side("Size", "torch.Size([2, 3])")

    def scratch(self, card: Card, answer: str) -> Report:
        self.sandbox.wait()
        return Report(Ending.FINISHED, stdout=f"tried {answer}\n", seconds=0.01)

    def cancel(self) -> None:
        self.cancelled = True
        if self.held is not None:
            self.held.set()


def wrong(card: Card) -> Verdict:
    """A transposed matrix: both sides, a mask, a diagnosis."""
    expected = Side("tensor", "", (2, 3), "torch.float32", "cpu", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0))
    got = Side("tensor", "", (2, 3), "torch.float32", "cpu", (0.0, 2.0, 4.0, 1.0, 3.0, 5.0))
    finding = Finding(
        False,
        "4 of 6 elements differ",
        "This is the reference's result transposed, then reshaped: the elements are in another order.",
        "transposed",
        expected,
        got,
        4,
        6,
        (Difference((0, 1), "1.0", "2.0"), Difference((0, 2), "2.0", "4.0")),
        2.0,
        1.0,
        ((False, True, True), (True, True, False)),
    )
    checks = (
        CheckVerdict(Check("answer.shape"), CheckState.AGREES, Finding(True, "")),
        CheckVerdict(Check("answer", says="Look at the order of the dimensions."), CheckState.DIFFERS, finding),
        CheckVerdict(Check("answer + 1", hidden=True), CheckState.DIFFERS, finding),
    )
    return Verdict(card.name, Outcome.WRONG, 1 / 3, 1.0, 3.0, checks, stdout="hello\n", seconds=0.02, tier="full")


def raised(message: str = "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", line: int = 1) -> Verdict:
    """An answer that raised on one of its lines."""
    error = Raised(
        "RuntimeError", message, line=line, column=0, end_column=6, source="answer = x @ x", trace="Traceback …"
    )
    return Verdict("", Outcome.ERROR, of=1.0, error=error, cause="The inner sizes of a product must agree.")


def card(name: str, **facts: Any) -> Card:
    """A code card with the least that there is to a card."""
    deck, _, id = name.partition("/")
    given = {
        "question": f"Bind `answer` to what **{id}** asks for.",
        "checks": (Check("answer"),),
        "solution": "answer = right",
        "starter": "answer = ...\n",
        "title": id.replace("-", " ").capitalize(),
    }
    return Card(deck, id, **{**given, **facts})


@dataclass
class Harness:
    """Everything that the app is handed."""

    folder: Path
    decks: tuple[Deck, ...]
    settings: Settings = field(default_factory=Settings)
    clock: Clock = field(default_factory=Clock)
    sandbox: FakeSandbox = field(default_factory=FakeSandbox)

    def __post_init__(self) -> None:
        self.grader = FakeGrader(self.sandbox)
        self.locations = Locations(self.folder / "settings.toml", self.folder)
        self.store = Store(self.folder / "reviews.db")

    def services(self) -> Services:
        """Opened anew for each app, as the store is closed with it."""
        grader, sandbox = cast("Grader", self.grader), cast("Sandbox", self.sandbox)
        return Services(Library(self.decks), self.store, sandbox, grader, self.clock)

    def app(self, start_with: tuple[str, ...] | None = None) -> PtquizApp:
        """`start_with`: decks that are studied at once, none of them for everything."""

        def at_once(app: PtquizApp) -> None:
            app.study(decks=list(start_with or ()) or None)

        start = None if start_with is None else at_once
        return PtquizApp(self.services, self.settings, self.locations, self.clock, start)

    def session(self, cards: list[str] | None = None) -> Session:
        """A second session on the same store, to learn cards ahead of a test."""
        return Session(Library(self.decks), self.grader, self.store, self.settings, self.clock, cards=cards)


def deck(*cards: Card, **facts: Any) -> Deck:
    slug = cards[0].deck
    given: dict[str, Any] = {"title": slug.title(), "path": Path(f"/nowhere/{slug}.yaml"), **facts}
    return Deck(slug, given.pop("title"), cards, given.pop("path"), **given)


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let the app go on until a condition holds."""
    try:
        async with asyncio.timeout(PATIENCE):
            # A pause ends when the process is idle, which may be long after this holds.
            while not holds():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"never came to be; the screen shows:\n{text(pilot.app)}") from None
    await pilot.pause()


def text(app: App[Any]) -> str:
    """The screen as lines of text, blanks at their ends removed."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


@asynccontextmanager
async def opened(
    harness: Harness, size: tuple[int, int] = (80, 24), start_with: tuple[str, ...] | None = None
) -> AsyncIterator[tuple[PtquizApp, Pilot[None]]]:
    """The app, with Home filled (or the first card shown, where it goes straight to studying)."""
    app = harness.app(start_with)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.services is not None)
        if start_with is None:
            await until(pilot, lambda: EVERYTHING in text(app))
        else:
            await until(pilot, lambda: isinstance(app.screen, StudyScreen) and app.screen.query(AnswerPane))
        yield app, pilot
