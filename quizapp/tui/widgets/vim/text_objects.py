"""The text objects of vim: words, brackets, quotes and paragraphs. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from quizapp.tui.widgets.vim.buffer import Buffer, Position
from quizapp.tui.widgets.vim.motions import PAIRS, match_bracket
from quizapp.tui.widgets.vim.words import BLANK, Walker, kind, word_end


@dataclass(frozen=True, slots=True)
class TextObject:
    """The text from `start` to before `end`, or the rows of both."""

    start: Position
    end: Position
    is_lines: bool = False


FindObject: TypeAlias = Callable[[Buffer, int, bool], TextObject | None]
"""From buffer, count and whether the surroundings belong to it; None if there is no object at the cursor."""


def _word(is_big: bool) -> FindObject:
    def find_word(buffer: Buffer, count: int, is_around: bool) -> TextObject | None:
        runs = _runs(buffer.line, is_big)
        if is_around and count == 1 and (not runs or (runs[-1][2] == BLANK and buffer.column >= runs[-1][0])):
            return _blanks_and_next_word(buffer, is_big)
        if not runs:
            return TextObject(buffer.cursor, buffer.cursor)
        column = min(buffer.column, len(buffer.line) - 1)
        first = next(index for index, (start, end, _) in enumerate(runs) if start <= column < end)
        last = first + count - 1
        if is_around:
            last = _around(runs, first, count)
        if last >= len(runs):
            return None
        start, end = runs[first][0], runs[last][1]
        is_blank = [character_kind == BLANK for _, _, character_kind in runs]
        if is_around and first > 1 and is_blank[first - 1] and not is_blank[first] and not is_blank[last]:
            # Without blanks after the word, those before it belong to it, but not the indentation.
            start = runs[first - 1][0]
        return TextObject((buffer.row, start), (buffer.row, end))

    return find_word


def _blanks_and_next_word(buffer: Buffer, is_big: bool) -> TextObject | None:
    """Return the blanks at the end of a line with the first word of the next, or with an empty line."""
    start = (buffer.row, len(buffer.line.rstrip()))
    walker = Walker(buffer, is_big, start)
    if not word_end(walker, 1, may_stay=True, stops_at_empty_line=True):
        return None
    row, column = walker.position
    return TextObject(start, (row, min(column + 1, len(buffer.lines[row]))))


def _around(runs: list[tuple[int, int, int]], first: int, count: int) -> int:
    """Return the last run of `count` words with their blanks."""
    last = first - 1
    for _ in range(count):
        if last + 1 >= len(runs):
            return len(runs)
        last += 1
        has_blanks = last + 1 < len(runs) and runs[last + 1][2] == BLANK
        if runs[last][2] == BLANK or has_blanks:
            last += 1
    return last


def _runs(line: str, is_big: bool) -> list[tuple[int, int, int]]:
    """Return start, end and class of each run of characters of one class."""
    runs, start = [], 0
    for character_kind, group in groupby(line, lambda character: kind(character, is_big)):
        end = start + len(list(group))
        runs.append((start, end, character_kind))
        start = end
    return runs


def _block(opener: str) -> FindObject:
    closer = PAIRS[opener]

    def find_block(buffer: Buffer, count: int, is_around: bool) -> TextObject | None:
        start = _block_start(buffer, opener, closer, count)
        start = start or _next_opener(buffer, opener)
        end = start and match_bracket(buffer, start, opener, closer)
        if start is None or end is None:
            return None
        if is_around:
            return TextObject(start, (end[0], end[1] + 1))
        return _inside(buffer, start, end)

    return find_block


def _block_start(buffer: Buffer, opener: str, closer: str, count: int) -> Position | None:
    """Return the opening bracket around the cursor, `count` levels out."""
    start: Position | None = buffer.cursor
    if buffer.at(buffer.cursor) == opener:
        count -= 1
    elif buffer.at(buffer.cursor) == closer:
        start = match_bracket(buffer, buffer.cursor, opener, closer, backwards=True)
        count -= 1
    for _ in range(count):
        if start is None or start == (0, 0):
            return None
        before = buffer.position(buffer.offset(start) - 1)
        start = match_bracket(buffer, before, opener, closer, backwards=True, depth=1)
    return start


def _next_opener(buffer: Buffer, opener: str) -> Position | None:
    """Return the first opening bracket after the cursor: the one meant if the cursor is in none."""
    found = buffer.text.find(opener, buffer.offset(buffer.cursor) + 1)
    return buffer.position(found) if found >= 0 else None


def _inside(buffer: Buffer, start: Position, end: Position) -> TextObject:
    """Return the text between brackets; whole lines if the brackets are at the ends of other lines."""
    (top, left), (bottom, right) = (start[0], start[1] + 1), end
    begins_line = top < bottom and left == len(buffer.lines[top])
    if begins_line:
        top, left = top + 1, 0
    if bottom > top and not buffer.lines[bottom][:right].strip():
        bottom, right = bottom - 1, len(buffer.lines[bottom - 1])
        if begins_line:
            return TextObject((top, 0), (bottom, right), is_lines=True)
    if (top, left) > (bottom, right):
        return TextObject(end, end)
    return TextObject((top, left), (bottom, right))


def _quoted(quote: str) -> FindObject:
    def find_quoted(buffer: Buffer, count: int, is_around: bool) -> TextObject | None:
        pair = _quotes(buffer.line, buffer.column, quote)
        if pair is None:
            return None
        start, end = pair
        if not is_around:
            inner = 0 if count > 1 else 1
            return TextObject((buffer.row, start + inner), (buffer.row, end + 1 - inner))
        line = buffer.line
        stop = end + 1 + len(line[end + 1 :]) - len(line[end + 1 :].lstrip())
        if stop == end + 1:
            start = len(line[:start].rstrip())
        return TextObject((buffer.row, start), (buffer.row, stop))

    return find_quoted


def _quotes(line: str, column: int, quote: str) -> tuple[int, int] | None:
    """Return the columns of the quotes around `column`, else of the next string in the line."""
    places = [at for at in range(len(line)) if line[at] == quote and not _is_escaped(line, at)]
    pairs = list(zip(places[::2], places[1::2], strict=False))
    if around := next(((start, end) for start, end in pairs if start <= column <= end), None):
        return around
    # Not in a string by the count of quotes: vim takes the quotes before and after the cursor.
    before = [at for at in places if at < column]
    after = [at for at in places if at > column]
    if before and after:
        return before[-1], after[0]
    return next(((start, end) for start, end in pairs if start > column), None)


def _is_escaped(line: str, at: int) -> bool:
    before = line[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _paragraph(buffer: Buffer, count: int, is_around: bool) -> TextObject | None:
    lines = buffer.lines
    blocks, start = [], 0
    for is_blank, group in groupby(lines, lambda line: not line.strip()):
        end = start + len(list(group))
        blocks.append((start, end, is_blank))
        start = end
    first = next(index for index, (top, end, _) in enumerate(blocks) if top <= buffer.row < end)
    last = first + (2 * count if is_around else count) - 1
    if is_around and last == len(blocks) and not blocks[first][2]:
        # The last paragraph takes the blank lines before it.
        first, last = max(first - 1, 0), last - 1
    if last >= len(blocks):
        return None
    return TextObject((blocks[first][0], 0), (blocks[last][1] - 1, 0), is_lines=True)


OBJECTS: dict[str, FindObject] = {
    "w": _word(False),
    "W": _word(True),
    **dict.fromkeys("()b", _block("(")),
    **dict.fromkeys("[]", _block("[")),
    **dict.fromkeys("{}B", _block("{")),
    **{quote: _quoted(quote) for quote in "\"'`"},
    "p": _paragraph,
}
