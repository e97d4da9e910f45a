"""The verdict on an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.decks.card import Card
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import call_of
from quizapp.tui.study.panes.check_list import CheckList
from quizapp.tui.study.panes.verdict_text import call, explanation, headline, printed, sides
from quizapp.tui.widgets.heatmap import HeatMap
from quizapp.tui.widgets.highlighting import render_prose

LIVE = "Live checks: not submitted, not graded. F5 submits."
NO_VERDICT = "Nothing submitted yet. F5 runs your answer and compares it with the reference."
SIDES_CLOSED = "Think again first. Ctrl+F5, or Enter or a click on a check, compares expected and got."

MIN_HEIGHT_FOR_OUTPUT = 10
"""Rows of the pane from which the output is shown below the verdict, too."""


class VerdictPane(VerticalScroll):
    """A pane with outcome, diagnosis, checks and output. Selecting a check shows or hides expected and got."""

    DEFAULT_CSS: ClassVar[str] = """
    VerdictPane { padding: 0 1; }
    VerdictPane > Static, VerdictPane > CheckList, VerdictPane > HeatMap { height: auto; }
    VerdictPane #why { margin: 0 0 1 0; }
    VerdictPane #why.-empty { display: none; }
    VerdictPane #closed { margin: 1 0 0 0; color: $text-muted; display: none; }
    VerdictPane.-differs #closed { display: block; }
    VerdictPane.-open #closed { display: none; }
    VerdictPane #call { margin: 1 0 0 0; display: none; }
    VerdictPane.-open.-called #call { display: block; }
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
        self._compared: CheckVerdict | None = None
        """The check whose expected and got are shown, or would be."""

    def compose(self) -> ComposeResult:
        yield Static(NO_VERDICT, id="outcome", markup=False)
        yield Static("", id="why", classes="-empty", markup=False)
        yield CheckList()
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

    def show(self, verdict: Verdict, note: str = "", *, compares: bool = False) -> None:
        """Show a verdict and highlight the first check that differs; with `compares`, show expected and got.

        `note` is the card's note, or empty while the card is not done.
        """
        self._show(headline(verdict), explanation(verdict), verdict.checks)
        output = printed(verdict)
        self.set_class(bool(output), "-printed")
        self.query_one("#below", Static).update(output)
        self.set_class(bool(note.strip()), "-noted")
        self.query_one("#note", Static).update(render_prose(note))
        # The expected side of a prediction or a choice would be the answer to the card.
        has_sides = any(check.finding and check.finding.expected for check in verdict.checks)
        self.set_class(verdict.outcome is Outcome.WRONG and has_sides, "-differs")
        self.set_class(compares and verdict.outcome is Outcome.WRONG and has_sides, "-open")

    def show_live(self, card: Card, states: Sequence[CheckState]) -> None:
        """Show the states of the visible checks of an answer that was not submitted; update only the marks if shown."""
        visible_checks = [check for check in card.checks if not check.hidden]
        checks = [CheckVerdict(check, state) for check, state in zip(visible_checks, states, strict=False)]
        if not self.query_one(CheckList).update_states(states):
            self._show(Content(LIVE), Content(""), tuple(checks))

    def _show(self, head: Content, why: Content, checks: tuple[CheckVerdict, ...]) -> None:
        self.remove_class("-open", "-noted", "-differs")
        self.query_one("#outcome", Static).update(head)
        reason = self.query_one("#why", Static)
        reason.update(why)
        reason.set_class(not why, "-empty")
        rows = self.query_one(CheckList)
        rows.show(checks)
        self._show_sides(rows.current)
        self.scroll_home(animate=False)

    def _show_sides(self, check: CheckVerdict | None) -> None:
        finding = check.finding if check is not None and not check.check.hidden else None
        heat = self.query_one(HeatMap)
        heat.show(finding)
        self.set_class(heat.is_drawn, "-drawn")
        self.query_one("#sides", Static).update(sides(check) if check is not None else "")
        self.query_one("#call", Static).update(call(check) if check is not None else "")
        self.set_class(check is not None and bool(call_of(check)), "-called")
        self._compared = check

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= MIN_HEIGHT_FOR_OUTPUT, "-tall")

    @on(CheckList.OptionHighlighted)
    def show_current_sides(self) -> None:
        self._show_sides(self.query_one(CheckList).current)

    @on(CheckList.OptionSelected)
    def select_check(self) -> None:
        """Compare the selected check; hide the comparison if it is shown already."""
        current = self.query_one(CheckList).current
        if current is not self._compared:
            self.remove_class("-open")
            self._show_sides(current)
        self.toggle_sides()

    def toggle_sides(self) -> None:
        """Show or hide expected and got of the highlighted check."""
        self.toggle_class("-open")
        if self.has_class("-open"):
            first = "#call" if self.has_class("-called") else "#sides"
            self.call_after_refresh(self.query_one(first).scroll_visible, animate=False, top=True)

    @on(HeatMap.CellHighlighted)
    def describe_cell(self, event: HeatMap.CellHighlighted) -> None:
        self.query_one("#pointed", Static).update(visible(event.text))
