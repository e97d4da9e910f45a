"""Word motions, after `fwd_word`, `bck_word`, `end_word` and `bckend_word` of vim. Contains no widget."""

from __future__ import annotations

from quizapp.tui.widgets.vim.buffer import Buffer, Position

BLANK, PUNCTUATION, LETTER = range(3)


def kind(character: str, is_big: bool) -> int:
    """Return the class of a character; an empty one, the end of a line, is blank."""
    if not character or character.isspace():
        return BLANK
    return LETTER if is_big or character.isalnum() or character == "_" else PUNCTUATION


class Walker:
    """A position that moves by characters. The end of a line is a position too."""

    def __init__(self, buffer: Buffer, is_big: bool, position: Position | None = None) -> None:
        self._lines = buffer.lines
        self._is_big = is_big
        self.row, self.column = position or buffer.cursor

    @property
    def position(self) -> Position:
        return self.row, self.column

    @property
    def kind(self) -> int:
        return kind(self._lines[self.row][self.column : self.column + 1], self._is_big)

    @property
    def is_on_empty_line(self) -> bool:
        return not self._lines[self.row]

    @property
    def is_at_line_end(self) -> bool:
        return self.column >= len(self._lines[self.row])

    @property
    def is_at_break(self) -> bool:
        """Whether the last move forward reached the end of a line or crossed it."""
        return self.column == 0 or self.is_at_line_end

    @property
    def is_on_last_line(self) -> bool:
        return self.row == len(self._lines) - 1

    def forward(self) -> bool:
        """Move to the next position; return whether there is one."""
        if not self.is_at_line_end:
            self.column += 1
        elif self.is_on_last_line:
            return False
        else:
            self.row, self.column = self.row + 1, 0
        return True

    def backward(self) -> bool:
        """Move to the previous position; return whether there is one."""
        if self.column > 0:
            self.column -= 1
        elif self.row == 0:
            return False
        else:
            self.row -= 1
            self.column = len(self._lines[self.row])
        return True

    def skip_forward(self, kind: int) -> bool:
        """Move past characters of one class; return False at the end of the text."""
        return all(self.forward() for _ in iter(lambda: self.kind == kind, False))

    def skip_backward(self, kind: int) -> bool:
        """Move before characters of one class; return False at the start of the text."""
        return all(self.backward() for _ in iter(lambda: self.kind == kind, False))


def next_word(walker: Walker, count: int, stop_at_line_end: bool) -> bool:
    """Move to the start of the next word; return whether there is one.

    `stop_at_line_end` is for operators, which do not delete the line break after the last word.
    """
    for remaining in reversed(range(count)):
        stops = stop_at_line_end and remaining == 0
        start_kind, was_on_last_line = walker.kind, walker.is_on_last_line
        if not walker.forward() or (walker.is_at_line_end and was_on_last_line):
            return False
        if walker.is_at_break and stops:
            return True
        if start_kind != BLANK:
            while walker.kind == start_kind:
                if not walker.forward() or (walker.is_at_break and stops):
                    return True
        if not _skip_blanks(walker):
            return True
    return True


def _skip_blanks(walker: Walker) -> bool:
    """Move to the next word or empty line; return False at the end of the text."""
    while walker.kind == BLANK and not walker.is_on_empty_line:
        was_on_last_line = walker.is_on_last_line
        if not walker.forward() or (walker.is_at_line_end and was_on_last_line):
            return False
    return True


def previous_word(walker: Walker, count: int) -> bool:
    """Move to the start of the word before; return whether there is one."""
    for _ in range(count):
        if not walker.backward():
            return False
        while walker.kind == BLANK:
            if walker.is_on_empty_line:
                break
            if not walker.backward():
                return True
        else:
            if not walker.skip_backward(walker.kind):
                return True
            walker.forward()
    return True


def word_end(walker: Walker, count: int, may_stay: bool = False, stops_at_empty_line: bool = False) -> bool:
    """Move to the end of the word; return whether there is one. `may_stay`: the end of the current word counts."""
    for number in range(count):
        start_kind = walker.kind
        if not walker.forward():
            return False
        if walker.kind == start_kind != BLANK:
            if not walker.skip_forward(start_kind):
                return False
        elif not (may_stay and number == 0) or start_kind == BLANK:
            while walker.kind == BLANK:
                if stops_at_empty_line and walker.is_on_empty_line:
                    return True
                if not walker.forward():
                    return False
            if not walker.skip_forward(walker.kind):
                return False
        walker.backward()
    return True


def previous_word_end(walker: Walker, count: int) -> bool:
    """Move to the end of the word before; return whether there is one."""
    for _ in range(count):
        start_kind = walker.kind
        if not walker.backward():
            return False
        if start_kind != BLANK and not walker.skip_backward(start_kind):
            return True
        while walker.kind == BLANK and not walker.is_on_empty_line:
            if not walker.backward():
                return True
    return True
