"""The answer pane of a code card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.message import Message
from textual.timer import Timer
from textual.widgets import OptionList, TextArea

from quizapp.decks.card import Card
from quizapp.errors import PtquizError, SandboxError, UsageError
from quizapp.grading.verdict import Verdict
from quizapp.sandbox.protocol import LineValue, Report
from quizapp.text.verdict_lines import error_headline
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.study.answers.predict_answer import (
    ENTER_IS_DONE,
    ENTER_NEEDS_A_CHANGE,
    ENTER_SUBMITS,
    PredictionField,
)
from quizapp.tui.widgets.call_signature import call_at
from quizapp.tui.widgets.code_assist import CodeAssist
from quizapp.tui.widgets.documentation import Documentation, documentation_code, read_documentation
from quizapp.tui.widgets.editing import clean_pasted, name_around
from quizapp.tui.widgets.editor import CodeEditor, Mark
from quizapp.tui.widgets.find_bar import FindBar
from quizapp.tui.widgets.line_margin import margin_texts
from quizapp.tui.widgets.one_line import asks_for_one_line, is_finished_line

if TYPE_CHECKING:
    from quizapp.tui.app import PtquizApp

PROBLEM_DELAY = 0.6
"""Seconds without a key press after which undefined and unused names are marked."""

ASSIST_SECONDS = 2.0
"""Limit of a run that the learner did not ask for."""


@dataclass
class ProblemsFound(Message, bubble=False):
    """The undefined and unused names of a text."""

    text: str
    problems: list[Mark]


@dataclass
class DocumentationLoaded(Message, bubble=False):
    """What the sandbox found about a name; None if there is nothing to show."""

    documentation: Documentation | None
    reason: str


class CodeAnswer(AnswerPane):
    """An editor with a search bar, name completion, signatures, and marks for undefined and unused names."""

    pane_title = "Answer"
    app: PtquizApp

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._editor = CodeEditor(draft, self._intercept_key, soft_wrap=self.app.settings.soft_wrap, id="editor")
        self._assist = CodeAssist(self._editor, (card.preamble, card.given), self._run_ungraded)
        self._has_one_line = asks_for_one_line(card)
        self._graded: str | None = None
        """The text of the last verdict; Enter does not submit it again, so that a double press is not a second try."""

        self._is_counted = True
        self._problem_pause: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._editor
        yield self._assist
        yield FindBar()
        yield self._assist.list

    @property
    def answer(self) -> str:
        return self._editor.text

    def on_mount(self) -> None:
        self._editor.select_placeholder()
        self._show_enter_hint()
        if self.answer.strip() != self.card.starter.strip():
            self._find_problems(self.answer)

    @property
    def field(self) -> CodeEditor:
        return self._editor

    def show_verdict(self, verdict: Verdict, answer: str) -> None:
        error, proof, line = verdict.error, verdict.proof, verdict.line
        # The lines of a text that was edited during the run are other ones.
        if not line or answer != self._editor.text or line > self._editor.document.line_count:
            self._editor.mark(None)
        elif error:
            self._editor.mark(Mark(line - 1, error_headline(error), error.column, error.end_column))
        elif proof:
            self._editor.mark(Mark(line - 1, proof.text))

    def show_line_values(self, values: Sequence[LineValue], answer: str) -> None:
        if answer == self._editor.text:
            self._editor.show_bindings(margin_texts(values))

    def edit_externally(self) -> None:
        from quizapp.tui.widgets.external_editor import edit

        failure: BaseException | None = None
        try:
            with self.app.suspend():
                # An exception must not leave the block: the app would stay suspended.
                try:
                    text = edit(self.answer)
                except BaseException as error:
                    failure = error
        except SuspendNotSupported as error:
            raise UsageError("this terminal cannot open an external editor") from error
        if failure is not None:
            raise failure
        self._editor.replace_all(clean_pasted(text))

    @on(CodeEditor.ResetRequested)
    def reset(self) -> None:
        """Restore the starter; one undo brings the answer back."""
        if self.answer != self.card.starter:
            self._editor.replace_all(self.card.starter)
            self._editor.select_placeholder()
            self.notify("reset to the starter; Ctrl+Z brings your answer back", markup=False)

    @on(TextArea.Changed, "#editor")
    def handle_change(self) -> None:
        # The mark belongs to the text that was graded.
        self._editor.mark(None)
        self._editor.drop_outdated_problems()
        self._assist.sync_list()
        self._show_enter_hint()
        if self._problem_pause is not None:
            self._problem_pause.stop()
        self._problem_pause = self.set_timer(PROBLEM_DELAY, lambda: self._find_problems(self.answer))
        self.post_message(self.Edited())

    @on(TextArea.SelectionChanged, "#editor")
    def handle_move(self) -> None:
        self._assist.show_signature()

    # Submitting with Enter

    def mark_graded(self, answer: str, *, is_counted: bool) -> None:
        self._graded, self._is_counted = answer, is_counted
        self._show_enter_hint()

    def _show_enter_hint(self) -> None:
        if self._has_one_line:
            done = ENTER_IS_DONE if self._is_counted else ENTER_NEEDS_A_CHANGE
            self._assist.show_hint(done if self.answer == self._graded else ENTER_SUBMITS)

    def _intercept_key(self, key: str) -> bool:
        """Handle a key of the completion list, or one that submits; return False if it belongs to the editor."""
        if self._assist.take_key(key):
            return True
        if not self._has_one_line:
            return False
        if key in PredictionField.NEW_LINE_KEYS:
            self._editor.break_line()
            return True
        is_submitted = key == "enter" and self._editor.selection.is_empty and self._is_finished
        if is_submitted and self.answer != self._graded:
            self.post_message(AnswerPane.Submitted())
        return is_submitted

    @property
    def _is_finished(self) -> bool:
        return is_finished_line(self.answer, *self._editor.cursor_location, self.card.starter)

    # Undefined and unused names

    @work(thread=True, exclusive=True, group="problems", description="find problems")
    def _find_problems(self, text: str) -> None:
        from quizapp.tui.widgets.code_problems import find_problems

        self.post_message(ProblemsFound(text, find_problems(self.card, text)))

    @on(ProblemsFound)
    def show_problems(self, event: ProblemsFound) -> None:
        # The learner may have typed more meanwhile; then another search follows.
        if event.text == self.answer:
            self._editor.show_problems(event.problems)
            self._assist.show_signature()

    # Searching

    @on(CodeEditor.FindRequested)
    def open_find_bar(self) -> None:
        self.query_one(FindBar).open(self._editor.selected_text)

    @on(FindBar.Searched)
    def select_match(self, event: FindBar.Searched) -> None:
        self.query_one(FindBar).has_match = self._editor.select_match(event.query, backwards=event.backwards)

    @on(FindBar.Closed)
    def focus_editor(self) -> None:
        self._editor.focus()

    # Completing

    @on(CodeEditor.Typed)
    def offer_names(self) -> None:
        self._assist.offer_names()

    @on(CodeEditor.CompletionRequested)
    def request_names(self) -> None:
        self._assist.request_names()

    @on(OptionList.OptionSelected, "#names")
    def accept_name(self) -> None:
        self._assist.accept()

    def _run_ungraded(self, code: str, is_waiting: bool) -> Report:
        """Run code after preamble and given, in a thread; briefly if the learner does not wait for it."""
        services = self.app.services
        if services is None or not services.sandbox.ready:
            raise SandboxError("the sandbox is still warming up")
        limits = self.card.limits
        seconds = limits.seconds if is_waiting else min(limits.seconds, ASSIST_SECONDS)
        return services.grader.scratch(replace(self.card, checks=(), limits=replace(limits, seconds=seconds)), code)

    # Documentation

    @on(CodeEditor.DocumentationRequested)
    def request_documentation(self) -> None:
        lines, (row, column) = self._editor.document.lines, self._editor.cursor_location
        call = call_at(lines, row, column)
        name = name_around(lines[row], column) or (call.name if call else "")
        if name:
            self._find_documentation(name, documentation_code(lines, row, name))
        else:
            self.notify("there is no name at the cursor", markup=False, timeout=2)

    @work(thread=True, exclusive=True, group="documentation", description="find documentation")
    def _find_documentation(self, name: str, code: str) -> None:
        found, reason = None, f"{name} is not bound here"
        try:
            found = read_documentation(self._run_ungraded(code, is_waiting=True), name)
        except PtquizError as error:
            reason = error.message
        except Exception as error:
            reason = self.app.errors.add(error, "find documentation")
        self.post_message(DocumentationLoaded(found, reason))

    @on(DocumentationLoaded)
    def show_documentation(self, event: DocumentationLoaded) -> None:
        from quizapp.tui.widgets.documentation_overlay import DocumentationOverlay

        if event.documentation is None:
            self.notify(event.reason, markup=False, timeout=3)
        elif self.screen is self.app.screen:
            self.app.push_screen(DocumentationOverlay(event.documentation))
