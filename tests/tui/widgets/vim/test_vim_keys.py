"""Vim mode in the real editor: text, cursor, selection, undo, and which keys reach the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import settings as search
from hypothesis import strategies as st
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets.text_area import Selection

from quizapp.settings import Settings
from quizapp.tui.widgets.editor import CodeEditor
from quizapp.tui.widgets.plain_text_area import PlainTextArea
from tests.tui.widgets.vim.driver import keys_of

TEXT = "def area(w, h):\n    return w * h\n\nx = [1, 2]\n"


class VimApp(App[None]):
    """An app with a code editor in vim mode, another field, and bindings of letters and function keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u,x,d,q,f5,ctrl+s", "note('binding')"),
        Binding("ctrl+r", "note('try')"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.settings = Settings(key_set="vim")
        self.noted: list[str] = []
        self._text = text

    def compose(self) -> ComposeResult:
        yield CodeEditor(self._text)
        yield Input()

    def action_note(self, what: str) -> None:
        self.noted.append(what)

    def action_submit(self) -> None:
        self.noted.append("submit")

    @on(PlainTextArea.Exited)
    def note_exit(self) -> None:
        self.noted.append("exit")


@asynccontextmanager
async def open_vim(text: str = TEXT, height: int = 14) -> AsyncIterator[tuple[VimApp, CodeEditor, Pilot[None]]]:
    app = VimApp(text)
    async with app.run_test(size=(60, height)) as pilot:
        editor = app.query_one(CodeEditor)
        editor.focus()
        await pilot.pause()
        yield app, editor, pilot


async def type_keys(pilot: Pilot[None], notation: str) -> None:
    """Press the keys of a text in vim's notation."""
    await pilot.press(*(_character_to_key(key) if len(key) == 1 else key for key in keys_of(notation)))


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ("dd", "    return w * h\n\nx = [1, 2]\n", (0, 4)),
        ("jwcwyield<Esc>", "def area(w, h):\n    yield w * h\n\nx = [1, 2]\n", (1, 8)),
        ("ci(a<Esc>", "def area(a):\n    return w * h\n\nx = [1, 2]\n", (0, 9)),
        ("yyP", "def area(w, h):\n" + TEXT, (0, 0)),
        ("wd$u", TEXT, (0, 4)),
        ("Gkoy = x<Esc>", TEXT + "y = x\n", (4, 4)),
        ("oa<CR>b<CR>c<Esc>u", TEXT, (0, 0)),
        ("oa<CR>b<Esc>u<C-r>", "def area(w, h):\n    a\n    b\n    return w * h\n\nx = [1, 2]\n", (1, 4)),
        ("A  # one<Esc>jA  # two<Esc>uu", TEXT, (0, 14)),
        ("cwx<CR>y<Esc>3u", TEXT, (0, 0)),
        ("VjdP", TEXT, (0, 0)),
        ("jf*r+", TEXT.replace("*", "+"), (1, 13)),
        ("3ix<Esc>", "xxx" + TEXT, (0, 2)),
        ("A(a<Esc>j.", "def area(w, h):(a)\n    return w * h(a)\n\nx = [1, 2]\n", (1, 17)),
        ("/w<CR>", TEXT, (0, 9)),
        (":4<CR>", TEXT, (3, 0)),
    ],
)
async def test_keys_change_text_and_cursor(keys: str, text: str, cursor: tuple[int, int]) -> None:
    async with open_vim() as (_, editor, pilot):
        await type_keys(pilot, keys)
        assert (editor.text, editor.cursor_location) == (text, cursor)


async def test_undo_after_insert_mode_restores_many_lines() -> None:
    """Textual wraps other rows than changed when it undoes several edits as one step."""
    async with open_vim() as (_, editor, pilot):
        await type_keys(pilot, "oa<CR><CR><CR><BS><BS>b<Esc>u")
        assert editor.text == TEXT
        assert editor.wrapped_document.height == 5
        await type_keys(pilot, "<C-r>")
        assert editor.wrapped_document.height == editor.document.line_count


async def test_ctrl_z_in_insert_mode_undoes_what_was_typed() -> None:
    async with open_vim() as (_, editor, pilot):
        await type_keys(pilot, "ione ")
        await pilot.press("ctrl+z")
        assert editor.text == TEXT
        await type_keys(pilot, "two<Esc>u")
        assert editor.text == TEXT


async def test_status_shows_mode_keys_prompt_and_messages() -> None:
    async with open_vim() as (_, editor, pilot):

        async def status_after(keys: str) -> str:
            await type_keys(pilot, keys)
            return str(editor.border_subtitle).strip()

        assert await status_after("") == "NORMAL"
        assert await status_after("2d") == "NORMAL  2d"
        assert await status_after("<Esc>i") == "INSERT"
        assert await status_after("<Esc>v") == "VISUAL"
        assert await status_after("V") == "VISUAL LINE"
        assert await status_after("<Esc>:w") == ":w▏"
        assert await status_after("<Esc>:foo<CR>") == "NORMAL  not a command: :foo"
        assert await status_after("/nowhere<CR>") == "NORMAL  not found: nowhere"
        assert await status_after("Q") == "NORMAL  not a command: Q"
        assert await status_after("u") == "NORMAL  nothing to undo"


async def test_brackets_in_the_prompt_are_shown_as_typed() -> None:
    async with open_vim() as (app, _, pilot):
        await type_keys(pilot, "/[bold]")
        assert "/[bold]" in app.export_screenshot().replace("&#160;", " ")


