"""The motions of vim: from a buffer and a count to a position. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from quizapp.tui.widgets.vim.buffer import Buffer, Position, Window
from quizapp.tui.widgets.vim.searches import CharacterSearch, TextSearch, word_under_cursor
from quizapp.tui.widgets.vim.words import BLANK, Walker, next_word, previous_word, previous_word_end, word_end

LINE_END = 1 << 30
"""The wanted column after `$`: each following line's end."""


class Extent(Enum):
    """What an operator includes of the text between the cursor and the target of a motion."""

    EXCLUSIVE = "exclusive"
    EXACT = "exclusive, but a line break before the target is included"
    INCLUSIVE = "inclusive"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Target:
    """The position that a motion reaches."""

    position: Position
    extent: Extent = Extent.EXCLUSIVE
    wanted: int | None = None
    """The column that following vertical motions aim for; None for that of `position`."""


@dataclass
class MotionMemory:
    """What motions remember: the last searches, the marks, and the column that vertical motions aim for."""

    wanted: int | None = None
    character_search: CharacterSearch | None = None
    text_search: TextSearch | None = None
    marks: dict[str, Position] = field(default_factory=lambda: {"`": (0, 0)})
    """Name -> position; the backquote is the position before the last jump."""


@dataclass(frozen=True, slots=True)
class Move:
    """The circumstances of one motion."""

    buffer: Buffer
    memory: MotionMemory
    window: Window
    given_count: int | None = None
    argument: str = ""
    """The character after `f`, the mark after a quote, or the text of a search."""

    operator: str = ""
    is_visual: bool = False

    @property
    def count(self) -> int:
        return self.given_count or 1

    @property
    def end_column(self) -> int:
        """The last column that the cursor may have in its line."""
        length = len(self.buffer.line)
        return length if self.is_visual else max(length - 1, 0)


Motion: TypeAlias = Callable[[Move], Target | None]
"""Returns None if the motion is impossible."""


# In a line


def left(move: Move) -> Target | None:
    row, column = move.buffer.cursor
    return Target((row, max(column - move.count, 0))) if column or move.operator else None


def right(move: Move) -> Target | None:
    row, column = move.buffer.cursor
    end = len(move.buffer.line) if move.operator else move.end_column
    return Target((row, min(column + move.count, end))) if column < end else None


def back(move: Move) -> Target | None:
    """Move left, also over line breaks, as Backspace does."""
    return _over_lines(move, Walker.backward)


def space(move: Move) -> Target | None:
    """Move right, also over line breaks."""
    return _over_lines(move, Walker.forward)


def _over_lines(move: Move, step: Callable[[Walker], bool]) -> Target | None:
    walker = Walker(move.buffer, False)
    for _ in range(move.count):
        if not step(walker):
            break
        if walker.is_at_line_end and walker.column and not move.is_visual:
            is_forward = step is Walker.forward
            if (move.operator and is_forward) or (walker.is_on_last_line and is_forward) or move.operator in ("d", "c"):
                continue
            step(walker)
    position = walker.position
    if not move.operator:
        position = move.buffer.moved(position).settled().cursor if not move.is_visual else position
    extent = Extent.EXACT if position < move.buffer.cursor and move.operator in ("d", "c") else Extent.EXCLUSIVE
    return Target(position, extent) if position != move.buffer.cursor or move.operator else None


def line_start(move: Move) -> Target:
    return Target((move.buffer.row, 0))


def first_nonblank(move: Move) -> Target:
    return Target(move.buffer.first_nonblank(move.buffer.row))


def line_end(move: Move) -> Target | None:
    buffer = move.buffer
    row = buffer.row + move.count - 1
    if move.count > 1 and buffer.row == buffer.last_row:
        return None
    row = min(row, buffer.last_row)
    length = len(buffer.lines[row])
    column = length if move.is_visual else max(length - 1, 0)
    # The end of an empty line is not a character that an operator could include.
    return Target((row, column), Extent.INCLUSIVE if length or move.count > 1 else Extent.EXCLUSIVE, LINE_END)


def last_nonblank(move: Move) -> Target:
    row = min(move.buffer.row + move.count - 1, move.buffer.last_row)
    return Target((row, max(len(move.buffer.lines[row].rstrip()) - 1, 0)), Extent.INCLUSIVE)


def column(move: Move) -> Target:
    return Target((move.buffer.row, min(move.count - 1, max(len(move.buffer.line) - 1, 0))))


# Between lines


def down(move: Move) -> Target | None:
    buffer = move.buffer
    if buffer.row == buffer.last_row:
        return None
    return _vertical(move, min(buffer.row + move.count, buffer.last_row))


def up(move: Move) -> Target | None:
    return _vertical(move, max(move.buffer.row - move.count, 0)) if move.buffer.row else None


def _vertical(move: Move, row: int) -> Target:
    wanted = move.memory.wanted if move.memory.wanted is not None else move.buffer.column
    length = len(move.buffer.lines[row])
    end = length if move.is_visual else max(length - 1, 0)
    return Target((row, min(wanted, end)), Extent.LINES, wanted)


