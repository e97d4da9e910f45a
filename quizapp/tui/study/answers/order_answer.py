"""The answer pane of an order card: lines that keys and the mouse move about."""

from __future__ import annotations

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
from quizapp.grading.cards.order_card import cut, shuffled
from quizapp.tui.keymap import bindings
from quizapp.tui.study.answers.answer_pane import AnswerPane
from quizapp.tui.widgets.highlighting import python

HOW = "shift+↑ ↓ moves · x leaves out · or drag"


class Piece(HorizontalGroup, can_focus=True):
    """One logical line of the program."""

    DEFAULT_CSS = """
    Piece { padding: 0 1; }
    Piece > .handle { width: 2; }
    Piece > .text { width: 1fr; }
    Piece:focus { background: $block-cursor-blurred-background; text-style: bold; }
    Piece.-unused { color: $text-muted; }
    Piece.-unused > .text { text-style: strike; }
    Piece.-dragged { background: $accent 40%; }
    """

    used = reactive(True)

    class Dragged(Message):
        """The mouse carries this piece over another."""

        def __init__(self, piece: Piece, screen_y: int) -> None:
            super().__init__()
            self.piece = piece
            self.screen_y = screen_y

    def __init__(self, text: str, *, used: bool = True) -> None:
        super().__init__()
        self.text = text
        self.set_reactive(Piece.used, used)

    def compose(self) -> ComposeResult:
        yield Static(self._handle(), classes="handle", markup=False)
        yield Static(python(self.text), classes="text")

    def on_mount(self) -> None:
        self.watch_used(self.used)

    def watch_used(self, used: bool) -> None:
        self.set_class(not used, "-unused")
        if self.is_mounted and self.children:
            self.query_one(".handle", Static).update(self._handle())

    def _handle(self) -> str:
        return "≡" if self.used else "–"

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
    """The program that results is what is graded."""

    DEFAULT_CSS = """
    OrderAnswer #how { height: 1; padding: 0 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        *bindings("order"),
    ]

    def __init__(self, card: Card, draft: str, seed: str) -> None:
        super().__init__(card)
        self._pieces = _restored(shuffled(card, seed), draft)

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="pieces"):
            yield from self._pieces
        yield Static(HOW, id="how", markup=False)

    @property
    def answer(self) -> str:
        return "".join(f"{piece.text}\n" for piece in self._pieces if piece.used)

    def take_focus(self) -> None:
        self._pieces[0].focus()

    def replace(self, text: str) -> None:
        order = {piece.text: place for place, piece in reversed(list(enumerate(_restored(self._texts, text))))}
        used = set(cut(text))
        for piece in self._pieces:
            piece.used = piece.text in used
        self._arrange(sorted(self._pieces, key=lambda piece: order[piece.text]))

    @property
    def _texts(self) -> tuple[str, ...]:
        return tuple(piece.text for piece in self._pieces)

    def _arrange(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        places: dict[Widget, int] = {piece: place for place, piece in enumerate(pieces)}
        self.query_one("#pieces").sort_children(key=places.__getitem__)
        self.post_message(self.Edited())

    def _place(self) -> int:
        focused = self.screen.focused
        return self._pieces.index(focused) if isinstance(focused, Piece) else 0

    def action_walk(self, by: int) -> None:
        self._pieces[(self._place() + by) % len(self._pieces)].focus()

    def action_move(self, by: int) -> None:
        self._carry(self._place(), self._place() + by)

    def action_drop(self) -> None:
        piece = self._pieces[self._place()]
        piece.used = not piece.used
        self.post_message(self.Edited())

    def on_piece_dragged(self, event: Piece.Dragged) -> None:
        event.stop()
        for place, piece in enumerate(self._pieces):
            if piece.region.y <= event.screen_y < piece.region.bottom and piece is not event.piece:
                self._carry(self._pieces.index(event.piece), place)
                return

    def _carry(self, start: int, end: int) -> None:
        if 0 <= end < len(self._pieces):
            pieces = list(self._pieces)
            pieces.insert(end, pieces.pop(start))
            self._arrange(pieces)
            pieces[end].focus()


def _restored(shown: tuple[str, ...], draft: str) -> list[Piece]:
    """The pieces in the draft's order, those that it leaves out last; in the shuffled order without a draft."""
    left = list(shown)
    kept = []
    for line in cut(draft):
        if line in left:
            left.remove(line)
            kept.append(Piece(line))
    return kept + [Piece(line, used=not kept) for line in left]
