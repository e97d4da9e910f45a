"""The code editor: keys, highlighting, marks, wrapping and search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from quizapp.tui.widgets.editor import CodeEditor, Mark
from tests.tui.harness import text

KEYS = {
    " ": "space",
    "=": "equals_sign",
    ".": "full_stop",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ",": "comma",
    ":": "colon",
    "'": "apostrophe",
    '"': "quotation_mark",
    "\n": "enter",
    "#": "number_sign",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "+": "plus",
    "\\": "backslash",
}


class EditorApp(App[None]):
    """An app with a code editor."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield CodeEditor(self._text)


@asynccontextmanager
async def open_editor(text: str = "") -> AsyncIterator[tuple[CodeEditor, Pilot[None]]]:
    app = EditorApp(text)
    async with app.run_test(size=(60, 12)) as pilot:
        editor = app.query_one(CodeEditor)
        editor.focus()
        await pilot.pause()
        yield editor, pilot


async def type_text(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*(KEYS.get(character, character) for character in text))


async def test_long_paste_can_be_undone() -> None:
    async with open_editor("a = 1\n") as (editor, pilot):
        pilot.app.post_message(events.Paste("\n".join(f"x{number} = {number}" for number in range(50))))
        await pilot.pause()
        assert "x49" in editor.text
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert editor.text == "a = 1\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("f(", "f()"),
        ("f(x)", "f(x)"),
        ("x = [1, (2, 3)]", "x = [1, (2, 3)]"),
        ("d['a']", "d['a']"),
        ('f"{x}"', 'f"{x}"'),
        ("'(a)'", "'(a)'"),
        (r"'\'' + ''", r"'\'' + ''"),
        ("don't", "don't"),
        ("if x:\ny", "if x:\n    y"),
        ("def f():\nreturn 1\nx", "def f():\n    return 1\nx"),
        ("f(\nx", "f(\n    x\n)"),
        ("for i in x:  # each\ny", "for i in x:  # each\n    y"),
    ],
)
async def test_brackets_and_indents_are_inserted(typed: str, text: str) -> None:
    async with open_editor() as (editor, pilot):
        await type_text(pilot, typed)
        assert editor.text == text


async def test_backspace_deletes_an_empty_pair_and_a_whole_indent() -> None:
    async with open_editor() as (editor, pilot):
        await type_text(pilot, "f(")
        await pilot.press("backspace")
        assert editor.text == "f"
        await type_text(pilot, ":\n")
        await pilot.press("backspace")
        assert editor.text == "f:\n"


async def test_bracket_surrounds_the_selection() -> None:
    async with open_editor("x + y") as (editor, pilot):
        editor.select_all()
        await type_text(pilot, "(")
        assert editor.text == "(x + y)"


@pytest.mark.parametrize("key", ["f10", "ctrl+underscore", "ctrl+slash"])
async def test_lines_are_commented_and_uncommented(key: str) -> None:
    async with open_editor("def f():\n    return 1\n\nx = 2") as (editor, pilot):
        editor.select_all()
        await pilot.press(key)
        assert editor.text == "# def f():\n#     return 1\n\n# x = 2"
        await pilot.press(key)
        assert editor.text == "def f():\n    return 1\n\nx = 2"


async def test_tab_and_shift_tab_indent_the_selected_lines() -> None:
    async with open_editor("a\nb") as (editor, pilot):
        editor.select_all()
        await pilot.press("tab")
        assert editor.text == "    a\n    b"
        await pilot.press("shift+tab", "shift+tab")
        assert editor.text == "a\nb"


async def test_comment_is_undone_in_one_step() -> None:
    async with open_editor("a\nb") as (editor, pilot):
        editor.select_all()
        await pilot.press("f10", "ctrl+z")
        assert editor.text == "a\nb"
        await pilot.press("ctrl+y")
        assert editor.text == "# a\n# b"


