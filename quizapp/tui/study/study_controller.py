"""The study screen's access to session and grader. Each call blocks and runs in a thread; it returns a message."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError
from quizapp.grading.cancellable_grader import CancellableGrader, Cancelled
from quizapp.grading.console import Console
from quizapp.review.memory import Rating
from quizapp.settings import Settings
from quizapp.tui.messages import (
    ActionDone,
    AnswerGraded,
    CardLoaded,
    ChecksTried,
    ConsoleFinished,
    Intervals,
    LineValuesFound,
    ScratchFinished,
    SolutionRevealed,
    UndoOffered,
)

if TYPE_CHECKING:
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.rating import Proposal
    from quizapp.review.session import Session
    from quizapp.review.store import Attempt
    from quizapp.services import Services


PUT_ASIDE = {"bury": "buried until tomorrow", "suspend": "suspended; resume it in Browse"}
"""Action -> what the learner is told."""


def history_message(action: str, entry: str | None, *, is_practice: bool = False) -> str:
    """Return what undo or redo did; `entry` is None if there was nothing to do."""
    if entry is None:
        where = " in this practice" if is_practice and action == "undo" else ""
        return f"nothing to {action}{where}"
    return f"undone: {entry}; Ctrl+F7 redoes it" if action == "undo" else f"done again: {entry}"


class StudyController:
    """A study session, opened with its first card. Every call may raise PtquizError."""

    is_rated = True
    """Whether each card ends with a rating."""

    def __init__(
        self,
        services: Services,
        settings: Settings,
        decks: Sequence[str] | None = None,
        cards: Sequence[str] | None = None,
        practice: PracticeFilter | None = None,
    ) -> None:
        self._services, self._settings, self._selection = services, settings, (decks, cards, practice)
        self._grader = CancellableGrader(services.grader)
        self._current_session: Session | None = None
        self._save_lock = Lock()
        self._console: tuple[Card, Console] | None = None
        """The console of the last card that used it."""

        self._has_undone = False
        """Whether the next card is shown because its rating was undone."""

        self._is_cuda_reported = False
        self._cuda_problem: str | None = None
        self.unsaved: tuple[str, Card] | None = None
        """An answer that is not saved yet, and its card; set by the screen only."""

        self.session_note = "practice, outside the schedule" if practice is not None else ""
        """How this session differs from a normal one."""

    @property
    def _session(self) -> Session:
        if self._current_session is None:
            self._current_session = self._services.session(self._settings, *self._selection, grader=self._grader)
        return self._current_session

    def _report_cuda(self) -> None:
        """Report to the session whether there is a GPU, once the sandbox is ready; it skips cards that need one."""
        if not self._is_cuda_reported and self._services.sandbox.ready:
            machine = self._services.sandbox.wait(0)
            self._session.set_cuda(machine.cuda is not None)
            self._is_cuda_reported = True
            self._cuda_problem = machine.cuda_problem if machine.cuda is None else None

    def _take_notice(self) -> str:
        """Return, once, why cards wait for CUDA."""
        if not self._cuda_problem or not self._services.store.cards.waiting():
            return ""
        problem, self._cuda_problem = self._cuda_problem, None
        return f"Cards that need a GPU wait, because CUDA did not start: {problem}"

    @property
    def card(self) -> Card | None:
        return self._current_session.card if self._current_session else None

    def next(self) -> CardLoaded:
        """Return the next card with its draft and earlier attempts, or the summary if no card is left."""
        session = self._session
        self._report_cuda()
        card = session.next()
        if card is None:
            return CardLoaded(None, summary=session.summary(), notice=self._take_notice())
        attempts, draft = self._attempts(card), session.draft
        proposal, intervals = self.propose() if self._has_undone and session.is_done else (None, {})
        self._has_undone = False
        if proposal is not None and attempts:
            # As it was before the rating, so that another one can be chosen.
            draft = attempts[0].answer
        return CardLoaded(
            card,
            draft,
            attempts,
            proposal=proposal,
            intervals=intervals,
            changed=session.has_changed,
            remaining=session.remaining(),
            totals=session.totals,
            notice=self._take_notice(),
        )

    def prepare(self, card: Card) -> None:
        """Run the reference while the learner thinks; its errors are reported when an answer is submitted."""
        try:
            self._services.grader.prepare(card)
        except PtquizError:
            return

    def grade(self, answer: str) -> AnswerGraded | None:
        """Return the verdict on `answer`; None if the run was cancelled."""
        session, card = self._session, self.card
        assert card is not None
        self.save()
        try:
            verdict = session.submit(answer)
        except Cancelled:
            return None
        return AnswerGraded(card, answer, verdict, *self.propose(), self._attempts(card))

    def propose(self) -> tuple[Proposal | None, Intervals]:
        """Return the proposed rating and the interval after each rating; practice changes no interval."""
        session = self._session
        if not session.is_rateable:
            return None, {}
        intervals = session.intervals()
        return session.proposal(), dict.fromkeys(intervals) if session.is_practice else intervals

    def scratch(self, card: Card, answer: str) -> ScratchFinished | None:
        """Run `answer` without grading it; None if the run was cancelled."""
        try:
            return ScratchFinished(card, answer, self._grader.scratch(card, answer))
        except Cancelled:
            return None

    def enter_code(self, card: Card, code: str) -> ConsoleFinished:
        """Run code that was entered into the console of `card`."""
        if self._console is None or self._console[0] is not card:
            self._console = card, Console(self._grader, card)
        try:
            return ConsoleFinished(card, self._console[1].enter(code))
        except Cancelled:
            return ConsoleFinished(card, None)

    def line_values(self, card: Card, answer: str) -> LineValuesFound | None:
        """Return what each line of `answer` bound; None if it cannot be run."""
        try:
            return LineValuesFound(card, answer, self._grader.line_values(card, answer))
        except (Cancelled, PtquizError):
            return None

    def check_states(self, card: Card, answer: str) -> ChecksTried:
        """Return the states of the visible checks of `answer`, which is not graded."""
        return ChecksTried(card, answer, self._grader.check_states(card, answer))

    def cancel(self) -> None:
        """Cancel the current run and those that wait for the sandbox."""
        self._grader.cancel()

    def take_hint(self) -> str | None:
        """Take the next hint; None if there are no more."""
        return self._session.take_hint()

    @property
    def hints_taken(self) -> int:
        return self._session.hints_taken

    def reveal(self) -> SolutionRevealed:
        """Give up on the current card."""
        session, card = self._session, self.card
        assert card is not None
        session.give_up()
        truth = self._grader.reveal(card) if card.kind is CardKind.PREDICT else None
        return SolutionRevealed(card, *self.propose(), truth.text if truth else "")

    def rate(self, rating: Rating) -> ActionDone:
        """Rate the current card. Durable on return."""
        self._session.rate(rating)
        return ActionDone("rate")

    def act(self, action: str) -> ActionDone:
        """Skip, bury, suspend or flag the current card, undo the last entry or redo it. Durable on return."""
        session = self._session
        if action in ("undo", "redo"):
            entry = session.undo() if action == "undo" else session.redo()
            self._has_undone = action == "undo" and entry is not None
            message = history_message(action, entry, is_practice=session.is_practice)
            return ActionDone(action, message, loads_next=entry is not None)
        if action == "flag":
            return ActionDone(action, "flagged" if session.flag() else "no longer flagged", loads_next=False)
        {"skip": session.skip, "bury": session.bury, "suspend": session.suspend}[action]()
        return ActionDone(action, PUT_ASIDE.get(action))

    def offer_undo(self) -> UndoOffered:
        """Return what undo would undo."""
        return UndoOffered(self._session.last_entry())

    def save(self) -> None:
        """Save `unsaved` as the draft of the current card; do nothing if the session has left that card."""
        # Read inside the lock: of two threads that save, the later one must not write an older text.
        with self._save_lock:
            unsaved = self.unsaved
            if unsaved is not None and unsaved[1] is self.card:
                self._session.save_draft(unsaved[0])
                # The screen may have set a newer answer meanwhile.
                if self.unsaved is unsaved:
                    self.unsaved = None

    def _attempts(self, card: Card) -> tuple[Attempt, ...]:
        return tuple(self._services.store.drafts.attempts(card.name))
