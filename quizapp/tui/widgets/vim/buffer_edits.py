"""The changes of vim that are no operators: put, join, replace. Contains no widget."""

from __future__ import annotations

from quizapp.tui.widgets.vim.buffer import Buffer
from quizapp.tui.widgets.vim.registers import Register
from quizapp.tui.widgets.vim.text_regions import Region
from quizapp.tui.widgets.vim.vim_operators import delete


def put(buffer: Buffer, register: Register, count: int, is_after: bool) -> Buffer:
    """Return the buffer with the text of a register at the cursor."""
    if register.is_lines:
        row = buffer.row + is_after
        lines = tuple(register.text.split("\n")) * count
        changed = buffer.with_lines(row, row, lines)
        return changed.moved(changed.first_nonblank(row))
    row, column = buffer.cursor
    column += is_after and bool(buffer.line)
    text = register.text * count
    changed = buffer.replaced((row, column), (row, column), text)
    return (changed if "\n" in text else changed.moved((row, column + len(text) - 1))).settled()


def put_over(buffer: Buffer, region: Region, register: Register, count: int) -> Buffer:
    """Return the buffer with the text of a register in place of the region."""
    if region.is_lines:
        lines = Register(register.text, is_lines=True)
        is_last = region.bottom == buffer.last_row
        is_all = is_last and region.top == 0
        left = delete(buffer, region)
        put_lines = put(left, lines, count, is_after=is_last)
        return put_lines.with_lines(0, 1, ()).moved(put_lines.first_nonblank(1)).moved((0, 0)) if is_all else put_lines
    if register.is_lines:
        text = "\n" + "\n".join([register.text] * count) + "\n"
        split = buffer.replaced(region.start, region.end, text)
        return split.moved(split.first_nonblank(region.top + 1))
    text = register.text * count
    changed = buffer.replaced(region.start, region.end, text)
    if "\n" in text:
        return changed.settled()
    return changed.moved((region.top, region.start[1] + max(len(text) - 1, 0))).settled()


def join(buffer: Buffer, top: int, bottom: int, with_space: bool) -> Buffer | None:
    """Return the buffer with the rows from `top` to `bottom` as one line; None if there is no line to join."""
    bottom = min(bottom, buffer.last_row)
    if bottom <= top:
        return None
    joined, column = buffer.lines[top], 0
    for line in buffer.lines[top + 1 : bottom + 1]:
        added = line.lstrip() if with_space else line
        column = len(joined)
        if with_space and added and not added.startswith(")") and joined and joined[-1] not in " \t":
            added = " " + added
        joined += added
    return buffer.with_lines(top, bottom + 1, (joined,)).moved((top, column)).settled()


def toggle_case(buffer: Buffer, count: int) -> Buffer | None:
    """Return the buffer with the case of the next characters changed; None on an empty line."""
    row, column = buffer.cursor
    if not buffer.line:
        return None
    end = min(column + count, len(buffer.line))
    changed = buffer.replaced((row, column), (row, end), buffer.line[column:end].swapcase())
    return changed.moved((row, end)).settled()


def replace_characters(buffer: Buffer, character: str, count: int) -> Buffer | None:
    """Return the buffer with the next characters replaced; None if the line has too few.

    The key Enter replaces them all by one line break.
    """
    row, column = buffer.cursor
    if column + count > len(buffer.line):
        return None
    if character == "enter":
        indent = buffer.indent(row)[:column]
        rest = buffer.line[column + count :].lstrip()
        changed = buffer.replaced((row, column), (row, len(buffer.line)), "\n" + indent + rest)
        return changed.moved((row + 1, max(len(indent) - 1, 0)))
    return buffer.replaced((row, column), (row, column + count), character * count).moved((row, column + count - 1))


def replace_region(buffer: Buffer, region: Region, character: str) -> Buffer:
    """Return the buffer with each character of a region replaced."""
    start, end = region.start, region.end
    if region.is_lines:
        start, end = (region.top, 0), (region.bottom, len(buffer.lines[region.bottom]))
    replacement = "\n" if character == "enter" else character
    text = "".join(old if old == "\n" else replacement for old in buffer.slice(start, end))
    return buffer.replaced(start, end, text).settled()


def open_line(buffer: Buffer, row: int, indent: str) -> Buffer:
    """Return the buffer with a new line before `row`, and the cursor after its indentation."""
    return buffer.with_lines(row, row, (indent,)).moved((row, len(indent)))
