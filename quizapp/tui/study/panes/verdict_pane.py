"""The verdict on an answer."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import call_of
from quizapp.tui.study.panes.verdict_text import call, check_line, explanation, headline, is_cut, printed, sides
from quizapp.tui.widgets.heatmap import HeatMap
from quizapp.tui.widgets.highlighting import render_prose
from quizapp.tui.widgets.virtual_list import VirtualList

NO_VERDICT = "Nothing submitted yet. F5 runs your answer and compares it with the reference."
SIDES_CLOSED = "Think again first. Ctrl+F5, or Enter on a check, shows both sides."

MIN_HEIGHT_FOR_OUTPUT = 18
"""Rows of the pane from which the output is shown below the verdict, too."""


class VerdictPane(VerticalScroll):
    """A pane with outcome, diagnosis, checks and output. Enter on a check shows or hides expected and got."""

    DEFAULT_CSS: ClassVar[str] = """
    VerdictPane { padding: 0 1; }
    VerdictPane > * { height: auto; }
    VerdictPane #why { margin: 0 0 1 0; }
    VerdictPane #why.-empty { display: none; }
    VerdictPane #checks { max-height: 8; }
    VerdictPane #closed { margin: 1 0 0 0; color: $text-muted; display: none; }
    VerdictPane.-differs #closed { display: block; }
    VerdictPane.-open #closed { display: none; }
    VerdictPane #call { margin: 1 0 0 0; display: none; }
    VerdictPane.-cut #call, VerdictPane.-open.-called #call { display: block; }
    VerdictPane #sides { margin: 1 0 0 0; display: none; }
    VerdictPane #note { margin: 1 0 0 0; padding: 0 1; border-left: thick $success; display: none; }
    VerdictPane.-noted #note { display: block; }
    VerdictPane #heat { margin: 1 0 0 0; display: none; }
    VerdictPane #pointed { color: $text-muted; display: none; }
    VerdictPane.-open #sides { display: block; }
    VerdictPane.-open.-drawn #heat { display: block; }
    VerdictPane.-open.-drawn #pointed { display: block; }
    VerdictPane.-called #heat, VerdictPane.-called #sides { margin: 0; }
    VerdictPane.-called.-drawn #sides { margin: 1 0 0 0; }
    VerdictPane #below { margin: 1 0 0 0; display: none; }
    VerdictPane.-tall.-printed #below { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="verdict")
        self.border_title = "Verdict"
        self._explained_call: str | None = None
        """The code of the check that the explanation of an error shows."""

    def compose(self) -> ComposeResult:
        yield Static(NO_VERDICT, id="outcome", markup=False)
        yield Static("", id="why", classes="-empty", markup=False)
        yield VirtualList[tuple[int, CheckVerdict]](_draw_check, id="checks")
        yield Static(SIDES_CLOSED, id="closed", markup=False)
        yield Static("", id="call", markup=False)
        yield HeatMap()
        yield Static("", id="pointed", markup=False)
        yield Static("", id="sides", markup=False)
        yield Static("", id="note", markup=False)
        yield Static("", id="below", markup=False)

    def clear(self) -> None:
        """Show that nothing was submitted yet."""
        self._show(Content(NO_VERDICT), Content(""), ())
        self.remove_class("-printed")

    def show(self, verdict: Verdict, note: str = "") -> None:
        """Show a verdict with expected and got hidden, and highlight the first check that differs.

        `note` is the card's note, or empty while the card is not done.
        """
        self._explained_call = verdict.call
        self._show(headline(verdict), explanation(verdict), verdict.checks)
        output = printed(verdict)
        self.set_class(bool(output), "-printed")
        self.query_one("#below", Static).update(output)
        self.set_class(bool(note.strip()), "-noted")
        self.query_one("#note", Static).update(render_prose(note))
        # The expected side of a prediction or a choice would be the answer to the card.
        has_sides = any(check.finding and check.finding.expected for check in verdict.checks)
        self.set_class(verdict.outcome is Outcome.WRONG and has_sides, "-differs")

    def _show(self, head: Content, why: Content, checks: tuple[CheckVerdict, ...]) -> None:
        self.remove_class("-open", "-noted", "-differs")
        self.query_one("#outcome", Static).update(head)
        reason = self.query_one("#why", Static)
        reason.update(why)
        reason.set_class(not why, "-empty")
        rows: VirtualList[tuple[int, CheckVerdict]] = self.query_one("#checks", VirtualList)
        first = next((n for n, check in enumerate(checks) if check.state is CheckState.DIFFERS), 0)
        rows.show(list(enumerate(checks, 1)), first)
        self._show_sides(checks[first] if checks else None)
        self.scroll_home(animate=False)

    def _show_sides(self, check: CheckVerdict | None) -> None:
        finding = check.finding if check is not None and not check.check.hidden else None
        heat = self.query_one(HeatMap)
        heat.show(finding)
        self.set_class(heat.is_drawn, "-drawn")
        self.query_one("#sides", Static).update(sides(check) if check is not None else "")
        self.query_one("#call", Static).update(call(check) if check is not None else "")
        self._update_call()

    def _update_call(self) -> None:
        """Show the code of the highlighted check also without its sides, if its line in the list leaves out some."""
        checks: VirtualList[tuple[int, CheckVerdict]] = self.query_one("#checks", VirtualList)
        row, width = checks.current, checks.scrollable_content_region.width
        code = call_of(row[1]) if row else ""
        self.set_class(bool(code), "-called")
        is_new = code not in ("", self._explained_call)
        self.set_class(row is not None and is_new and is_cut(row[1], row[0], width), "-cut")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= MIN_HEIGHT_FOR_OUTPUT, "-tall")
        self._update_call()

    @on(VirtualList.Highlighted)
    def show_current_sides(self) -> None:
        current = self.query_one("#checks", VirtualList).current
        self._show_sides(current[1] if isinstance(current, tuple) else None)

    @on(VirtualList.Selected)
    def toggle_sides(self) -> None:
        """Show or hide expected and got of the highlighted check."""
        self.toggle_class("-open")
        if self.has_class("-open"):
            first = "#call" if self.has_class("-called") else "#sides"
            self.call_after_refresh(self.query_one(first).scroll_visible, animate=False, top=True)

    @on(HeatMap.CellHighlighted)
    def describe_cell(self, event: HeatMap.CellHighlighted) -> None:
        self.query_one("#pointed", Static).update(visible(event.text))


def _draw_check(row: tuple[int, CheckVerdict], width: int) -> Content:
    number, check = row
    return check_line(check, number, width)
