"""The answer pane of a predict card."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from quizapp.decks.card import Card
from quizapp.text.printable import visible
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import highlight_python
from quizapp.tui.widgets.plain_text_area import PlainTextArea

HELP = "type a value, a shape, a dtype, text or an exception's name"


class PredictAnswer(AnswerPane):
    """A text field for the value of an expression, with a preview of how it is parsed. The text is never run."""

    DEFAULT_CSS = """
    PredictAnswer #expression { height: auto; max-height: 40%; padding: 0 1; }
    PredictAnswer PlainTextArea { padding: 0 1; }
    PredictAnswer #reading { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    """
    pane_title = "What does it give?"

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._text = PlainTextArea(draft, id="prediction")

    def compose(self) -> ComposeResult:
        yield Static(highlight_python(self.card.checks[0].see), id="expression")
        yield self._text
        yield Static("", id="reading", markup=False)

    def on_mount(self) -> None:
        self.show_reading()

    @property
    def answer(self) -> str:
        return self._text.text

    def take_focus(self) -> None:
        self._text.focus()

    @on(TextArea.Changed)
    def handle_change(self) -> None:
        self.show_reading()
        self.post_message(self.Edited())

    def show_reading(self) -> None:
        """Show how the typed text is read."""
        from quizapp.grading.cards.prediction import describe_reading, parse

        text = self._text.text
        reading = f"read as {describe_reading(parse(text))}" if text.strip() else HELP
        self.query_one("#reading", Static).update(visible(reading))
