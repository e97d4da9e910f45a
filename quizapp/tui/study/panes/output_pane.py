"""What the learner's code printed: hostile text, shown as text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.grading.verdict import Verdict
from quizapp.sandbox.protocol import Ending, Report
from quizapp.text.printable import visible
from quizapp.tui.status_texts import MUTED

NOTHING = "Nothing was printed."
MOST = 64_000
"""Characters that are drawn; the worker's own limit is about the same."""


class OutputPane(VerticalScroll):
    """stdout, then stderr, of the last run."""

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

    def graded(self, verdict: Verdict) -> bool:
        """Show what a graded run printed; whether there was anything."""
        return self._show(Content(""), verdict.stdout, verdict.stderr, verdict.error.trace if verdict.error else "")

    def tried(self, report: Report) -> None:
        """Show a run that was only tried out."""
        how = f"Tried out, not graded · {report.seconds:.2f} s\n"
        if report.ending is not Ending.FINISHED:
            how = f"Tried out, not graded · {report.ending.value}: {report.detail}\n"
        trace = ""
        if report.raised is not None:
            trace = report.raised.trace or f"{report.raised.type}: {report.raised.message}"
        self._show(Content.styled(visible(how), "$text-accent"), report.stdout, report.stderr, trace)

    def _show(self, head: Content, stdout: str, stderr: str, trace: str) -> bool:
        parts = [head]
        for text, style in ((stdout, ""), (stderr, "$text-warning"), (trace, "$text-error")):
            if text.strip():
                parts.append(Content.styled(visible(text[:MOST]).rstrip() + "\n", style))
        found = len(parts) > 1
        if not found:
            parts.append(Content.styled(NOTHING, MUTED))
        self.query_one("#printed", Static).update(Content("").join(parts))
        self.scroll_home(animate=False)
        return found
