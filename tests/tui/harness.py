"""The app with a real session and store, a fake grader with fixed verdicts, and a fake sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from textual.app import App
from textual.pilot import Pilot

from quizapp.decks.card import Card, Check, Deck
from quizapp.decks.library import Library
from quizapp.errors import SandboxError
from quizapp.grading.judge_protocol import Difference, Finding, Mismatch, Side
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.review.session import Session
from quizapp.review.store import Store
from quizapp.sandbox.protocol import Ending, LineValue, Machine, Raised, Report
from quizapp.services import Services
from quizapp.settings import Locations, Settings
from quizapp.tui.app import PtquizApp
from quizapp.tui.screens.home_screen import EVERYTHING
from quizapp.tui.study.study_screen import StudyScreen
from quizapp.tui.study.study_state import Phase
from tests.review.harness import Clock

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader
    from quizapp.sandbox.client import Sandbox

TIMEOUT = 10.0
"""Seconds after which an unmet condition fails the test."""


@dataclass
class FakeSandbox:
    """A sandbox that is ready once `warmed` is set. `broken` is the error of a sandbox that never starts."""

    warmed: Event = field(default_factory=Event)
    broken: str = ""
    closed: bool = False
    cuda_problem: str | None = None

    @property
    def ready(self) -> bool:
        return self.warmed.is_set()

    def wait(self, timeout: float | None = None) -> Machine:
        self.warmed.wait(timeout)
        if self.broken or self.closed:
            raise SandboxError(self.broken or "the sandbox is closed", "run `ptquiz doctor`")
        return Machine("3.11", "2.13", None, "full", cuda_problem=self.cuda_problem)

    def close(self) -> None:
        self.closed = True
        self.warmed.set()


@dataclass
class FakeGrader:
    """A grader that passes answers containing `right` or equal to the solution; others are wrong.

    `verdicts` maps a text that an answer contains to its verdict and takes precedence.
    """

    sandbox: FakeSandbox
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    graded: list[str] = field(default_factory=list)
    held: Event | None = None
    """Grading waits until this is set."""

    cancelled: bool = False

    def prepare(self, card: Card) -> None:
        """Do nothing: there is no reference to run."""

    def grade(self, card: Card, answer: str) -> Verdict:
        self.sandbox.wait()
        if self.held is not None:
            self.held.wait(TIMEOUT)
        self.graded.append(answer)
        if self.cancelled:
            return Verdict(card.name, Outcome.CRASHED, detail="cancelled")
        for text, verdict in self.verdicts.items():
            if text in answer:
                return replace(verdict, card=card.name)
        if "right" in answer or answer == card.solution:
            checks = tuple(CheckVerdict(check, CheckState.AGREES, Finding(True, "")) for check in card.checks)
            return Verdict(card.name, Outcome.PASSED, 1.0, 1.0, 1.0, checks, seconds=0.01, tier="full")
        return wrong_verdict(card)

    def reveal(self, card: Card) -> Side | None:
        return Side("Size", "torch.Size([2, 3])")

    def scratch(self, card: Card, answer: str, *, history: tuple[str, ...] = ()) -> Report:
        self.sandbox.wait()
        values = (LineValue(1, "int64 (2,)"),)
        return Report(Ending.FINISHED, stdout=f"tried {answer}\n", seconds=0.01, lines=values)

    def line_values(self, card: Card, answer: str) -> tuple[LineValue, ...]:
        return (LineValue(1, "float32 (2, 3)"),)

    def check_states(self, card: Card, answer: str) -> tuple[CheckState, ...]:
        state = CheckState.AGREES if "right" in answer else CheckState.DIFFERS
        return (state,) * sum(not check.hidden for check in card.checks)

    def cancel(self) -> None:
        self.cancelled = True
        if self.held is not None:
            self.held.set()


def wrong_verdict(card: Card) -> Verdict:
    """Return the verdict on a transposed matrix: both sides, a mask, a diagnosis, a hidden check."""
    expected = Side("tensor", "", (2, 3), "torch.float32", "cpu", (0.0, 1.0, 2.0, 3.0, 4.0, 5.0))
    got = Side("tensor", "", (2, 3), "torch.float32", "cpu", (0.0, 2.0, 4.0, 1.0, 3.0, 5.0))
    places = (Difference((0, 1), "1.0", "2.0"), Difference((0, 2), "2.0", "4.0"))
    mask = ((False, True, True), (True, True, False))
    mismatch = Mismatch("4 of 6 elements differ", "value", 4, 6, places, 2.0, 1.0, mask)
    finding = Finding(
        False,
        mismatch.summary,
        "This is the reference's result transposed, then reshaped: the elements are in another order.",
        Mistake.TRANSPOSED,
        expected,
        got,
        Mismatch(
            "4 of 6 elements differ",
            differing=4,
            total=6,
            places=(Difference((0, 1), "1.0", "2.0"), Difference((0, 2), "2.0", "4.0")),
            largest_absolute=2.0,
            largest_relative=1.0,
            mask=((False, True, True), (True, True, False)),
        ),
    )
    checks = (
        CheckVerdict(Check("answer.shape"), CheckState.AGREES, Finding(True, "")),
        CheckVerdict(Check("answer", says="Look at the order of the dimensions."), CheckState.DIFFERS, finding),
        CheckVerdict(Check("answer + 1", hidden=True), CheckState.DIFFERS, finding),
    )
    return Verdict(card.name, Outcome.WRONG, 1 / 3, 1.0, 3.0, checks, stdout="hello\n", seconds=0.02, tier="full")


def error_verdict(message: str = "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", line: int = 1) -> Verdict:
    """Return the verdict on an answer that raised an exception."""
    error = Raised(
        "RuntimeError", message, line=line, column=0, end_column=6, source="answer = x @ x", trace="Traceback …"
    )
    return Verdict("", Outcome.ERROR, of=1.0, error=error, cause="The inner sizes of a product must agree.")


def card(name: str, **facts: Any) -> Card:
    """Return a code card with default values for everything but its name."""
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
    """The arguments of the app: decks, settings, clock, store, fake sandbox and grader."""

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
        """Return the services for one app, which closes the store when it ends."""
        grader, sandbox = cast("Grader", self.grader), cast("Sandbox", self.sandbox)
        return Services(Library(self.decks), self.store, sandbox, grader, self.clock)

    def app(self, start_with: tuple[str, ...] | None = None) -> PtquizApp:
        """Return an app. With `start_with` it opens the study screen with these decks, or with all if empty."""

        def study(app: PtquizApp) -> None:
            app.study(decks=list(start_with or ()) or None)

        on_ready = None if start_with is None else study
        return PtquizApp(self.services, self.settings, self.locations, self.clock, on_ready)

    def session(self, cards: list[str] | None = None) -> Session:
        """Return another session on the same store, to review cards before a test."""
        return Session(Library(self.decks), self.grader, self.store, self.settings, self.clock, cards=cards)


MakeHarness: TypeAlias = Callable[..., Harness]
"""The type of the fixture `make_harness`."""


def deck(*cards: Card, **facts: Any) -> Deck:
    """Return a deck of these cards, named after the first one's deck."""
    slug = cards[0].deck
    given: dict[str, Any] = {"title": slug.title(), "path": Path(f"/nowhere/{slug}.yaml"), **facts}
    return Deck(slug, given.pop("title"), cards, given.pop("path"), **given)


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until `condition` is true. Raises AssertionError with the screen's text after `TIMEOUT` seconds."""
    try:
        async with asyncio.timeout(TIMEOUT):
            # `pilot.pause` returns only when the process is idle, which may be much later.
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not true within {TIMEOUT:g} s; the screen shows:\n{text(pilot.app)}") from None
    await pilot.pause()


def text(app: App[Any]) -> str:
    """Return the screen as lines of text without trailing spaces."""
    # Remove when Textual exports the screen as text: `export_screenshot` returns SVG only.
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


@asynccontextmanager
async def open_app(
    harness: Harness, size: tuple[int, int] = (80, 24), start_with: tuple[str, ...] | None = None
) -> AsyncIterator[tuple[PtquizApp, Pilot[None]]]:
    """Run the app until Home shows the decks, or with `start_with` until the study screen shows a card."""
    app = harness.app(start_with)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until_started(app, pilot, study=start_with is not None)
        yield app, pilot


def is_answering(app: PtquizApp) -> bool:
    """Return whether the study screen shows a card that can be answered."""
    return isinstance(app.screen, StudyScreen) and app.screen.state.phase is Phase.ANSWERING


async def until_started(app: PtquizApp, pilot: Pilot[None], *, study: bool) -> None:
    """Wait until Home shows the decks, or with `study` until the study screen shows a card."""
    await until(pilot, lambda: app.services is not None)
    if study:
        await until(pilot, lambda: is_answering(app))
    else:
        await until(pilot, lambda: EVERYTHING in text(app))
