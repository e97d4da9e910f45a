"""The loop of a study session on the screen: fetch a card, save its draft, act on it, recover from failures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from quizapp.decks.card import Card
from quizapp.tui.messages import ActionDone, ActionFailed, report_failure
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.pane_screen import PaneScreen
from quizapp.tui.study.study_controller import StudyController
from quizapp.tui.study.study_state import Phase, StudyState

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp

DRAFT_DELAY = 0.3
"""Seconds without a key press after which the draft is saved."""


IN_BACKGROUND = ("draft", "prepare", "hint", "line values", "live checks")
"""Operations for which the screen does not wait: their failure does not change its state."""


class SessionScreen(PaneScreen):
    """A screen over a controller. Threads call the controller and post its messages; only handlers change widgets."""

    app: PtquizApp

    def __init__(self, controller: StudyController) -> None:
        super().__init__()
        self.controller = controller
        self.state = StudyState(is_rated=controller.is_rated)

    def on_mount(self) -> None:
        # The panes must be mounted before the first card arrives.
        self.call_after_refresh(self.fetch_card)

    def enter(self, state: StudyState) -> None:
        """Change the state and everything that depends on its phase."""
        self.state = state
        # Not while the next card is fetched: panes and keys of this one would change for a moment.
        if state.phase is not Phase.LOADING:
            self.panes.set_class(state.phase is Phase.DONE, "-done")
            self.refresh_bindings()

    @property
    def translated_card(self) -> Card:
        """The current card in the learner's language."""
        assert self.state.card is not None
        return self.app.in_language(self.state.card)

    @work(thread=True, group="session", description="call the study controller")
    def request(self, operation: Callable[[], Message | None], name: str) -> None:
        """Run `operation` in a thread and post the message that it returns, or ActionFailed with this name."""
        with report_failure(self, name):
            message = operation()
            if message is not None:
                self.post_message(message)

    def fetch_card(self) -> None:
        self.enter(self.state.fetch())
        self.request(self.controller.next, "next")

    # Drafts

    def sync_answer(self) -> None:
        """Pass the answer to the controller if it has changed.

        Textual posts Changed slightly after the key press, so the text is read from the pane.
        """
        for pane in self.query(AnswerPane):
            answer, card = pane.answer, self.state.card
            if card is not None and self.state.has_new_answer(answer):
                self.state = self.state.sync_answer(answer)
                self.controller.unsaved = (answer, card)

    @on(AnswerPane.Edited)
    def schedule_draft(self) -> None:
        if self.state.phase is not Phase.LOADING:
            self.sync_answer()
            self.set_timer(DRAFT_DELAY, self._save_draft)

    def _save_draft(self) -> None:
        if self.controller.unsaved is not None and self.state.phase is not Phase.LOADING:
            self.request(self.controller.save, "draft")

    # Actions on the card

    def action_redo(self) -> None:
        self.act(lambda: self.controller.act("redo"))

    def action_bury(self) -> None:
        self.act(lambda: self.controller.act("bury"))

    def action_suspend(self) -> None:
        self.act(lambda: self.controller.act("suspend"))

    def action_flag(self) -> None:
        self.act(lambda: self.controller.act("flag"))

    def act(self, operation: Callable[[], Message]) -> None:
        """Save the draft and run `operation`, which may leave the card; ignored while the session is busy."""
        if self.state.is_open:
            self.sync_answer()
            self.enter(self.state.act())
            self.request(lambda: self._save_and(operation), "act")

    def _save_and(self, operation: Callable[[], Message]) -> Message:
        # The last keys may still be within the draft delay. A draft that cannot be saved does not stop the operation.
        with report_failure(self, "draft"):
            self.controller.save()
        return operation()

    @on(ActionDone)
    def finish_action(self, event: ActionDone) -> None:
        if event.message:
            self.notify(event.message, markup=False)
        if event.loads_next:
            self.fetch_card()
        else:
            self._resume()

    @on(ActionFailed)
    def show_failure(self, event: ActionFailed) -> None:
        text = event.line
        if event.operation in IN_BACKGROUND:
            # A notification outlives the status, which the next card replaces.
            self.notify(text, severity="error", markup=False)
            return
        if event.operation == "next":
            self.enter(self.state.fail_fetch())
            text += "\nF8 tries again"
        elif self.state.is_busy:
            self._resume()
        self.show_status(text, error=True)

    def _resume(self) -> None:
        self.enter(self.state.resume())
        # Keys typed while the session was busy are not in the draft yet.
        self.schedule_draft()
