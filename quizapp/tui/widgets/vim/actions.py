"""The commands of normal and visual mode that are neither motions nor operators. Contains no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from quizapp.tui.widgets.editing import break_line
from quizapp.tui.widgets.vim import buffer_edits
from quizapp.tui.widgets.vim.buffer import Buffer, Position, Window
from quizapp.tui.widgets.vim.command_line import Prompt, Request
from quizapp.tui.widgets.vim.key_parser import VimCommand
from quizapp.tui.widgets.vim.state import Response, SelectionSize, VimMode, VimState
from quizapp.tui.widgets.vim.text_regions import Region
from quizapp.tui.widgets.vim.vim_operators import copied


@dataclass(frozen=True, slots=True)
class Call:
    """A command with everything that it works on."""

    state: VimState
    command: VimCommand
    buffer: Buffer
    window: Window
    size: SelectionSize | None = None
    """Set if `.` repeats a command of visual mode."""

    @property
    def count(self) -> int:
        return self.command.count or 1

    @property
    def is_on_selection(self) -> bool:
        return self.size is not None or self.state.mode.is_visual

    def region(self, takes_breaks: bool = True) -> Region:
        """Return the selected text, or as much of it as when the command was first used."""
        selected = self.state if self.size is None else self.size
        return selected.region(self.buffer, self.command.is_lines, takes_breaks)


VimAction: TypeAlias = Callable[[Call], Buffer | Response | None]
"""Returns None if the command is impossible."""


# Insert mode


def _insert_at(position: Callable[[Buffer], Position]) -> VimAction:
    def insert(call: Call) -> Buffer:
        return call.state.insert(call.buffer.moved(position(call.buffer)), call.count)

    return insert


def _after_cursor(buffer: Buffer) -> Position:
    return buffer.row, min(buffer.column + 1, len(buffer.line))


def _after_indent(buffer: Buffer) -> Position:
    return buffer.row, len(buffer.indent(buffer.row))


def _open_below(call: Call) -> Buffer:
    indent = break_line(call.buffer.line, "").text.removeprefix("\n")
    opened = buffer_edits.open_line(call.buffer, call.buffer.row + 1, indent)
    return call.state.insert(opened, call.count, is_new_line=True)


def _open_above(call: Call) -> Buffer:
    row = call.buffer.row
    opened = buffer_edits.open_line(call.buffer, row, call.buffer.indent(row))
    return call.state.insert(opened, call.count, is_new_line=True)


# Changes


def _put(is_after: bool) -> VimAction:
    def put(call: Call) -> Buffer | None:
        register = call.state.registers.read(call.command.register)
        if register is None:
            call.state.message = f'nothing in register "{call.command.register or chr(34)}'
            return None
        if not call.is_on_selection:
            return buffer_edits.put(call.buffer, register, call.count, is_after)
        region = call.region()
        old = copied(call.buffer, region)
        call.state.change_start = region.start
        call.state.leave_visual(call.buffer)
        if is_after:
            call.state.registers.write("", old, is_yank=False)
        return buffer_edits.put_over(call.buffer, region, register, call.count)

    return put


def _join(with_space: bool) -> VimAction:
    def join(call: Call) -> Buffer | None:
        top, bottom = call.buffer.row, call.buffer.row + max(call.count, 2) - 1
        if call.is_on_selection:
            region = call.region(takes_breaks=False)
            top, bottom = region.top, max(region.bottom, region.top + 1)
            call.state.change_start = region.start
            call.state.leave_visual(call.buffer)
        elif bottom > call.buffer.last_row and call.count <= 2:
            return None
        return buffer_edits.join(call.buffer, top, bottom, with_space)

    return join


def _toggle_case(call: Call) -> Buffer | None:
    return buffer_edits.toggle_case(call.buffer, call.count)


def _replace(call: Call) -> Buffer | None:
    character = call.command.argument
    if len(character) > 1 and character != "enter":
        return None
    if not call.is_on_selection:
        return buffer_edits.replace_characters(call.buffer, character, call.count)
    region = call.region()
    call.state.change_start = region.start
    call.state.leave_visual(call.buffer)
    return buffer_edits.replace_region(call.buffer, region, character)


# Visual mode


def _visual(mode: VimMode) -> VimAction:
    def visual(call: Call) -> Buffer:
        state = call.state
        if state.mode is mode:
            state.leave_visual(call.buffer)
        else:
            state.select(mode, state.anchor if state.mode.is_visual else call.buffer.cursor)
        return call.buffer if state.mode.is_visual else call.buffer.settled()

    return visual


def _swap_ends(call: Call) -> Buffer:
    anchor, call.state.anchor = call.state.anchor, call.buffer.cursor
    return call.buffer.moved(anchor)


def _select_again(call: Call) -> Buffer | None:
    if call.state.last_selection is None:
        return None
    mode, anchor, cursor = call.state.last_selection
    call.state.leave_visual(call.buffer)
    call.state.select(mode, call.buffer.moved(anchor).settled().cursor)
    row = min(cursor[0], call.buffer.last_row)
    return call.buffer.moved((row, min(cursor[1], len(call.buffer.lines[row]))))


# The rest


def _mark(call: Call) -> Buffer | None:
    name = call.command.argument
    if not (len(name) == 1 and name.isascii() and name.islower()):
        return None
    call.state.memory.marks[name] = call.buffer.cursor
    return call.buffer


def _prompt(call: Call) -> Buffer:
    call.state.prompt = Prompt(":", call.command)
    return call.buffer


def _ask(request: Request) -> VimAction:
    def ask(call: Call) -> Response:
        return Response(call.buffer, request, call.count)

    return ask


def _half_page(direction: int) -> VimAction:
    """Return the action that scrolls by half a window, or by as many lines as the count."""
    return lambda call: _scroll(call, direction * (call.command.count or max(call.window.height // 2, 1)))


def _page(direction: int) -> VimAction:
    return lambda call: _scroll(call, direction * call.count * max(call.window.height - 2, 1))


def _scroll(call: Call, by: int) -> Response | None:
    """Scroll and move the cursor by the same number of lines."""
    buffer, window = call.buffer, call.window
    row = min(max(buffer.row + by, 0), buffer.last_row)
    top = min(max(window.top + by, 0), max(len(buffer.lines) - window.height, 0))
    return None if row == buffer.row else Response(buffer.moved(buffer.first_nonblank(row)), top=top)


def _line(direction: int) -> VimAction:
    """Return the action that scrolls by lines and moves the cursor only as far as it has to."""

    def scroll(call: Call) -> Response:
        buffer, window = call.buffer, call.window
        top = min(max(window.top + direction * call.count, 0), buffer.last_row)
        row = min(max(buffer.row, top), top + window.height - 1, buffer.last_row)
        return Response(buffer.moved((row, buffer.column)).settled(), top=top)

    return scroll


def _place(offset: Callable[[Window], int]) -> VimAction:
    """Return the action that scrolls the line of the cursor to a row of the editor."""
    return lambda call: Response(call.buffer, top=max(call.buffer.row - offset(call.window), 0))


NORMAL_ACTIONS: dict[str, VimAction] = {
    "i": _insert_at(lambda buffer: buffer.cursor),
    "a": _insert_at(_after_cursor),
    "I": _insert_at(_after_indent),
    "A": _insert_at(lambda buffer: (buffer.row, len(buffer.line))),
    "o": _open_below,
    "O": _open_above,
    "p": _put(True),
    "P": _put(False),
    "J": _join(True),
    "gJ": _join(False),
    "~": _toggle_case,
    "r": _replace,
    "m": _mark,
    "v": _visual(VimMode.VISUAL),
    "V": _visual(VimMode.VISUAL_LINE),
    "gv": _select_again,
    ":": _prompt,
    "u": _ask(Request.UNDO),
    "ctrl+r": _ask(Request.REDO),
    "ZZ": _ask(Request.SUBMIT),
    "ZQ": _ask(Request.QUIT),
    "ctrl+d": _half_page(1),
    "ctrl+u": _half_page(-1),
    "ctrl+f": _page(1),
    "ctrl+b": _page(-1),
    "ctrl+e": _line(1),
    "ctrl+y": _line(-1),
    "zt": _place(lambda window: 0),
    "zz": _place(lambda window: window.height // 2),
    "zb": _place(lambda window: window.height - 1),
}
VISUAL_ACTIONS: dict[str, VimAction] = NORMAL_ACTIONS | {"o": _swap_ends, "O": _swap_ends}
