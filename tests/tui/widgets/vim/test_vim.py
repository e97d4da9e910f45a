"""The state machine of vim: what no recording can show, and properties of random keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.tui.widgets.vim.command_line import Request
from quizapp.tui.widgets.vim.state import VimMode
from tests.tui.widgets.vim.driver import PlainEditor

TEXT = "def f(a, b):\n    return {'x': [a]}\n\ny = f(1, 'two')  # three\n"
CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEGHIJKLMNOPRSTUVWXYZ0123456789$^%{}()[]<>=~.,;:/?*#\"'`+-_| |!@&\\Z"
KEYS = (*CHARACTERS, "escape", "enter", "backspace", "tab", "left", "up", "end", "delete", "ctrl+d", "ctrl+b", "ctrl+y")


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        (":w<CR>", Request.SUBMIT),
        (":wq<CR>", Request.SUBMIT),
        (":x<CR>", Request.SUBMIT),
        ("ZZ", Request.SUBMIT),
        (":q<CR>", Request.QUIT),
        (":q!<CR>", Request.QUIT),
        ("ZQ", Request.QUIT),
        (":help<CR>", Request.HELP),
        ("<Esc>", Request.EXIT),
    ],
)
def test_command_asks_the_editor(typed: str, request_: Request) -> None:
    editor = PlainEditor(TEXT).type(typed)
    assert (editor.requests, editor.text) == ([request_], TEXT)


@pytest.mark.parametrize("keys", ["f5", "ctrl+s", "ctrl+o", "shift+left", "alt+up", "ctrl+c", "ctrl+z"])
@pytest.mark.parametrize("before", ["", "2d", "v", "i"])
def test_other_keys_belong_to_the_screen(keys: str, before: str) -> None:
    editor = PlainEditor(TEXT).type(before)
    editor.press(keys)
    assert editor.requests == ([] if before == "i" else [Request.PASS])
    assert editor.text == TEXT


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (":wrong<CR>", "not a command: :wrong"),
        ("Q", "not a command: Q"),
        ("gx", "not a command: gx"),
        ("dx", "not a command: dx"),
        ("viz", "not a command: iz"),
        ("/zzz<CR>", "not found: zzz"),
        ("n", "nothing was searched for yet"),
        ('"kp', 'nothing in register "k'),
    ],
)
def test_failures_are_named(typed: str, message: str) -> None:
    editor = PlainEditor(TEXT).type(typed)
    assert editor.vim.state.message == message
    assert editor.text == TEXT


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (":3<CR>dd", "a(1)\nb\nd"),
        (":$<CR>dd", "a(1)\nb\nc"),
        ("/c<BS>b<CR>dd", "a(1)\nc\nd"),
        ("/b<CR>ggd/<CR>", "b\nc\nd"),
        ("/<BS>x", "(1)\nb\nc\nd"),
        ("99999j dd", "a(1)\nb\nc"),
        ("99999>>", "    a(1)\n    b\n    c\n    d"),
        ("$r<CR>", "a(1\n\nb\nc\nd"),
        ("obad<Esc>u", "a(1)\nb\nc\nd"),
        ("jokept:<Esc>obelow<Esc>", "a(1)\nb\nkept:\n    below\nc\nd"),
        ("V>VG=", "a(1)\nb\nc\nd"),
    ],
)
def test_text_after_keys(typed: str, text: str) -> None:
    assert PlainEditor("a(1)\nb\nc\nd").type(typed).text == text


@pytest.mark.parametrize(
    ("typed", "aligned"),
    [
        ("   if a:\n  b\n      c", "if a:\n    b\n    c"),
        ("for i in x:\n    y\nz", "for i in x:\n    y\nz"),
        ("f(\na,\n)", "f(\na,\n)"),
        ("a\n\n   b", "a\n\nb"),
    ],
)
def test_equals_aligns_lines(typed: str, aligned: str) -> None:
    assert PlainEditor(typed).type("=G").text == aligned


def test_windows_decide_scrolling_and_h_m_l() -> None:
    text = "\n".join(str(number) for number in range(60))
    rows = [
        PlainEditor(text, height=20).type(keys).cursor[0]
        for keys in ("<C-d>", "3<C-d>", "<C-f>", "2<C-f>", "L", "M", "H", "3L")
    ]
    assert rows == [10, 3, 18, 36, 19, 9, 0, 17]
    assert PlainEditor(text, (30, 0), height=20).type("zz").window.top == 20


@given(st.lists(st.sampled_from(KEYS), max_size=40), st.integers(0, 60))
def test_random_keys_keep_the_cursor_in_the_text(keys: list[str], start: int) -> None:
    editor = PlainEditor(TEXT)
    editor.buffer = editor.buffer.moved(editor.buffer.position(min(start, len(TEXT)))).settled()
    for key in keys:
        editor.press(key)
        row, column = editor.cursor
        line = editor.buffer.lines[row]
        assert 0 <= column <= (max(len(line) - 1, 0) if editor.vim.mode is VimMode.NORMAL else len(line))


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_undo_restores_the_text_and_redo_the_change(keys: list[str]) -> None:
    editor = PlainEditor(TEXT)
    for key in keys:
        editor.press(key)
    editor.type("<Esc><Esc><Esc>")
    changed = editor.text
    while editor.done:
        editor.press("u")
    assert editor.text == TEXT
    while editor.undone:
        editor.press("ctrl+r")
    # Redo returns to the text before the last undo that the keys contained, which is later than `changed`.
    assert editor.text == changed or "u" in keys


@given(st.lists(st.sampled_from([key for key in KEYS if key not in "iIaAoOcCsSR"]), max_size=40))
def test_keys_that_do_not_insert_type_nothing(keys: list[str]) -> None:
    """The text has no characters of its commands, so that any that were typed would be found."""
    editor = PlainEditor("日本 語\n文 字\n")
    for key in keys:
        # `r` replaces by the next key, which is not typing.
        editor.press("%" if key in "r" else key)
        assert editor.vim.mode is not VimMode.INSERT
    assert set(editor.text) <= set("日本語文字 \n")
