"""The answer pane of a code card: the editor, its search line, and the names that complete what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.text_area import Selection

from quizapp.decks.card import Card
from quizapp.errors import PtquizError
from quizapp.grading.verdict import Verdict
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.completion import CompletionList
from quizapp.tui.widgets.completion_source import CompletionName, CompletionRequest, names, question, wanted
from quizapp.tui.widgets.editing import opening
from quizapp.tui.widgets.editor import CodeEditor, Mark
from quizapp.tui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from quizapp.services import Services
    from quizapp.tui.app import PtquizApp


@dataclass
class NamesLoaded(Message, bubble=False):
    """The sandbox's answer to one question for names."""

    want: CompletionRequest
    names: list[CompletionName]
    why: str = ""
    """Why there are none."""


class CodeAnswer(AnswerPane):
    """What the learner writes is what is graded."""

    app: PtquizApp

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._names = CompletionList()
        self._editor = CodeEditor(draft, self._lead, id="editor")

    def compose(self) -> ComposeResult:
        yield self._editor
        yield FindBar()
        yield self._names

    @property
    def answer(self) -> str:
        return self._editor.text

    def on_mount(self) -> None:
        start, end = opening(self._editor.text)
        self._editor.selection = Selection(start, end)

    def take_focus(self) -> None:
        self._editor.focus()

    def graded(self, verdict: Verdict) -> None:
        error = verdict.error
        if error is None or not error.line or error.line > self._editor.document.line_count:
            self._editor.mark(None)
            return
        message = f"{error.type}: {error.message}"
        self._editor.mark(Mark(error.line - 1, message, error.column, error.end_column))

    def replace(self, text: str) -> None:
        last = self._editor.document.line_count - 1
        self._editor.replace(text, (0, 0), (last, len(self._editor.document.get_line(last))))

    @on(TextArea.Changed, "#editor")
    def changed(self) -> None:
        # The verdict was about another text.
        self._editor.mark(None)
        if self._names.is_open:
            self._names.narrow(self._wanted.stem)
        self.post_message(self.Edited())

    # Searching

    @on(CodeEditor.Asked)
    def asked(self, event: CodeEditor.Asked) -> None:
        if event.what == "find":
            self.query_one(FindBar).open(self._editor.selected_text)
        elif self.app.services is not None:
            self._ask(self.app.services, self._wanted)

    @on(FindBar.Sought)
    def sought(self, event: FindBar.Sought) -> None:
        self.query_one(FindBar).found = self._editor.seek(event.words, back=event.back)

    @on(FindBar.Closed)
    def closed(self) -> None:
        self._editor.focus()

    # Completing

    @property
    def _wanted(self) -> CompletionRequest:
        return wanted(self._editor.document.lines, *self._editor.cursor_location)

    @work(thread=True, exclusive=True, group="names", description="ask for names")
    def _ask(self, services: Services, want: CompletionRequest) -> None:
        if not services.sandbox.ready:
            self.post_message(NamesLoaded(want, [], "the sandbox is still warming up"))
            return
        try:
            report = services.grader.scratch(self.card, question(want))
        except PtquizError as error:
            self.post_message(NamesLoaded(want, [], error.message))
        else:
            self.post_message(NamesLoaded(want, names(report), "nothing in scope fits"))

    @on(NamesLoaded)
    def found(self, event: NamesLoaded) -> None:
        now = self._wanted
        if now.owner != event.want.owner or not now.stem.startswith(event.want.stem):
            return
        if not event.names:
            self.notify(event.why, markup=False, timeout=2)
            return
        self._names.offer(event.names, now.stem, self._editor.cursor_screen_offset)
        if len(event.names) == 1:
            self._accept()

    def _lead(self, key: str) -> bool:
        """The keys that the open list takes from the editor."""
        if not self._names.is_open:
            return False
        if key in ("up", "down"):
            self._names.step(1 if key == "down" else -1)
        elif key in ("enter", "tab"):
            self._accept()
        elif key == "escape":
            self._names.close()
        else:
            if key in ("left", "right", "home", "end", "pageup", "pagedown"):
                self._names.close()
            return False
        return True

    @on(OptionList.OptionSelected, "#names")
    def _accept(self) -> None:
        name = self._names.chosen
        if name is not None:
            row, column = self._editor.cursor_location
            start = (row, column - len(self._wanted.stem))
            self._editor.replace(name.text, start, (row, column), maintain_selection_offset=False)
        self._names.close()