async def test_letters_never_reach_the_screen_in_normal_mode() -> None:
    async with open_vim() as (app, editor, pilot):
        await type_keys(pilot, "uxQqd<Esc>")
        await pilot.press("escape", "f5", "ctrl+s")
        assert app.noted == ["exit", "binding", "binding"]
        assert editor.text == TEXT[1:]


async def test_escape_leaves_the_editor_only_in_normal_mode() -> None:
    async with open_vim() as (app, _, pilot):
        for keys in ("i<Esc>", "v<Esc>", "2d<Esc>", ":w<Esc>", "/a<Esc>"):
            await type_keys(pilot, keys)
            assert app.noted == []
        await type_keys(pilot, "<Esc>")
        assert app.noted == ["exit"]


async def test_redo_is_ctrl_r_only_outside_insert_mode() -> None:
    async with open_vim() as (app, editor, pilot):
        await type_keys(pilot, "xu<C-r>")
        assert editor.text == TEXT[1:]
        assert app.noted == []
        await type_keys(pilot, "i<C-r>")
        assert app.noted == ["try"]


async def test_visual_mode_selects_including_the_cursor() -> None:
    async with open_vim() as (_, editor, pilot):
        await type_keys(pilot, "wve")
        assert editor.selection == Selection((0, 4), (0, 7))
        await type_keys(pilot, "<Esc>v2h")
        assert editor.selection == Selection((0, 8), (0, 5))
        await type_keys(pilot, "<Esc>Vj")
        assert editor.selected_text == "def area(w, h):\n    return w * h"


async def test_selection_by_mouse_or_shifted_arrows_is_visual_mode() -> None:
    async with open_vim() as (_, editor, pilot):
        await pilot.press("shift+right", "shift+right", "shift+right")
        await type_keys(pilot, "d")
        assert editor.text == TEXT[3:]
        editor.selection = Selection((0, 5), (0, 1))
        await type_keys(pilot, "y")
        assert str(editor.border_subtitle).strip() == "NORMAL"
        assert editor.cursor_location == (0, 1)


async def test_placeholder_is_under_the_cursor_when_the_editor_gets_the_focus() -> None:
    async with open_vim("answer = ...\n") as (app, editor, pilot):
        app.query_one(Input).focus()
        editor.selection = Selection((0, 9), (0, 12))
        editor.focus()
        await pilot.pause()
        await type_keys(pilot, "C1<Esc>")
        assert editor.text == "answer = 1\n"


async def test_setting_switches_at_once() -> None:
    async with open_vim() as (app, editor, pilot):
        app.settings = replace(app.settings, key_set="default")
        await type_keys(pilot, "z")
        assert editor.text == "z" + TEXT
        assert editor.border_subtitle is None
        app.settings = replace(app.settings, key_set="vim")
        app.screen_change_signal.publish(app.screen)
        await pilot.pause()
        assert str(editor.border_subtitle).strip() == "NORMAL"
        await type_keys(pilot, "dd")
        assert editor.document.line_count == 4


async def test_clipboard_is_register_plus() -> None:
    async with open_vim() as (app, editor, pilot):
        await type_keys(pilot, '"+yy')
        assert app.clipboard == "def area(w, h):\n"
        app.copy_to_clipboard("new")
        await type_keys(pilot, 'G"+p')
        assert editor.text == TEXT + "new"


async def test_paste_of_the_terminal_is_inserted() -> None:
    async with open_vim() as (app, editor, pilot):
        await type_keys(pilot, "i")
        app.post_message(events.Paste("a\nb"))
        await pilot.pause()
        await type_keys(pilot, "<Esc>u")
        assert editor.text == TEXT


async def test_scrolling_moves_by_half_and_whole_windows() -> None:
    text = "\n".join(str(number) for number in range(100))
    async with open_vim(text, height=14) as (_, editor, pilot):
        height = editor.scrollable_content_region.height
        await type_keys(pilot, "<C-d>")
        assert editor.cursor_location[0] == height // 2
        await type_keys(pilot, "ggzt<C-f>")
        assert editor.cursor_location[0] == height - 2
        await type_keys(pilot, "50Gzt")
        assert editor.scroll_offset.y == 49
        await type_keys(pilot, "zb")
        assert editor.scroll_offset.y == 49 - height + 1
        await type_keys(pilot, "H")
        assert editor.cursor_location[0] == 49 - height + 1


KEYS = "hjklwbe0$GdcyxpPuroOiaAIvVJ~.;,nN<>=\"'()[]{}/: 123\n\x1b\x08"
NAMES = {"\n": "enter", "\x1b": "escape", "\x08": "backspace"}


def key_names(typed: str) -> Sequence[str]:
    return [NAMES.get(key) or _character_to_key(key) for key in typed]


@pytest.mark.slow
@search(max_examples=6)
@given(typed=st.text(KEYS, min_size=15, max_size=30))
async def test_random_keys_keep_editor_and_history_consistent(typed: str) -> None:
    async with open_vim() as (_, editor, pilot):
        await pilot.press(*key_names(typed), "escape", "escape", "escape")
        row, column = editor.cursor_location
        assert 0 <= row < editor.document.line_count
        assert 0 <= column <= len(editor.document.get_line(row))
        assert editor.wrapped_document.height == editor.document.line_count
        for _ in range(300):
            editor.undo()
        assert editor.text == TEXT
