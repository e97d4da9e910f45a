"""The answer pane of a code card: the editor and its search line."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from quizapp.decks.card import Card
from quizapp.grading.verdict import Verdict
from quizapp.tui.answers import AnswerPane
from quizapp.tui.editor import CodeEditor, Mark
from quizapp.tui.find import FindBar


class CodeAnswer(AnswerPane):
    """What the learner writes is what is graded."""

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._editor = CodeEditor(draft, id="editor")

    def compose(self) -> ComposeResult:
        yield self._editor
        yield FindBar()

    @property
    def answer(self) -> str:
        return self._editor.text

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
        self.post_message(self.Edited())

    @on(CodeEditor.Asked)
    def asked(self, event: CodeEditor.Asked) -> None:
        self.query_one(FindBar).open(self._editor.selected_text)

    @on(FindBar.Sought)
    def sought(self, event: FindBar.Sought) -> None:
        self.query_one(FindBar).found = self._editor.seek(event.words, back=event.back)

    @on(FindBar.Closed)
    def closed(self) -> None:
        self._editor.focus()