def line_below(move: Move) -> Target | None:
    return _at_first_nonblank(move, down(move))


def line_above(move: Move) -> Target | None:
    return _at_first_nonblank(move, up(move))


def this_line(move: Move) -> Target | None:
    """Move to the first character of the line; with a count, of the line so many below, less one."""
    row = min(move.buffer.row + move.count - 1, move.buffer.last_row)
    if move.count > 1 and move.buffer.row == move.buffer.last_row:
        return None
    stays = move.operator == "y" and row == move.buffer.row
    return Target(move.buffer.cursor if stays else move.buffer.first_nonblank(row), Extent.LINES)


def _at_first_nonblank(move: Move, target: Target | None) -> Target | None:
    return target and Target(move.buffer.first_nonblank(target.position[0]), Extent.LINES)


def last_line(move: Move) -> Target:
    return _to_row(move, move.buffer.last_row if move.given_count is None else move.given_count - 1)


def first_line(move: Move) -> Target:
    return _to_row(move, move.count - 1)


def window_top(move: Move) -> Target:
    return _to_row(move, min(move.window.top + move.count - 1, _window_bottom(move)))


def window_middle(move: Move) -> Target:
    return _to_row(move, (move.window.top + _window_bottom(move)) // 2)


def window_bottom(move: Move) -> Target:
    return _to_row(move, max(_window_bottom(move) - move.count + 1, move.window.top))


def _window_bottom(move: Move) -> int:
    return min(move.window.top + move.window.height - 1, move.buffer.last_row)


def _to_row(move: Move, row: int) -> Target:
    return Target(move.buffer.first_nonblank(min(max(row, 0), move.buffer.last_row)), Extent.LINES)


def next_paragraph(move: Move) -> Target | None:
    return _paragraph(move, 1)


def previous_paragraph(move: Move) -> Target | None:
    return _paragraph(move, -1)


def _paragraph(move: Move, step: int) -> Target | None:
    """Move to the next empty line after or before text, after `findpar` of vim."""
    lines, row = move.buffer.lines, move.buffer.row
    for remaining in reversed(range(move.count)):
        has_text = bool(lines[row])
        while True:
            row += step
            if not 0 <= row < len(lines):
                if remaining:
                    return None
                row -= step
                break
            if not lines[row] and has_text:
                break
            has_text = has_text or bool(lines[row])
    if row == len(lines) - 1 and lines[row]:
        return Target((row, len(lines[row]) - 1), Extent.INCLUSIVE)
    return Target((row, 0))


# By words


def _words(is_big: bool) -> Motion:
    def move_words(move: Move) -> Target | None:
        walker = Walker(move.buffer, is_big)
        if move.operator == "c" and walker.kind != BLANK:
            # `cw` leaves the blanks after the word.
            word_end(walker, move.count, may_stay=True)
            return _landed(move, walker, Extent.INCLUSIVE)
        is_found = next_word(walker, move.count, bool(move.operator))
        if not is_found and not move.operator and move.buffer.moved(walker.position).settled() == move.buffer:
            return None
        if move.operator and move.count == 1 and walker.row > move.buffer.row and move.buffer.line:
            # An operator on the blanks at the end of a line stops there.
            return Target((move.buffer.row, len(move.buffer.line)))
        return _landed(move, walker, Extent.EXCLUSIVE)

    return move_words


def _word_ends(is_big: bool) -> Motion:
    def move_to_end(move: Move) -> Target | None:
        walker = Walker(move.buffer, is_big)
        is_found = word_end(walker, move.count)
        if not is_found and not move.operator and move.buffer.moved(walker.position).settled() == move.buffer:
            return None
        return _landed(move, walker, Extent.INCLUSIVE)

    return move_to_end


def _landed(move: Move, walker: Walker, extent: Extent) -> Target:
    """Return the target of a forward motion: never the end of a line, unless the line is empty."""
    row, column = walker.position
    if walker.is_at_line_end and column and walker.position > move.buffer.cursor and not move.is_visual:
        return Target((row, column - 1), Extent.INCLUSIVE)
    return Target((row, column), extent)


def _words_back(is_big: bool) -> Motion:
    def move_back(move: Move) -> Target | None:
        walker = Walker(move.buffer, is_big)
        return Target(walker.position) if previous_word(walker, move.count) else None

    return move_back


def _word_ends_back(is_big: bool) -> Motion:
    def move_back_to_end(move: Move) -> Target | None:
        walker = Walker(move.buffer, is_big)
        if not previous_word_end(walker, move.count):
            return None
        row, column = walker.position
        is_line_end = walker.is_at_line_end and column > 0
        return Target((row, column - is_line_end), Extent.INCLUSIVE)

    return move_back_to_end


# By text


def find_character(key: str) -> Motion:
    """Return the motion of `f`, `F`, `t` or `T`."""

    def find(move: Move) -> Target | None:
        move.memory.character_search = CharacterSearch(key, move.argument)
        return _find_character(move, move.memory.character_search)

    return find


def repeat_find(move: Move) -> Target | None:
    search = move.memory.character_search
    return _find_character(move, search, is_repeat=True) if search else None


def reverse_find(move: Move) -> Target | None:
    search = move.memory.character_search
    return _find_character(move, search.reversed, is_repeat=True) if search else None


def _find_character(move: Move, search: CharacterSearch, is_repeat: bool = False) -> Target | None:
    column = search.find(move.buffer.line, move.buffer.column, move.count, is_repeat)
    extent = Extent.INCLUSIVE if search.is_forward else Extent.EXCLUSIVE
    return None if column is None else Target((move.buffer.row, column), extent)


def search_text(move: Move) -> Target | None:
    """Search again in the same direction; `argument` is the text of a new search."""
    return _search(move, move.memory.text_search)


def search_text_reversed(move: Move) -> Target | None:
    search = move.memory.text_search
    return _search(move, search and search.reversed)


def search_word(is_forward: bool) -> Motion:
    """Return the motion of `*` or `#`."""

    def search(move: Move) -> Target | None:
        found = word_under_cursor(move.buffer)
        if found is None:
            return None
        word, start = found
        move.memory.text_search = TextSearch(word, is_forward, is_whole_word=word[:1].isalnum() or word[:1] == "_")
        return _search(move, move.memory.text_search, start)

    return search


def _search(move: Move, search: TextSearch | None, start: Position | None = None) -> Target | None:
    position = search.find(move.buffer.lines, start or move.buffer.cursor, move.count) if search else None
    return position and Target(position)


PAIRS = {"(": ")", "[": "]", "{": "}"}


def matching_bracket(move: Move) -> Target | None:
    """Move to the bracket that matches the first one at or after the cursor in its line."""
    buffer = move.buffer
    if move.given_count is not None:
        return _to_row(move, (move.given_count * len(buffer.lines) + 99) // 100 - 1) if move.count <= 100 else None
    found = next((at for at in range(buffer.column, len(buffer.line)) if buffer.line[at] in "()[]{}"), None)
    if found is None:
        return None
    start = (buffer.row, found)
    bracket = buffer.at(start)
    openers = {closer: opener for opener, closer in PAIRS.items()}
    if bracket in PAIRS:
        end = match_bracket(buffer, start, bracket, PAIRS[bracket])
    else:
        end = match_bracket(buffer, start, openers[bracket], bracket, backwards=True)
    return end and Target(end, Extent.INCLUSIVE)


def match_bracket(
    buffer: Buffer, start: Position, opener: str, closer: str, *, backwards: bool = False, depth: int = 0
) -> Position | None:
    """Return where the bracket at `start` is closed, or opened if `backwards`. `depth` counts those open before it."""
    walker = Walker(buffer, False, start)
    deeper, higher = (closer, opener) if backwards else (opener, closer)
    while True:
        character = buffer.at(walker.position)
        depth += (character == deeper) - (character == higher)
        if character == higher and depth <= 0:
            return walker.position
        if not (walker.backward() if backwards else walker.forward()):
            return None


def to_mark(move: Move) -> Target | None:
    position = _mark(move)
    return position and Target(position)


def to_mark_line(move: Move) -> Target | None:
    position = _mark(move)
    return position and _to_row(move, position[0])


def _mark(move: Move) -> Position | None:
    position = move.memory.marks.get("`" if move.argument == "'" else move.argument)
    return position and move.buffer.moved(position).settled().cursor


MOTIONS: dict[str, Motion] = {
    "h": left,
    "l": right,
    "backspace": back,
    " ": space,
    "j": down,
    "k": up,
    "+": line_below,
    "-": line_above,
    "_": this_line,
    "0": line_start,
    "^": first_nonblank,
    "$": line_end,
    "g_": last_nonblank,
    "|": column,
    "G": last_line,
    "gg": first_line,
    "H": window_top,
    "M": window_middle,
    "L": window_bottom,
    "}": next_paragraph,
    "{": previous_paragraph,
    "w": _words(False),
    "W": _words(True),
    "e": _word_ends(False),
    "E": _word_ends(True),
    "b": _words_back(False),
    "B": _words_back(True),
    "ge": _word_ends_back(False),
    "gE": _word_ends_back(True),
    "f": find_character("f"),
    "F": find_character("F"),
    "t": find_character("t"),
    "T": find_character("T"),
    ";": repeat_find,
    ",": reverse_find,
    "n": search_text,
    "N": search_text_reversed,
    "/": search_text,
    "?": search_text,
    "*": search_word(True),
    "#": search_word(False),
    "%": matching_bracket,
    "`": to_mark,
    "'": to_mark_line,
}

JUMPS = frozenset({"G", "gg", "H", "M", "L", "{", "}", "n", "N", "/", "?", "*", "#", "%", "`", "'"})
"""Motions that set the mark of the position before the last jump."""
