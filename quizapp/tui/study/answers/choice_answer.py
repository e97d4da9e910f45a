"""The answer pane of a choice card: the choices in a shuffled order, chosen by key or by mouse."""

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
from quizapp.grading.cards.choice_card import chosen, shown_order
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import prose

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Option(HorizontalGroup, can_focus=True):
    """One choice. Space, Enter or a click takes it or leaves it."""

    DEFAULT_CSS = """
    Option { padding: 0 1; margin: 0 0 1 0; }
    Option > .mark { width: 5; }
    Option > .text { width: 1fr; }
    Option:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    Option:hover { background: $block-hover-background; }
    Option.-taken { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter", "take", "Choose", key_display="space")]

    taken = reactive(False, toggle_class="-taken")

    class Taken(Message):
        """The choice was taken or left."""

    def __init__(self, letter: str, text: str, index: int, *, many: bool) -> None:
        super().__init__()
        self.letter, self.text, self.index, self.many = letter, text, index, many

    def compose(self) -> ComposeResult:
        yield Static(self._mark(), classes="mark", markup=False)
        yield Static(prose(self.text), classes="text")

    def _mark(self) -> str:
        marks = ("☐", "☑") if self.many else ("○", "●")
        return f"{marks[self.taken]} {self.letter}"

    def watch_taken(self) -> None:
        if self.is_mounted and self.children:
            self.query_one(".mark", Static).update(self._mark())

    def action_take(self) -> None:
        self.taken = not self.taken
        self.post_message(self.Taken())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        self.action_take()


class ChoiceAnswer(AnswerPane):
    """Letters and numbers choose; the arrows walk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "walk(-1)", show=False),
        Binding("down,j", "walk(1)", show=False),
    ]

    def __init__(self, card: Card, draft: str, seed: str) -> None:
        super().__init__(card)
        many = sum(choice.right for choice in card.choices) > 1
        self._options = [
            Option(LETTERS[place], card.choices[index].text, index, many=many)
            for place, index in enumerate(shown_order(card, seed)[: len(LETTERS)])
        ]
        for option in self._options:
            option.set_reactive(Option.taken, option.index in _restored(card, draft))

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield from self._options

    @property
    def answer(self) -> str:
        return "\n".join(str(index + 1) for index in sorted(o.index for o in self._options if o.taken))

    def take_focus(self) -> None:
        self._options[0].focus()

    def replace(self, text: str) -> None:
        picked = _restored(self.card, text)
        for option in self._options:
            option.taken = option.index in picked

    @on(Option.Taken)
    def taken(self) -> None:
        focused = self.screen.focused
        if isinstance(focused, Option) and focused.taken and not focused.many:
            for option in self._options:
                option.taken = option is focused
        self.post_message(self.Edited())

    def on_key(self, event: events.Key) -> None:
        place = LETTERS.find(event.character or "-")
        if 0 <= place < len(self._options):
            event.stop()
            self._options[place].focus()
            self._options[place].action_take()

    def action_walk(self, by: int) -> None:
        focused = self.screen.focused
        place = self._options.index(focused) if isinstance(focused, Option) else -1
        self._options[(place + by) % len(self._options)].focus()


def _restored(card: Card, draft: str) -> frozenset[int]:
    from quizapp.errors import UsageError

    try:
        return chosen(card, draft)
    except UsageError:
        # A draft of an older deck, whose choices were others.
        return frozenset()
