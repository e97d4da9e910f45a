"""The answer pane of a predict card: typing what a run gives, and seeing at once how it is read."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from quizapp.decks.card import Card
from quizapp.text.printable import visible
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import python
from quizapp.tui.widgets.plain_text_area import PlainTextArea

WAYS = "type a value, a shape, a dtype, text or an exception's name"


class PredictAnswer(AnswerPane):
    """What `see` gives, typed; nothing of it is ever run."""

    DEFAULT_CSS = """
    PredictAnswer #asked { height: auto; max-height: 40%; padding: 0 1; }
    PredictAnswer PlainTextArea { padding: 0 1; }
    PredictAnswer #read { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, card: Card, draft: str) -> None:
        super().__init__(card)
        self._text = PlainTextArea(draft, id="prediction")

    def compose(self) -> ComposeResult:
        yield Static(python(self.card.checks[0].see), id="asked")
        yield self._text
        yield Static("", id="read", markup=False)

    def on_mount(self) -> None:
        self.query_one("#asked").border_title = "What does this give?"
        self.read()

    @property
    def answer(self) -> str:
        return self._text.text

    def take_focus(self) -> None:
        self._text.focus()

    def replace(self, text: str) -> None:
        self._text.text = text

    @on(TextArea.Changed)
    def changed(self) -> None:
        self.read()
        self.post_message(self.Edited())

    def read(self) -> None:
        """Say how the typed text is understood so far."""
        from quizapp.grading.cards.prediction import parse, words

        text = self._text.text
        how = f"read as {words(parse(text))}" if text.strip() else WAYS
        self.query_one("#read", Static).update(visible(how))