async def test_keys_take_effect_in_order() -> None:
    async with open_editor("old text") as (editor, pilot):
        for key, character in (("home", None), ("ctrl+k", None), ("n", "n"), ("e", "e")):
            editor.post_message(events.Key(key, character))
        await pilot.pause()
        assert editor.text == "ne"


async def test_pasted_lines_are_unchanged() -> None:
    lines = "\n".join(f"x{number} = [{number}, (1, 2)]" for number in range(200))
    async with open_editor() as (editor, pilot):
        pilot.app.post_message(events.Paste(lines))
        await pilot.pause()
        assert editor.text == lines


async def test_pasted_tabs_and_spaces_of_web_pages_become_spaces() -> None:
    async with open_editor() as (editor, pilot):
        pilot.app.post_message(events.Paste("\ufeffdef f():\r\n\ty = '\u00a0'\r\n\u00a0   \treturn\u00a0y\r\n"))
        await pilot.pause()
        assert editor.text == "def f():\n    y = '\u00a0'\n        return y\n"


@pytest.mark.parametrize(("key", "space"), [("no-break_space", "\u00a0"), ("ideographic_space", "\u3000")])
async def test_other_spaces_are_typed_as_spaces(key: str, space: str) -> None:
    async with open_editor() as (editor, pilot):
        for event in (events.Key("a", "a"), events.Key(key, space), events.Key("b", "b")):
            editor.post_message(event)
        await pilot.pause()
        assert editor.text == "a b"


async def test_only_visible_lines_are_highlighted() -> None:
    async with open_editor("\n".join("x = 'text'" for _ in range(500))) as (editor, pilot):
        assert editor._highlights[3]
        assert not editor._highlights.get(400)
        editor.move_cursor((450, 0))
        await pilot.pause()
        assert editor._highlights[450]


async def test_string_that_starts_above_the_visible_lines_is_highlighted() -> None:
    async with open_editor('x = """\n' + "inside\n" * 300 + '"""\ny = 1') as (editor, pilot):
        editor.move_cursor((200, 0))
        await pilot.pause()
        assert any(name == "string" for _, _, name in editor._highlights[200])


async def test_mark_is_cut_to_the_width_and_does_not_change_the_text() -> None:
    async with open_editor("answer = x @ x\n") as (editor, _):
        editor.mark(Mark(0, "RuntimeError: " + "long " * 40, 9, 14))
        assert editor.text == "answer = x @ x\n"
        line = editor.get_line(0).plain
        assert line.startswith("answer = x @ x  ✗ RuntimeError") and line.endswith("…")


async def test_search_wraps_around_in_both_directions() -> None:
    async with open_editor("cat\ndog\nCat\n") as (editor, _):
        assert editor.select_match("cat") and editor.selection.start == (2, 0)
        assert editor.select_match("cat") and editor.selection.start == (0, 0)
        assert editor.select_match("cat", backwards=True) and editor.selection.start == (2, 0)
        assert not editor.select_match("bird")
        assert editor.select_match("Cat") and editor.selection.start == (2, 0)


async def test_selection_of_everything_is_replaced_by_typing() -> None:
    async with open_editor("a = 1\nb = 2") as (editor, pilot):
        await pilot.press("ctrl+a", "x")
        assert editor.text == "x"
        await pilot.press("home", "delete")
        assert editor.text == ""


async def test_cursor_goes_to_the_start_and_the_end_of_the_text() -> None:
    async with open_editor("a = 1\nb = 2") as (editor, pilot):
        await pilot.press("ctrl+end")
        assert editor.cursor_location == (1, 5)
        await pilot.press("ctrl+home")
        assert editor.cursor_location == (0, 0)


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        (["ctrl+d"], "a\na\nb\nc", (1, 0)),
        (["alt+down"], "b\na\nc", (1, 0)),
        (["alt+down", "alt+down", "alt+down"], "b\nc\na", (2, 0)),
        (["alt+up"], "a\nb\nc", (0, 0)),
        (["down", "alt+up"], "b\na\nc", (0, 0)),
        (["alt+l", "ctrl+d"], "aa\nb\nc", (0, 2)),
        (["ctrl+shift+k"], "b\nc", (0, 0)),
        (["ctrl+end", "ctrl+d"], "a\nb\nc\nc", (3, 1)),
    ],
)
async def test_lines_are_duplicated_moved_and_deleted(keys: list[str], text: str, cursor: tuple[int, int]) -> None:
    async with open_editor("a\nb\nc") as (editor, pilot):
        await pilot.press(*keys)
        assert (editor.text, editor.cursor_location) == (text, cursor)
        await pilot.press(*["ctrl+z"] * len(keys))
        assert editor.text == "a\nb\nc"


