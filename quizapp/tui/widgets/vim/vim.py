"""The state machine of vim: a key changes the mode and the buffer. Contains no widget."""

from __future__ import annotations

from dataclasses import replace

from quizapp.tui.widgets.vim.actions import NORMAL_ACTIONS, VISUAL_ACTIONS, Call
from quizapp.tui.widgets.vim.buffer import Buffer, Position, Window
from quizapp.tui.widgets.vim.command_line import LINE_COMMANDS, Prompt, Request
from quizapp.tui.widgets.vim.insertions import inserted_text
from quizapp.tui.widgets.vim.key_parser import ACTIONS, ALIASES, UnknownKeysError, VimCommand, parse
from quizapp.tui.widgets.vim.motions import JUMPS, MOTIONS, Move
from quizapp.tui.widgets.vim.searches import TextSearch
from quizapp.tui.widgets.vim.state import LastChange, Response, VimMode, VimState
from quizapp.tui.widgets.vim.text_objects import OBJECTS
from quizapp.tui.widgets.vim.text_regions import Region, region_of_motion, region_of_object, region_of_rows
from quizapp.tui.widgets.vim.vim_operators import EDITS, copied

IGNORED = frozenset({"tab", "ctrl+v", "ctrl+w", "ctrl+k", "ctrl+delete", "ctrl+backspace"})
"""Keys that would change the text in normal mode, where the editor must not handle them."""

