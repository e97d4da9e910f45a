"""Texts at the right edge of the editor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from quizapp.sandbox.protocol import LineValue
from quizapp.tui.widgets.editor import CodeEditor, Mark
from quizapp.tui.widgets.line_margin import margin_texts, with_margin
from tests.tui.harness import text as screen_text

CODE = "x = torch.zeros(4, 4)\ny = 2\n\nz = 3"


class EditorApp(App[None]):
    """An app with a code editor."""

    def __init__(self, code: str, soft_wrap: bool) -> None:
        super().__init__()
        self._code, self._soft_wrap = code, soft_wrap

    def compose(self) -> ComposeResult:
        yield CodeEditor(self._code, soft_wrap=self._soft_wrap)


@asynccontextmanager
async def open_editor(code: str = CODE, *, soft_wrap: bool = False) -> AsyncIterator[tuple[CodeEditor, Pilot[None]]]:
    async with EditorApp(code, soft_wrap).run_test(size=(50, 8)) as pilot:
        editor = pilot.app.query_one(CodeEditor)
        editor.focus()
        await pilot.pause()
        yield editor, pilot


async def shown(editor: CodeEditor, pilot: Pilot[None], texts: dict[int, str] | None = None) -> list[str]:
    """Show the texts, if given; return the lines of the screen."""
    if texts is not None:
        editor.show_bindings(texts)
    await pilot.pause()
    return screen_text(pilot.app).splitlines()


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        (2, "ab" + " " * 4 + "float32 (4, 4)"),
        (3, "ab" + " " * 4 + "float32 (4, 4)"),
        (4, "ab" + " " * 6 + "float32 (4,…"),
        (9, "ab" + " " * 10 + "float32…"),
        (10, "ab" + " " * 18),
        (99, "ab" + " " * 18),
    ],
)
def test_a_text_is_cut_to_the_room_and_never_over_the_code(used: int, expected: str) -> None:
    strip = Strip([Segment("ab" + " " * 30)])
    assert with_margin(strip, "float32 (4, 4)", used, 20, Style()).crop(0, 20).text == expected


def test_a_text_keeps_the_background_of_its_line() -> None:
    strip = Strip([Segment("ab"), Segment(" " * 18, Style(bgcolor="blue"))])
    segments = list(with_margin(strip, "int", 2, 20, Style(color="red")))
    assert segments[-1] == Segment("int", Style(color="red", bgcolor="blue"))


def test_values_of_lines_are_escaped_and_errors_are_marked() -> None:
    values = (LineValue(1, "'\x1b[2J'"), LineValue(3, "ValueError: a\nb", is_error=True))
    assert margin_texts(values) == {0: "'\\x1b[2J'", 2: "✗ ValueError: a\\nb"}


async def test_texts_are_at_the_right_edge_until_the_code_changes() -> None:
    async with open_editor() as (editor, pilot):
        lines = await shown(editor, pilot, {0: "float32 (4, 4)", 1: "2", 3: "3", 9: "beyond"})
        assert lines[0].endswith("zeros(4, 4)".ljust(49 - lines[0].index("zeros") - 14) + "float32 (4, 4)")
        assert (lines[1].rstrip()[-2:], len(lines[1]), lines[2].strip()) == (" 2", 49, "3")
        assert "beyond" not in "".join(lines)
        await pilot.press("down", "end", "1")
        assert "float32" not in "".join(await shown(editor, pilot))


async def test_texts_for_an_earlier_text_are_not_removed_by_it() -> None:
    async with open_editor() as (editor, pilot):
        editor.text = "a = 1"
        assert (await shown(editor, pilot, {0: "one"}))[0].endswith("one")
        assert not (await shown(editor, pilot, {}))[0].endswith("one")


async def test_a_line_with_a_message_has_no_text() -> None:
    async with open_editor() as (editor, pilot):
        editor.mark(Mark(1, "wrong"))
        lines = await shown(editor, pilot, {0: "float32 (4, 4)", 1: "two"})
        assert lines[0].endswith("float32 (4, 4)") and lines[1].endswith("✗ wrong")


async def test_texts_stay_at_the_edge_of_a_scrolled_editor() -> None:
    async with open_editor("y = 2\nlong = " + "1 + " * 30 + "1") as (editor, pilot):
        await pilot.press("down", "end")
        lines = await shown(editor, pilot, {0: "2", 1: "31"})
        assert editor.scroll_offset.x > 0
        assert lines[0].endswith("  2") and lines[1].rstrip().endswith("+ 1")


async def test_the_last_part_of_a_wrapped_line_has_the_text() -> None:
    async with open_editor("long = " + "1 + " * 15 + "1", soft_wrap=True) as (editor, pilot):
        lines = await shown(editor, pilot, {0: "16"})
        assert "1 + 1 +" in lines[1] and lines[1].endswith("  16") and not lines[0].endswith("16")