@pytest.mark.parametrize("key", ["ctrl+d", "alt+up", "alt+down", "alt+r"])
async def test_text_that_is_read_only_is_not_edited(key: str) -> None:
    async with open_editor("a\nb\nc") as (editor, pilot):
        editor.read_only = True
        editor.move_cursor((1, 0))
        await pilot.press(key)
        assert editor.text == "a\nb\nc"


LONG = "answer = " + " + ".join(f"x{number}" for number in range(30))


async def test_long_lines_are_wrapped_and_unwrapped() -> None:
    async with open_editor(f"{LONG}\ny = 1") as (editor, pilot):
        await pilot.press("alt+z", "ctrl+end")
        assert (editor.scroll_offset.x, editor.wrapped_document.height) == (0, 5)
        await pilot.press("alt+z")
        assert editor.wrapped_document.height == 2


async def test_mark_on_a_wrapped_line_follows_its_last_part() -> None:
    async with open_editor(f"{LONG}\ny = 1") as (editor, pilot):
        await pilot.press("alt+z")
        editor.mark(Mark(0, "NameError: x0", 9, 11))
        await pilot.pause()
        assert ["✗ NameError" in screen_line for screen_line in text(pilot.app).splitlines()[:5]] == [False] * 3 + [
            True,
            False,
        ]


async def test_mark_below_wrapped_lines_is_scrolled_into_view() -> None:
    async with open_editor("\n".join([LONG] * 5 + ["y"])) as (editor, pilot):
        await pilot.press("alt+z")
        editor.mark(Mark(5, "NameError: y"))
        await pilot.pause()
        assert "✗ NameError: y" in text(pilot.app)


async def test_problem_is_shown_after_its_line_until_the_line_changes() -> None:
    async with open_editor("answer = y\nz = 1\n") as (editor, pilot):
        editor.show_problems([Mark(0, "y is not defined", 9, 10), Mark(1, "z is not used", 0, 1)])
        assert editor.get_line(0).plain == "answer = y  ! y is not defined"
        assert any(span.style == "underline" and (span.start, span.end) == (9, 10) for span in editor.get_line(0).spans)
        await pilot.press("x")
        editor.drop_outdated_problems()
        assert (editor.get_line(0).plain, editor.get_line(1).plain) == ("xanswer = y", "z = 1  ! z is not used")


async def test_verdict_replaces_the_message_of_a_problem_on_its_line() -> None:
    async with open_editor("answer = y") as (editor, _):
        editor.show_problems([Mark(0, "y is not defined", 9, 10)])
        editor.mark(Mark(0, "NameError: y"))
        assert editor.get_line(0).plain == "answer = y  ✗ NameError: y"


async def test_key_with_alt_types_nothing() -> None:
    async with open_editor() as (editor, pilot):
        # Without the protocol of newer terminals, Alt with a letter carries that letter.
        editor.post_message(events.Key("alt+z", "z"))
        await pilot.pause()
        assert (editor.text, editor.soft_wrap) == ("", True)


async def test_message_without_room_after_its_line_is_hidden() -> None:
    async with open_editor(f"{LONG}\ny = 1") as (editor, _):
        editor.show_problems([Mark(0, "x0 is not defined", 9, 11), Mark(1, "y is not used", 0, 1)])
        assert editor.hidden_message == "! x0 is not defined"
        editor.move_cursor((1, 0))
        assert editor.hidden_message == ""
