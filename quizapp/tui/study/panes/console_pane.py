"""The scratch console of a card: a log above an input line. Its output is untrusted, so it is escaped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from quizapp.grading.console import is_incomplete
from quizapp.sandbox.protocol import Ending, Report
from quizapp.text.clipping import MAX_SENTENCE, clip
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import full_trace
from quizapp.tui.study.panes.entry_history import EntryHistory
from quizapp.tui.study.panes.output_pane import output_parts
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.editing import break_line, clean_pasted
from quizapp.tui.widgets.highlighting import highlight_python

EMPTY = (
    "Python with the names of this card. Names that you bind stay until the next card.\n"
    "Enter runs a line, ↑ repeats an earlier one, an empty line ends a block."
)
PROMPT, CONTINUED = ">>> ", "... "
MAX_ENTRIES = 100
"""Entries of the log that stay visible."""


class ConsoleInput(Input):
    """The input line; several pasted lines are one entry."""

    @dataclass
    class Pasted(Message):
        """Several lines were pasted."""

        text: str

    def __init__(self, enter: Callable[[str], None]) -> None:
        """`enter` is called with the line when Enter is pressed, and replaces it."""
        super().__init__(compact=True, id="console-input")
        self._enter = enter

    async def _on_key(self, event: events.Key) -> None:
        # A binding is dispatched through the app, and characters typed after Enter could be inserted first.
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._enter(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the handler of `Input` afterwards, unless it is prevented.
        text = clean_pasted(event.text)
        if "\n" in text.strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(text))


class ConsolePane(Vertical):
    """A pane in which lines of Python are tried. The surrounding screen runs them and calls `show`."""

    DEFAULT_CSS: ClassVar[str] = """
    ConsolePane > VerticalScroll { padding: 0 1; height: 1fr; }
    ConsolePane #console-log { height: auto; }
    ConsolePane > Horizontal { height: 1; padding: 0 1; background: $panel; }
    ConsolePane #console-prompt { width: auto; color: $text-accent; }
    ConsolePane ConsoleInput { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
        Binding("escape", "abandon_block", show=False),
    ]

    @dataclass
    class Entered(Message):
        """Complete code was entered. Nothing else can be entered until `show` or `show_problem` is called."""

        code: str

    def __init__(self) -> None:
        super().__init__(id="console")
        self.border_title = "Console"
        self._history = EntryHistory()
        self._block: list[str] = []
        """The lines of a statement that is not complete yet."""

        self._entries: list[Content] = []
        self._is_running = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(Content.styled(EMPTY, MUTED), id="console-log", markup=False)
        with Horizontal():
            yield Static(PROMPT, id="console-prompt", markup=False)
            yield ConsoleInput(self.enter_line)

    def take_focus(self) -> None:
        self._input.focus()

    def clear(self) -> None:
        """Remove the log and the incomplete statement; the earlier entries can still be recalled."""
        self._entries, self._is_running = [], False
        self.query_one("#console-log", Static).update(Content.styled(EMPTY, MUTED))
        self._set_line("", [])

    def show(self, report: Report) -> None:
        """Show the result of the code that was entered."""
        trace = full_trace(report.raised) if report.raised else ""
        parts = output_parts(report.stdout, report.stderr, trace, report.echo or "")
        if report.ending is not Ending.FINISHED:
            parts.append(_problem(f"{report.ending.value}: {report.detail}"))
        self._finish(parts)

    def show_problem(self, message: str) -> None:
        """Show why the code that was entered could not be run, or that it was cancelled."""
        self._finish([_problem(message)])

    def _finish(self, parts: list[Content]) -> None:
        self._is_running = False
        if parts:
            self._append(Content("").join(parts))

    @property
    def _input(self) -> ConsoleInput:
        return self.query_one(ConsoleInput)

    def _set_line(self, text: str, block: list[str]) -> None:
        """Replace the text of the input line, and the lines of the incomplete statement above it."""
        self._block = block
        self._input.value = text
        self._input.cursor_position = len(text)
        self.query_one("#console-prompt", Static).update(CONTINUED if block else PROMPT)

    def _append(self, entry: Content) -> None:
        self._entries = [*self._entries, entry][-MAX_ENTRIES:]
        self.query_one("#console-log", Static).update(Content("").join(self._entries))
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def enter_line(self, line: str) -> None:
        """Take a line that was entered; during a run it stays in the input line."""
        if self._is_running or not (line.strip() or self._block):
            return
        self._history.add(line)
        lines = [*self._block, line]
        if line.strip() and is_incomplete("\n".join(lines)):
            self._set_line(break_line(line, "").text.lstrip("\n"), lines)
        else:
            self._enter("\n".join(lines))

    @on(ConsoleInput.Pasted)
    def enter_pasted(self, event: ConsoleInput.Pasted) -> None:
        event.stop()
        if not self._is_running:
            self._enter("\n".join([*self._block, self._input.value + event.text]))

    def _enter(self, code: str) -> None:
        self._is_running = True
        self._set_line("", [])
        self._append(_entered(code.rstrip()))
        self.post_message(self.Entered(code.rstrip() + "\n"))

    def action_recall(self, step: int) -> None:
        """Show an earlier or a later entry in the input line."""
        recall = self._history.earlier if step < 0 else self._history.later
        self._set_line(recall(self._input.value), self._block)

    def action_abandon_block(self) -> None:
        """Discard the incomplete statement; without one, the key belongs to the screen."""
        if not self._block:
            raise SkipAction
        self._set_line("", [])


def _entered(code: str) -> Content:
    """Return entered code as it is displayed in the log."""
    prompts = [PROMPT] + [CONTINUED] * code.count("\n")
    lines = highlight_python(code).split("\n", allow_blank=True)
    parts = [part for prompt, line in zip(prompts, lines, strict=False) for part in ((prompt, MUTED), line, "\n")]
    return Content.assemble(*parts)


def _problem(message: str) -> Content:
    return Content.styled(clip(visible(message), MAX_SENTENCE) + "\n", "$text-error")
