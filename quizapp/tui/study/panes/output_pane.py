"""The output of the learner's code. It is untrusted, so it is escaped and never read as markup."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.grading.verdict import Verdict
from quizapp.sandbox.protocol import Ending, Report
from quizapp.text.clipping import MAX_SENTENCE, clip
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import full_trace
from quizapp.tui.styles import MUTED

NOTHING = "Nothing was printed."
MAX_CHARACTERS = 64_000
"""Characters shown of each stream; the worker's own limit is about the same."""

MAX_ECHO = 4100
"""Characters shown of the value of the last expression; slightly more than the worker's own limit."""

MAX_TRACE = 20_000
"""Characters shown of a traceback; the worker's own limit."""


class OutputPane(VerticalScroll):
    """A pane with stdout, stderr and traceback of the last run."""

    DEFAULT_CSS: ClassVar[str] = """
    OutputPane { padding: 0 1; }
    OutputPane > Static { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(id="output")
        self.border_title = "Output"

    def compose(self) -> ComposeResult:
        yield Static(NOTHING, id="printed", markup=False)

    def clear(self) -> None:
        self.query_one("#printed", Static).update(NOTHING)

    def show_graded(self, verdict: Verdict) -> bool:
        """Show the output of a graded run; return whether there was any."""
        return self._show(
            Content(""), verdict.stdout, verdict.stderr, full_trace(verdict.error) if verdict.error else ""
        )

    def show_scratch(self, report: Report) -> None:
        """Show the output of a scratch run."""
        how = f"{report.seconds:.2f} s"
        if report.ending is not Ending.FINISHED:
            how = f"{report.ending.value}: {report.detail}"
        trace = full_trace(report.raised) if report.raised is not None else ""
        head = Content.styled(clip(visible(f"Ran without grading · {how}"), MAX_SENTENCE) + "\n", "$text-accent")
        self._show(head, report.stdout, report.stderr, trace, report.echo or "")

    def _show(self, head: Content, stdout: str, stderr: str, trace: str, echo: str = "") -> bool:
        output = output_parts(stdout, stderr, trace, echo)
        parts = [head, *output] if output else [head, Content.styled(NOTHING, MUTED)]
        self.query_one("#printed", Static).update(Content("").join(parts))
        self.scroll_home(animate=False)
        return bool(output)


def output_parts(stdout: str, stderr: str, trace: str, echo: str = "") -> list[Content]:
    """Return the texts that are not empty, styled, escaped and cut; `echo` is the value of the last expression."""
    parts = []
    for text, style, limit in (
        (stdout, "", MAX_CHARACTERS),
        (echo, "bold", MAX_ECHO),
        (stderr, "$text-warning", MAX_CHARACTERS),
        (trace, "$text-error", MAX_TRACE),
    ):
        if text.strip():
            parts.append(Content.styled(visible(clip(text.rstrip(), limit)) + "\n", style))
    return parts
