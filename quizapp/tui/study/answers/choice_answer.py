"""The answer pane of a choice card."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from quizapp.decks.card import Card
from quizapp.errors import UsageError
from quizapp.grading.cards.choice_card import read_choices, shown_order
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import render_prose

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Option(HorizontalGroup, can_focus=True):
    """A choice with a check box. Space, Enter or a click toggles it."""

    DEFAULT_CSS = """
    Option { padding: 0 1; margin: 0 0 1 0; }
    Option > .mark { width: 5; }
    Option > .text { width: 1fr; }
    Option:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    Option:hover { background: $block-hover-background; }
    Option.-selected { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "toggle_selected", "Choose", key_display="space")]

    is_selected = reactive(False, toggle_class="-selected")

    class Toggled(Message):
        """The learner selected or unselected the choice."""

    def __init__(self, letter: str, text: str, index: int, *, is_multiple: bool) -> None:
        super().__init__()
        self.letter, self.text, self.index, self.is_multiple = letter, text, index, is_multiple

    def compose(self) -> ComposeResult:
        yield Static(self._mark_text(), classes="mark", markup=False)
        yield Static(render_prose(self.text), classes="text")

    def _mark_text(self) -> str:
        marks = ("☐", "☑") if self.is_multiple else ("○", "●")
        return f"{marks[self.is_selected]} {self.letter}"

    def watch_is_selected(self) -> None:
        if self.is_mounted and self.children:
            self.query_one(".mark", Static).update(self._mark_text())

    def action_toggle_selected(self) -> None:
        self.is_selected = not self.is_selected
        self.post_message(self.Toggled())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.action_toggle_selected()


class ChoiceAnswer(AnswerPane):
    """A list of choices in shuffled order. A letter (of the first 26) toggles a choice; the arrows move the focus."""

    pane_title = "Choose"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move_focus(-1)", show=False),
        Binding("down,j", "move_focus(1)", show=False),
    ]

    def __init__(self, card: Card, draft: str, seed: str) -> None:
        super().__init__(card)
        is_multiple = sum(choice.right for choice in card.choices) > 1
        self._options = [
            Option(LETTERS[position : position + 1], card.choices[index].text, index, is_multiple=is_multiple)
            for position, index in enumerate(shown_order(card, seed))
        ]
        selected = _read_draft(card, draft)
        for option in self._options:
            option.set_reactive(Option.is_selected, option.index in selected)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield from self._options

    @property
    def answer(self) -> str:
        return "\n".join(f"#{index + 1}" for index in sorted(o.index for o in self._options if o.is_selected))

    @property
    def field(self) -> Option:
        return self._options[0]

    @on(Option.Toggled)
    def handle_toggle(self) -> None:
        """Unselect the other choices where only one is right."""
        focused = self.screen.focused
        if isinstance(focused, Option) and focused.is_selected and not focused.is_multiple:
            for option in self._options:
                option.is_selected = option is focused
        self.post_message(self.Edited())

    def on_key(self, event: events.Key) -> None:
        position = LETTERS.find(event.character or "-")
        if 0 <= position < len(self._options):
            event.stop()
            self._options[position].focus()
            self._options[position].action_toggle_selected()

    def action_move_focus(self, by: int) -> None:
        focused = self.screen.focused
        position = self._options.index(focused) if isinstance(focused, Option) else -1
        self._options[(position + by) % len(self._options)].focus()


def _read_draft(card: Card, draft: str) -> frozenset[int]:
    """Return the indices of the choices that a draft selects."""
    try:
        return read_choices(card, draft)
    except UsageError:
        # The deck may have changed since the draft was saved, so some choices may no longer exist.
        return frozenset()
