"""The state of vim's modes between two keys. Contains no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from quizapp.tui.widgets.vim.buffer import Buffer, Position
from quizapp.tui.widgets.vim.command_line import Prompt, Request
from quizapp.tui.widgets.vim.insertions import InsertedText, InsertSession
from quizapp.tui.widgets.vim.key_parser import VimCommand
from quizapp.tui.widgets.vim.motions import MotionMemory
from quizapp.tui.widgets.vim.registers import Registers
from quizapp.tui.widgets.vim.text_regions import Region, region_of_selection


class VimMode(Enum):
    """A mode; the value is its name on the screen."""

    NORMAL = "NORMAL"
    INSERT = "INSERT"
    VISUAL = "VISUAL"
    VISUAL_LINE = "VISUAL LINE"

    @property
    def is_visual(self) -> bool:
        return self in (VimMode.VISUAL, VimMode.VISUAL_LINE)


@dataclass(frozen=True, slots=True)
class Response:
    """The effect of a key."""

    buffer: Buffer
    request: Request | None = None
    count: int = 1
    """How often to undo or redo."""

    top: int | None = None
    """The row to scroll to the top of the editor."""


@dataclass(frozen=True, slots=True)
class SelectionSize:
    """The size of a selection, to which `.` applies a change of visual mode again."""

    rows: int
    column: int
    """The column of the end in its row, less that of the start if it is the same row."""

    is_lines: bool

    def region(self, buffer: Buffer, is_lines: bool, takes_breaks: bool) -> Region:
        """Return as much text from the cursor on."""
        row = min(buffer.row + self.rows, buffer.last_row)
        column = self.column if self.rows else buffer.column + self.column
        end = buffer.moved((row, min(column, max(len(buffer.lines[row]) - (not self.rows), 0))))
        return region_of_selection(end, buffer.cursor, self.is_lines or is_lines, takes_breaks)


@dataclass(frozen=True, slots=True)
class LastChange:
    """What `.` repeats."""

    command: VimCommand
    size: SelectionSize | None = None
    """The selection that it changed, if it was a command of visual mode."""

    inserted: InsertedText | None = None


@dataclass
class VimState:
    """The mode with everything that commands remember."""

    mode: VimMode = VimMode.NORMAL
    anchor: Position = (0, 0)
    """The other end of the selection in the visual modes."""

    keys: tuple[str, ...] = ()
    """The keys of a command that is not complete."""

    prompt: Prompt | None = None
    message: str = ""
    memory: MotionMemory = field(default_factory=MotionMemory)
    registers: Registers = field(default_factory=Registers)
    change_start: Position | None = None
    """Where the last key began to change the text, to which undo returns; None for the cursor."""

    session: InsertSession | None = None
    """Of insert mode; None also after a key that moved the cursor there."""

    last_change: LastChange | None = None
    last_selection: tuple[VimMode, Position, Position] | None = None

    def insert(self, buffer: Buffer, count: int = 1, is_new_line: bool = False) -> Buffer:
        """Enter insert mode at the cursor of `buffer`."""
        self.mode = VimMode.INSERT
        self.session = InsertSession(buffer, count, is_new_line)
        if not is_new_line:
            self.change_start = buffer.cursor
        return buffer

    def select(self, mode: VimMode, anchor: Position) -> None:
        """Enter a visual mode."""
        self.mode, self.anchor = mode, anchor

    def leave_visual(self, buffer: Buffer) -> None:
        """Return from a visual mode to normal mode; `gv` selects the same text again."""
        if self.mode.is_visual:
            self.last_selection = (self.mode, self.anchor, buffer.cursor)
            self.mode = VimMode.NORMAL

    def region(self, buffer: Buffer, is_lines: bool = False, takes_breaks: bool = True) -> Region:
        """Return the selected text of a visual mode."""
        return region_of_selection(buffer, self.anchor, is_lines or self.mode is VimMode.VISUAL_LINE, takes_breaks)

    def selection_size(self, buffer: Buffer) -> SelectionSize | None:
        """Return the size of the selection; None in other modes."""
        if not self.mode.is_visual:
            return None
        (top, left), (bottom, right) = sorted((self.anchor, buffer.cursor))
        return SelectionSize(bottom - top, right if bottom > top else right - left, self.mode is VimMode.VISUAL_LINE)
