"""What was typed in insert mode, so that it can be repeated. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.tui.widgets.vim.buffer import Buffer


@dataclass(frozen=True, slots=True)
class InsertedText:
    """A replacement of characters around the cursor."""

    text: str
    cursor: int
    """Where the cursor was at last, in characters from the start of `text`."""

    removed_before: int = 0
    removed_after: int = 0

    def apply(self, buffer: Buffer) -> Buffer:
        """Return the buffer with the same text inserted at its cursor."""
        place = buffer.offset(buffer.cursor)
        start = max(place - self.removed_before, 0)
        end = min(place + self.removed_after, len(buffer.text))
        changed = buffer.replaced(buffer.position(start), buffer.position(end), self.text)
        return changed.moved(changed.position(start + max(self.cursor, 0)))


def inserted_text(before: Buffer, after: Buffer) -> InsertedText:
    """Return what changed `before` into `after`, as close to the cursor of `before` as possible."""
    old, new = before.text, after.text
    place = before.offset(before.cursor)
    most = min(place, len(new))
    head = next((index for index in range(most) if old[index] != new[index]), most)
    most = min(len(old) - place, len(new) - head)
    tail = next((index for index in range(most) if old[-1 - index] != new[-1 - index]), most)
    text = new[head : len(new) - tail]
    return InsertedText(text, after.offset(after.cursor) - head, place - head, len(old) - tail - place)


@dataclass(frozen=True, slots=True)
class InsertSession:
    """One stay in insert mode."""

    start: Buffer
    count: int = 1
    """How often the text is inserted in all."""

    is_new_line: bool = False
    """Whether `o` or `O` opened a line, which each repetition does again."""

    def end(self, buffer: Buffer) -> Buffer:
        """Return the buffer in normal mode: the text repeated, and the cursor on its last character."""
        inserted = inserted_text(self.start, buffer)
        if buffer.lines == self.start.lines and buffer.line.isspace() and buffer.column == len(buffer.line):
            # An indentation that nothing was typed after.
            buffer = buffer.with_lines(buffer.row, buffer.row + 1, ("",)).moved((buffer.row, 0))
        for _ in range(self.count - 1):
            buffer = self._repeat(buffer, inserted)
        return buffer.moved((buffer.row, max(buffer.column - 1, 0))).settled()

    def _repeat(self, buffer: Buffer, inserted: InsertedText) -> Buffer:
        if not self.is_new_line:
            place = buffer.cursor
            again = buffer.replaced(place, place, inserted.text)
            return again.moved(again.position(again.offset(place) + len(inserted.text)))
        indent = self.start.line[: self.start.column]
        opened = buffer.with_lines(buffer.row + 1, buffer.row + 1, (indent,)).moved((buffer.row + 1, len(indent)))
        return inserted.apply(opened)
