"""An editor without a screen: the state machine of vim, plain typing in insert mode, and undo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.tui.widgets.vim.buffer import Buffer, Position, Window
from quizapp.tui.widgets.vim.command_line import Request
from quizapp.tui.widgets.vim.state import VimMode
from quizapp.tui.widgets.vim.undo_cursor import redo_cursor, undo_cursor
from quizapp.tui.widgets.vim.vim import Vim

NAMES = {"<Esc>": "escape", "<CR>": "enter", "<BS>": "backspace", "<Del>": "delete", "<Space>": " ", "<lt>": "<"}


KEY = re.compile(r"<[A-Za-z-]+>|.", re.DOTALL)
"""A key in vim's notation."""


def keys_of(notation: str) -> Iterator[str]:
    """Yield the keys of a text in vim's notation: `ciwx<Esc>`, `<C-r>`."""
    for key in KEY.findall(notation):
        control = re.fullmatch(r"<C-(.)>", key)
        yield f"ctrl+{control[1]}" if control else NAMES.get(key, key)


class PlainEditor:
    """A text that keys change as in vim with `autoindent`."""

    def __init__(self, text: str, cursor: Position = (0, 0), height: int = 20) -> None:
        self.vim = Vim()
        self.buffer = Buffer.of(text, cursor)
        self.window = Window(0, height)
        self.undone: list[Buffer] = []
        self.done: list[Buffer] = []
        self.requests: list[Request] = []

    @property
    def text(self) -> str:
        return self.buffer.text

    @property
    def cursor(self) -> Position:
        return self.buffer.cursor

    def type(self, notation: str) -> PlainEditor:
        """Press the keys of a text in vim's notation."""
        for key in keys_of(notation):
            self.press(key)
        return self

    def press(self, key: str) -> None:
        before, was_inserting = self.buffer, self.vim.mode is VimMode.INSERT
        response = self.vim.press(key, before, self.window)
        self.buffer = response.buffer
        if response.top is not None:
            self.window = Window(response.top, self.window.height)
        if response.request is Request.PASS and was_inserting:
            self._insert(key)
        elif response.request in (Request.UNDO, Request.REDO):
            for _ in range(response.count):
                self._undo(response.request is Request.UNDO)
        elif response.request is not None:
            self.requests.append(response.request)
        has_changed = self.vim.mode is VimMode.INSERT or self.buffer.lines != before.lines
        if has_changed and not was_inserting and response.request is None:
            self.done.append(before.moved(self.vim.state.change_start or before.cursor))
            self.undone.clear()

    def _undo(self, is_undo: bool) -> None:
        source, target = (self.done, self.undone) if is_undo else (self.undone, self.done)
        while source:
            before, self.buffer = self.buffer, source.pop()
            target.append(before)
            if before.lines != self.buffer.lines:
                cursor = undo_cursor if is_undo else redo_cursor
                self.buffer = self.buffer.moved(cursor(before, self.buffer))
                break

    def _insert(self, key: str) -> None:
        row, column = self.buffer.cursor
        if key == "backspace":
            start = self.buffer.position(max(self.buffer.offset((row, column)) - 1, 0))
            self.buffer = self.buffer.replaced(start, (row, column), "")
        elif key == "enter":
            indent = self.buffer.indent(row)[:column]
            self.buffer = self.buffer.replaced((row, column), (row, column), "\n" + indent).moved(
                (row + 1, len(indent))
            )
        elif len(key) == 1:
            self.buffer = self.buffer.replaced((row, column), (row, column), key).moved((row, column + 1))