NAVIGATION = frozenset({"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "ctrl+left", "ctrl+right"})


class Vim:
    """The modes of vim over one text."""

    def __init__(self) -> None:
        self.state = VimState()

    @property
    def mode(self) -> VimMode:
        return self.state.mode

    @property
    def is_ready(self) -> bool:
        """Whether normal mode waits for the first key of a command."""
        return self.mode is VimMode.NORMAL and not self.state.keys and self.state.prompt is None

    @property
    def status(self) -> str:
        """The mode with the keys of an unfinished command, the prompt, or a message."""
        state = self.state
        if state.prompt is not None:
            return f"{state.prompt.sign}{state.prompt.text}▏"
        return "  ".join(part for part in (state.mode.value, "".join(state.keys), state.message) if part)

    def reset(self) -> None:
        """Return to normal mode, as after a change from outside."""
        state = self.state
        state.mode, state.keys, state.prompt, state.session, state.message = VimMode.NORMAL, (), None, None, ""

    def press(self, key: str, buffer: Buffer, window: Window) -> Response:
        """Handle a key: a character, or Textual's name of another key."""
        state = self.state
        state.message, state.change_start = "", None
        if state.mode is VimMode.INSERT:
            return self._press_in_insert(key, buffer)
        if state.prompt is not None:
            return self._press_in_prompt(state.prompt, key, buffer, window)
        if key == "escape":
            return self._escape(buffer)
        if not (state.keys or is_key_of_vim(key)):
            return Response(buffer, Request.PASS)
        if not is_key_of_vim(key):
            state.keys = ()
            return Response(buffer, Request.PASS)
        return self._press_command(key, buffer, window)

    def _press_command(self, key: str, buffer: Buffer, window: Window) -> Response:
        state = self.state
        if key in IGNORED:
            state.message, state.keys = f"not a command: {key}", ()
            return Response(buffer)
        state.keys += (key,)
        try:
            command = parse(state.keys, state.mode.is_visual)
        except UnknownKeysError as error:
            state.message, state.keys = f"not a command: {error}", ()
            return Response(buffer)
        if command is None:
            return Response(buffer)
        state.keys = ()
        return self._run(command, buffer, window)

    def _escape(self, buffer: Buffer) -> Response:
        state = self.state
        if state.keys:
            state.keys = ()
        elif state.mode.is_visual:
            state.leave_visual(buffer)
            return Response(buffer.settled())
        else:
            return Response(buffer, Request.EXIT)
        return Response(buffer)

    # Insert mode

    def _press_in_insert(self, key: str, buffer: Buffer) -> Response:
        state = self.state
        if key == "escape":
            return Response(self._end_insert(buffer))
        if key in NAVIGATION:
            # What is typed before and after a movement is not one text.
            state.session = None
        elif state.session is None:
            state.insert(buffer)
            state.last_change = LastChange(VimCommand("i"))
        return Response(buffer, Request.PASS)

    def _end_insert(self, buffer: Buffer) -> Buffer:
        state = self.state
        state.mode = VimMode.NORMAL
        if state.session is None:
            return buffer.moved((buffer.row, max(buffer.column - 1, 0))).settled()
        if state.last_change is not None:
            inserted = inserted_text(state.session.start, buffer)
            state.last_change = replace(state.last_change, inserted=inserted)
        ended, state.session = state.session.end(buffer), None
        state.memory.wanted = None
        return ended

    # The prompt

    def _press_in_prompt(self, prompt: Prompt, key: str, buffer: Buffer, window: Window) -> Response:
        state = self.state
        if key != "enter":
            state.prompt = prompt.press(key)
            return Response(buffer)
        state.prompt = None
        if prompt.sign == ":":
            return self._run_line(prompt.text.strip(), buffer, window)
        is_forward = prompt.sign == "/"
        if prompt.text:
            state.memory.text_search = TextSearch(prompt.text, is_forward)
        elif state.memory.text_search is not None:
            state.memory.text_search = replace(state.memory.text_search, is_forward=is_forward)
        return self._run(prompt.command, buffer, window, is_prompted=True)

    def _run_line(self, text: str, buffer: Buffer, window: Window) -> Response:
        self.state.leave_visual(buffer)
        if text.isdecimal() and text.isascii():
            return self._run(VimCommand("G", count=max(int(text[:9]), 1)), buffer, window)
        if text == "$":
            return self._run(VimCommand("G"), buffer, window)
        if text and text not in LINE_COMMANDS:
            self.state.message = f"not a command: :{text}"
        return Response(buffer.settled(), LINE_COMMANDS.get(text))

    # Commands

    def _run(self, command: VimCommand, buffer: Buffer, window: Window, is_prompted: bool = False) -> Response:
        """Run a command and remember it if it changes the text."""
        if command.name in ("/", "?") and not is_prompted:
            self.state.prompt = Prompt(command.name, command)
            return Response(buffer)
        if command.name == ".":
            return self._repeat(command, buffer, window)
        size = self.state.selection_size(buffer)
        response = self._execute(Call(self.state, command, buffer, window))
        is_operated = command.operator not in ("", "y") and self.state.change_start is not None
        has_changed = response.buffer.lines != buffer.lines or self.mode is VimMode.INSERT
        if has_changed or is_operated or command.name in ("~", "r"):
            self.state.last_change = LastChange(command, size)
        return response

    def _execute(self, call: Call) -> Response:
        command, buffer, state = call.command, call.buffer, self.state
        if command.operator:
            state.memory.wanted = None
            return Response(self._operate(call) or buffer)
        if command.name in MOTIONS:
            return Response(self._move(call))
        state.memory.wanted = None
        if state.mode.is_visual and command.name[1:] in OBJECTS:
            return Response(self._select_object(call))
        actions = VISUAL_ACTIONS if state.mode.is_visual else NORMAL_ACTIONS
        result = actions[command.name](call)
        return result if isinstance(result, Response) else Response(result or buffer)

    def _repeat(self, command: VimCommand, buffer: Buffer, window: Window) -> Response:
        """Repeat the last change; a count replaces its count."""
        change = self.state.last_change
        if change is None:
            return Response(buffer)
        if command.count is not None:
            change = replace(change, command=replace(change.command, count=command.count))
        changed = self._execute(Call(self.state, change.command, buffer, window, change.size)).buffer
        if self.mode is VimMode.INSERT and self.state.session is not None:
            typed = change.inserted.apply(changed) if change.inserted is not None else changed
            self.state.mode, changed = VimMode.NORMAL, self.state.session.end(typed)
            self.state.session = None
        self.state.last_change = change
        return Response(changed)

    # Motions

    def _target_move(self, call: Call) -> Move:
        command = call.command
        return Move(
            call.buffer,
            self.state.memory,
            call.window,
            command.count,
            command.argument,
            command.operator,
            self.mode.is_visual,
        )

    def _move(self, call: Call) -> Buffer:
        name, buffer, memory = call.command.name, call.buffer, self.state.memory
        target = MOTIONS[name](self._target_move(call))
        if target is None:
            if name in ("n", "N", "/", "?", "*", "#"):
                self.state.message = self._not_found()
            return buffer
        if name in JUMPS:
            memory.marks["`"] = buffer.cursor
        memory.wanted = target.wanted
        moved = buffer.moved(target.position)
        return moved if self.mode.is_visual else moved.settled()

    def _not_found(self) -> str:
        search = self.state.memory.text_search
        return f"not found: {search.text}" if search else "nothing was searched for yet"

    def _select_object(self, call: Call) -> Buffer:
        """Select a text object, or extend the selection by the next one."""
        state, buffer, name = self.state, call.buffer, call.command.name
        is_extended = state.anchor < buffer.cursor
        start = buffer
        if is_extended:
            row, column = buffer.cursor
            start = buffer.moved((row, min(column + 1, max(len(buffer.line) - 1, 0))))
        found = OBJECTS[name[1:]](start, call.count, name[0] == "a")
        if found is None:
            return buffer
        anchor, end = found.start, self._last_position(buffer, region_of_object(found))
        if found.is_lines:
            state.mode = VimMode.VISUAL_LINE
        elif end < anchor:
            return buffer
        state.anchor = min(state.anchor, anchor) if is_extended else anchor
        return buffer.moved(end)

    @staticmethod
    def _last_position(buffer: Buffer, region: Region) -> Position:
        """Return the last position in a region."""
        if region.is_lines:
            return region.end
        row, column = region.end
        return (row, column - 1) if column else (row - 1, len(buffer.lines[row - 1])) if row else (0, 0)

    # Operators

    def _operate(self, call: Call) -> Buffer | None:
        """Apply an operator; return None if there is nothing to apply it to."""
        command, buffer, state = call.command, call.buffer, self.state
        is_on_selection = call.is_on_selection
        region = self._region(call)
        if region is None:
            return None
        state.leave_visual(buffer)
        operator = command.operator
        if operator in ("d", "c", "y") and (region.is_lines or region.start != region.end):
            state.registers.write(command.register, copied(buffer, region), is_yank=operator == "y")
        levels = (command.count or 1) if is_on_selection else 1
        changed = EDITS[operator](buffer, region, levels)
        if operator == "c":
            state.insert(changed)
        state.change_start = region.start
        return changed

    def _region(self, call: Call) -> Region | None:
        command, buffer = call.command, call.buffer
        if call.is_on_selection:
            return call.region(takes_breaks=command.operator not in ("<", ">", "="))
        if command.is_lines:
            return region_of_rows(buffer, command.count or 1, command.operator)
        if command.name[1:] in OBJECTS and command.name[0] in "ia":
            found = OBJECTS[command.name[1:]](buffer, command.count or 1, command.name[0] == "a")
            return region_of_object(found) if found else None
        target = MOTIONS[command.name](self._target_move(call))
        if target is None:
            # `s` and `C` work on an empty line too, where there is nothing to move over.
            return Region(buffer.cursor, buffer.cursor) if command.operator == "c" and command.name == "l" else None
        return region_of_motion(buffer, target, command.operator)


def is_key_of_vim(key: str) -> bool:
    """Return whether normal mode handles a key: all characters, so that none is typed or reaches the screen."""
    return len(key) == 1 or key in ACTIONS or key in ALIASES or key in IGNORED or key in ("backspace", "escape")
