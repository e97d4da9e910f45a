"""The scratch console: entries, blocks, the history of its input line, and untrusted output."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import events, on
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from quizapp.sandbox.protocol import Ending, Raised, Report
from quizapp.tui.study.panes.console_pane import ConsolePane
from quizapp.tui.study.panes.entry_history import EntryHistory
from tests.tui.harness import text


class ConsoleApp(App[None]):
    """An app with a console that collects what is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[str] = []
        self.left = 0

    def compose(self) -> ComposeResult:
        yield ConsolePane()

    def on_mount(self) -> None:
        self.query_one(ConsolePane).take_focus()

    @on(ConsolePane.Entered)
    def collect(self, event: ConsolePane.Entered) -> None:
        self.entered.append(event.code)

    def key_escape(self) -> None:
        self.left += 1


@asynccontextmanager
async def open_console() -> AsyncIterator[tuple[ConsoleApp, ConsolePane, Pilot[None]]]:
    app = ConsoleApp()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        yield app, app.query_one(ConsolePane), pilot


async def enter(pilot: Pilot[None], *lines: str) -> None:
    for line in lines:
        pilot.app.query_one(Input).insert_text_at_cursor(line)
        await pilot.press("enter")
    await pilot.pause()


async def test_a_line_is_entered_and_its_result_shown_below_it() -> None:
    async with open_console() as (app, pane, pilot):
        assert "Enter runs a line" in text(app)
        await enter(pilot, "print(1); 2")
        pane.show(Report(Ending.FINISHED, stdout="1\n", stderr="careful\n", echo="2"))
        await pilot.pause()
        assert app.entered == ["print(1); 2\n"]
        assert [line.strip() for line in text(app).splitlines()[:4]] == [">>> print(1); 2", "1", "2", "careful"]


async def test_an_empty_line_does_nothing_and_a_second_entry_waits_for_the_first() -> None:
    async with open_console() as (app, pane, pilot):
        await enter(pilot, "", "  ")
        app.query_one(Input).value = ""
        await enter(pilot, "a = 1", "b = 2")
        assert app.entered == ["a = 1\n"] and app.query_one(Input).value == "b = 2"
        pane.show(Report(Ending.FINISHED))
        await pilot.press("enter")
        await pilot.pause()
        assert app.entered == ["a = 1\n", "b = 2\n"]


async def test_a_block_is_continued_with_its_indentation_until_an_empty_line() -> None:
    async with open_console() as (app, _, pilot):
        await enter(pilot, "for i in x:")
        assert ("..." in text(app), app.query_one(Input).value) == (True, "    ")
        await enter(pilot, "print(i)")
        assert app.entered == []
        await enter(pilot, "")
        assert app.entered == ["for i in x:\n    print(i)\n"]
        assert ">>> for i in x:\n ...     print(i)" in text(app)


async def test_keys_typed_right_after_enter_belong_to_the_next_line() -> None:
    async with open_console() as (app, _, pilot):
        field = app.query_one(Input)
        field.insert_text_at_cursor("if x:")
        for key in ("enter", "a", "enter", "enter"):
            field.post_message(events.Key(key, None if key == "enter" else key))
        await pilot.pause()
        assert app.entered == ["if x:\n    a\n"]


async def test_escape_abandons_a_block_and_then_belongs_to_the_screen() -> None:
    async with open_console() as (app, _, pilot):
        await enter(pilot, "f(")
        await pilot.press("escape")
        await pilot.pause()
        assert (app.left, "..." in text(app), app.query_one(Input).value) == (0, False, "")
        await pilot.press("escape")
        assert app.left == 1


async def test_several_pasted_lines_are_one_entry() -> None:
    async with open_console() as (app, _, pilot):
        app.query_one(Input).post_message(events.Paste("a = 1\nfor i in x:\n    a += i\n"))
        await pilot.pause()
        assert app.entered == ["a = 1\nfor i in x:\n    a += i\n"]


async def test_a_pasted_line_is_text_of_the_input() -> None:
    async with open_console() as (app, _, pilot):
        app.query_one(Input).post_message(events.Paste("a = 1\n"))
        await pilot.pause()
        assert (app.entered, app.query_one(Input).value) == ([], "a = 1")


async def test_up_and_down_recall_entries() -> None:
    async with open_console() as (app, pane, pilot):
        for line in ("a = 1", "b = 2"):
            await enter(pilot, line)
            pane.show(Report(Ending.FINISHED))
        await pilot.press("c", "up", "up")
        assert app.query_one(Input).value == "a = 1"
        await pilot.press("down", "down")
        assert app.query_one(Input).value == "c"


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        (Report(Ending.FINISHED, raised=Raised("E", "m", trace='  File "x"\nE: m')), "E: m"),
        (Report(Ending.FINISHED, raised=Raised("E", "m")), "E: m"),
        (Report(Ending.TIMEOUT, detail="still running after 5 s"), "timeout: still running after 5 s"),
        (Report(Ending.FINISHED, stdout="[red]x[/]\x1b[2J\u202e"), "[red]x[/]\\x1b[2J\\u202e"),
        (Report(Ending.FINISHED, echo="[red]\x1b"), "[red]\\x1b"),
    ],
)
async def test_errors_and_untrusted_output_are_shown_escaped(report: Report, shown: str) -> None:
    async with open_console() as (app, pane, pilot):
        await enter(pilot, "x")
        pane.show(report)
        await pilot.pause()
        assert shown in text(app)


async def test_a_problem_is_shown_and_a_cleared_console_is_empty() -> None:
    async with open_console() as (app, pane, pilot):
        await enter(pilot, "x")
        pane.show_problem("the sandbox is closed")
        await pilot.pause()
        assert "the sandbox is closed" in text(app)
        await enter(pilot, "f(")
        pane.clear()
        await pilot.pause()
        assert "Enter runs a line" in text(app) and "..." not in text(app)


def test_the_history_keeps_the_line_being_written() -> None:
    history = EntryHistory()
    assert (history.earlier("x"), history.later("x")) == ("x", "x")
    for entry in ("a", "b", "b", " "):
        history.add(entry)
    assert [history.earlier("new") for _ in range(3)] == ["b", "a", "a"]
    assert [history.later("a"), history.later("b"), history.later("new")] == ["b", "new", "new"]
