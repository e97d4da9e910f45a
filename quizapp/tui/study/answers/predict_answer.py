"""The answer pane of a predict card."""

from __future__ import annotations

import ast
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from quizapp.decks.card import Card
from quizapp.text.printable import visible
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import highlight_python
from quizapp.tui.widgets.plain_text_area import PlainTextArea

PRINTED = frozenset({"stdout", "stderr"})
"""Expressions whose value is what the code prints."""

VALUE_HELP = "type a value, a shape, a dtype, text or an exception's name"
PRINTED_HELP = "type what is printed"
ENTER_SUBMITS = "Enter submits, Ctrl+J starts a new line"
ENTER_CONTINUES = "Enter starts a new line; on an empty line it submits"
ENTER_IS_DONE = "already graded: change it to submit it again"
ENTER_NEEDS_A_CHANGE = "change it, then Enter submits it"


class PredictionField(PlainTextArea):
    """A text field in which Enter submits the text if it can be complete.

    Ctrl+J is the only other key that every terminal can send for a new line; many send Enter for Shift+Enter.
    """

    NEW_LINE_KEYS: ClassVar[frozenset[str]] = frozenset({"ctrl+j", "shift+enter"})

    def __init__(self, text: str, *, is_printed: bool, has_one_line: bool) -> None:
        self._is_printed, self._has_one_line = is_printed, has_one_line
        self.graded: str | None = None
        """The text of the last verdict; Enter does not submit it again, so that a double press is not a second try."""

        super().__init__(text, id="prediction")

    @property
    def submits(self) -> bool:
        """Whether Enter submits the text: one line that may be complete, or any text with the cursor on an empty end.

        Printed text is wrong if its last line is missing, so it must not be submitted by the Enter after its first.
        """
        if self.document.line_count > 1:
            end = self.document.end
            return self.selection.is_empty and self.cursor_location == end and end[1] == 0
        return not self._is_printed or (self._has_one_line and not self._has_open_bracket)

    @property
    def _has_open_bracket(self) -> bool:
        from quizapp.grading.cards.typed_tokens import find_imbalance

        return find_imbalance(self.text) is not None

    async def on_key(self, event: events.Key) -> None:
        if self.read_only or event.key not in self.NEW_LINE_KEYS | {"enter"}:
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter" and self.submits:
            if self.text != self.graded:
                self.post_message(AnswerPane.Submitted())
        else:
            self._replace_via_keyboard("\n", *self.selection)


class PredictAnswer(AnswerPane):
    """A text field for the value of an expression, with a preview of how it is read. The text is never run."""

    DEFAULT_CSS = """
    PredictAnswer #expression { height: auto; max-height: 40%; padding: 0 1; }
    PredictAnswer PlainTextArea { padding: 0 1; }
    PredictAnswer #reading { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    """
    pane_title = "What does it give?"

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._is_printed = card.checks[0].see.strip() in PRINTED
        self._is_counted = True
        self._text = PredictionField(draft, is_printed=self._is_printed, has_one_line=prints_once(card.given))

    def compose(self) -> ComposeResult:
        yield Static(highlight_python(self.card.checks[0].see), id="expression")
        yield self._text
        yield Static("", id="reading", markup=False)

    def on_mount(self) -> None:
        self._text.move_cursor(self._text.document.end)
        self.show_reading()

    @property
    def answer(self) -> str:
        return self._text.text

    @property
    def field(self) -> PredictionField:
        return self._text

    def mark_graded(self, answer: str, *, is_counted: bool) -> None:
        self._text.graded, self._is_counted = answer, is_counted
        self.show_reading()

    @on(TextArea.Changed)
    def handle_change(self) -> None:
        self.show_reading()
        self.post_message(self.Edited())

    @on(TextArea.SelectionChanged)
    def show_reading(self) -> None:
        """Show how the typed text is read, and what Enter does."""
        enter = ENTER_SUBMITS if self._text.submits else ENTER_CONTINUES
        if self._text.text == self._text.graded:
            enter = ENTER_IS_DONE if self._is_counted else ENTER_NEEDS_A_CHANGE
        self.query_one("#reading", Static).update(visible(f"{self._reading}\n{enter}"))

    @property
    def _reading(self) -> str:
        from quizapp.grading.cards.prediction import describe_reading, parse

        text = self._text.text
        if self._is_printed:
            return PRINTED_HELP
        return f"read as {describe_reading(parse(text))}" if text.strip() else VALUE_HELP


def prints_once(code: str) -> bool:
    """Return whether `code` prints with a single call that runs once and no line end in any of its texts."""
    tree = ast.parse(code)
    prints = [node for node in ast.walk(tree) if _is_print(node)]
    statements = [node.value for node in tree.body if isinstance(node, ast.Expr)]
    return len(prints) == 1 and prints[0] in statements and code.count("print(") == 1 and "\\n" not in code


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
