"""The answer pane of a code card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.text_area import Selection

from quizapp.decks.card import Card
from quizapp.errors import PtquizError, UsageError
from quizapp.grading.verdict import Verdict
from quizapp.text.verdict_lines import error_headline
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.completion import CompletionList
from quizapp.tui.widgets.completion_source import (
    CompletionName,
    CompletionRequest,
    completion_code,
    completion_request,
    read_names,
)
from quizapp.tui.widgets.editing import clean_pasted, initial_selection
from quizapp.tui.widgets.editor import CodeEditor, Mark
from quizapp.tui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp


@dataclass
class NamesLoaded(Message, bubble=False):
    """The names that the sandbox found for a completion."""

    request: CompletionRequest
    names: list[CompletionName]
    reason: str = ""
    """Shown if there are no names."""


class CodeAnswer(AnswerPane):
    """An editor with a search bar and name completion."""

    pane_title = "Answer"
    app: PtquizApp

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._names = CompletionList()
        self._editor = CodeEditor(draft, self._handle_list_key, id="editor")

    def compose(self) -> ComposeResult:
        yield self._editor
        yield FindBar()
        yield self._names

    @property
    def answer(self) -> str:
        return self._editor.text

    def on_mount(self) -> None:
        start, end = initial_selection(self._editor.text)
        self._editor.selection = Selection(start, end)

    def take_focus(self) -> None:
        self._editor.focus()

    def show_verdict(self, verdict: Verdict, answer: str) -> None:
        error, proof, line = verdict.error, verdict.proof, verdict.line
        # The lines of a text that was edited during the run are other ones.
        if not line or answer != self._editor.text or line > self._editor.document.line_count:
            self._editor.mark(None)
        elif error:
            self._editor.mark(Mark(line - 1, error_headline(error), error.column, error.end_column))
        elif proof:
            self._editor.mark(Mark(line - 1, proof.text))

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
        # One replacement, so that one undo restores the answer.
        last = self._editor.document.line_count - 1
        self._editor.replace(clean_pasted(text), (0, 0), (last, len(self._editor.document.get_line(last))))

    @on(TextArea.Changed, "#editor")
    def handle_change(self) -> None:
        # The mark belongs to the text that was graded.
        self._editor.mark(None)
        if self._names.is_open:
            self._names.filter(self._completion_request.prefix)
        self.post_message(self.Edited())

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

    @on(CodeEditor.CompletionRequested)
    def request_names(self) -> None:
        if self.app.services is not None:
            self._find_names(self.app.services, self._completion_request)

    @property
    def _completion_request(self) -> CompletionRequest:
        return completion_request(self._editor.document.lines, *self._editor.cursor_location)

    @work(thread=True, exclusive=True, group="names", description="find names")
    def _find_names(self, services: Services, request: CompletionRequest) -> None:
        if not services.sandbox.ready:
            self.post_message(NamesLoaded(request, [], "the sandbox is still warming up"))
            return
        try:
            report = services.grader.scratch(self.card, completion_code(request))
        except PtquizError as error:
            self.post_message(NamesLoaded(request, [], error.message))
        except Exception as error:
            self.post_message(NamesLoaded(request, [], self.app.errors.add(error, "find names")))
        else:
            self.post_message(NamesLoaded(request, read_names(report), "no name in scope matches"))

    @on(NamesLoaded)
    def show_names(self, event: NamesLoaded) -> None:
        current = self._completion_request
        # The learner may have typed more, or moved the cursor, since the request.
        if current.owner != event.request.owner or not current.prefix.startswith(event.request.prefix):
            return
        if not event.names:
            self.notify(event.reason, markup=False, timeout=2)
            return
        self._names.open(event.names, current.prefix, self._editor.cursor_screen_offset)
        if len(event.names) == 1:
            self._accept_name()

    def _handle_list_key(self, key: str) -> bool:
        """Handle a key of the open completion list; return False if it belongs to the editor."""
        if not self._names.is_open:
            return False
        if key in ("up", "down"):
            self._names.move(1 if key == "down" else -1)
        elif key in ("enter", "tab"):
            self._accept_name()
        elif key == "escape":
            self._names.close()
        else:
            if key in ("left", "right", "home", "end", "pageup", "pagedown"):
                self._names.close()
            return False
        return True

    @on(OptionList.OptionSelected, "#names")
    def _accept_name(self) -> None:
        name = self._names.selected_name
        if name is not None:
            row, column = self._editor.cursor_location
            start = (row, column - len(self._completion_request.prefix))
            self._editor.replace(name.text, start, (row, column), maintain_selection_offset=False)
        self._names.close()
