"""The answer pane of an order card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from quizapp.decks.card import Card
from quizapp.grading.cards.order_card import logical_lines, shuffle_lines
from quizapp.tui.keymap import bindings
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import highlight_python

HELP = "shift+↑ ↓ moves · x leaves out · or drag"


class Piece(HorizontalGroup, can_focus=True):
    """A logical line of the program, which can be dragged."""

    DEFAULT_CSS = """
    Piece { padding: 0 1; }
    Piece > .handle { width: 2; }
    Piece > .text { width: 1fr; }
    Piece:focus { background: $block-cursor-blurred-background; text-style: bold; }
    Piece.-left-out { color: $text-muted; }
    Piece.-left-out > .text { text-style: strike; }
    Piece.-dragged { background: $accent 40%; }
    """

    is_used = reactive(True)
    """Whether the piece is part of the answer."""

    @dataclass
    class Dragged(Message):
        """The piece was dragged to another screen row."""

        piece: Piece
        screen_y: int

    def __init__(self, text: str, *, is_used: bool = True) -> None:
        super().__init__()
        self.text = text
        self.set_reactive(Piece.is_used, is_used)

    def compose(self) -> ComposeResult:
        yield Static(self._handle(), classes="handle", markup=False)
        yield Static(highlight_python(self.text), classes="text")

    def on_mount(self) -> None:
        self.watch_is_used(self.is_used)

    def watch_is_used(self, is_used: bool) -> None:
        self.set_class(not is_used, "-left-out")
        if self.is_mounted and self.children:
            self.query_one(".handle", Static).update(self._handle())

    def _handle(self) -> str:
        return "≡" if self.is_used else "–"

    def on_mouse_down(self) -> None:
        self.focus()
        self.capture_mouse()
        self.add_class("-dragged")

    def on_mouse_up(self) -> None:
        self.release_mouse()
        self.remove_class("-dragged")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.has_class("-dragged"):
            self.post_message(self.Dragged(self, event.screen_y))


class OrderAnswer(AnswerPane):
    """A list of shuffled lines. The answer is the program that they form, without the lines left out."""

    DEFAULT_CSS = """
    OrderAnswer #help { height: 1; padding: 0 1; color: $text-muted; }
    """
    pane_title = "Put in order"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_focus(-1)", show=False),
        Binding("down", "move_focus(1)", show=False),
        *bindings("order"),
    ]

    def __init__(self, card: Card, draft: str, seed: str) -> None:
        super().__init__(card)
        self._pieces = _read_draft(shuffle_lines(card, seed), draft)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="pieces"):
            yield from self._pieces
        yield Static(HELP, id="help", markup=False)

    @property
    def answer(self) -> str:
        return "".join(f"{piece.text}\n" for piece in self._pieces if piece.is_used)

    @property
    def field(self) -> Piece:
        return self._pieces[0]

    def _arrange(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        positions: dict[Widget, int] = {piece: position for position, piece in enumerate(pieces)}
        self.query_one("#pieces").sort_children(key=positions.__getitem__)
        self.post_message(self.Edited())

    def _position(self) -> int:
        """Return the index of the focused piece; 0 if none is focused."""
        focused = self.screen.focused
        return self._pieces.index(focused) if isinstance(focused, Piece) else 0

    def action_move_focus(self, by: int) -> None:
        self._pieces[(self._position() + by) % len(self._pieces)].focus()

    def action_move(self, by: int) -> None:
        self._move(self._position(), self._position() + by)

    def action_drop(self) -> None:
        piece = self._pieces[self._position()]
        piece.is_used = not piece.is_used
        self.post_message(self.Edited())

    def on_piece_dragged(self, event: Piece.Dragged) -> None:
        event.stop()
        for position, piece in enumerate(self._pieces):
            if piece.region.y <= event.screen_y < piece.region.bottom and piece is not event.piece:
                self._move(self._pieces.index(event.piece), position)
                return

    def _move(self, start: int, end: int) -> None:
        if 0 <= end < len(self._pieces):
            pieces = list(self._pieces)
            pieces.insert(end, pieces.pop(start))
            self._arrange(pieces)
            pieces[end].focus()


def _read_draft(shown: tuple[str, ...], draft: str) -> list[Piece]:
    """Return the pieces in the draft's order, those left out last; in the shuffled order if there is no draft."""
    remaining = list(shown)
    used = []
    for line in logical_lines(draft):
        if line in remaining:
            remaining.remove(line)
            used.append(Piece(line))
    return used + [Piece(line, is_used=not used) for line in remaining]
