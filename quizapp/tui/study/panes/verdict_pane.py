"""The verdict: outcome and diagnosis at a glance, the checks as a list, both sides of one of them on demand."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.printable import visible
from quizapp.tui.study.panes.verdict_text import check_line, explanation, headline, sides
from quizapp.tui.widgets.heatmap import HeatMap
from quizapp.tui.widgets.highlighting import prose
from quizapp.tui.widgets.virtual_list import VirtualList

UNASKED = "Nothing submitted yet. F5 runs your answer and compares it with the reference."
CLOSED = "Think again first. Ctrl+F5, or Enter on a check, shows both sides."


class VerdictPane(VerticalScroll):
    """Reads at a glance; Enter on a check opens or closes its two sides."""

    DEFAULT_CSS: ClassVar[str] = """
    VerdictPane { padding: 0 1; }
    VerdictPane > * { height: auto; }
    VerdictPane #why { margin: 0 0 1 0; }
    VerdictPane #why.-empty { display: none; }
    VerdictPane #checks { max-height: 8; }
    VerdictPane #closed { margin: 1 0 0 0; color: $text-muted; display: none; }
    VerdictPane.-differs #closed { display: block; }
    VerdictPane.-open #closed { display: none; }
    VerdictPane #sides { margin: 1 0 0 0; display: none; }
    VerdictPane #note { margin: 1 0 0 0; padding: 0 1; border-left: thick $success; display: none; }
    VerdictPane.-noted #note { display: block; }
    VerdictPane #heat { margin: 1 0 0 0; display: none; }
    VerdictPane #pointed { color: $text-muted; display: none; }
    VerdictPane.-open #sides { display: block; }
    VerdictPane.-open.-drawn #heat { display: block; }
    VerdictPane.-open.-drawn #pointed { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="verdict")
        self.border_title = "Verdict"

    def compose(self) -> ComposeResult:
        yield Static(UNASKED, id="outcome", markup=False)
        yield Static("", id="why", classes="-empty", markup=False)
        yield VirtualList[tuple[int, CheckVerdict]](_draw, id="checks")
        yield Static(CLOSED, id="closed", markup=False)
        yield HeatMap()
        yield Static("", id="pointed", markup=False)
        yield Static("", id="sides", markup=False)
        yield Static("", id="note", markup=False)

    def clear(self) -> None:
        """Nothing was submitted yet."""
        self._show(Content(UNASKED), Content(""), ())

    def show(self, verdict: Verdict, note: str = "") -> None:
        """A new verdict; the first check that differs is under the cursor, its sides are for the learner to open.

        `note` is what to remember, where the card is done.
        """
        self._show(headline(verdict), explanation(verdict), verdict.checks)
        self.set_class(bool(note.strip()), "-noted")
        self.query_one("#note", Static).update(prose(note))
        # A prediction and a choice have no other side than the answer to the card.
        sides = any(check.finding and check.finding.expected for check in verdict.checks)
        self.set_class(verdict.outcome is Outcome.WRONG and sides, "-differs")

    def _show(self, head: Content, why: Content, checks: tuple[CheckVerdict, ...]) -> None:
        self.remove_class("-open", "-noted", "-differs")
        self.query_one("#outcome", Static).update(head)
        reason = self.query_one("#why", Static)
        reason.update(why)
        reason.set_class(not why, "-empty")
        rows: VirtualList[tuple[int, CheckVerdict]] = self.query_one("#checks", VirtualList)
        first = next((n for n, check in enumerate(checks) if check.state is CheckState.DIFFERS), 0)
        rows.show(list(enumerate(checks, 1)), first)
        self._detail(checks[first] if checks else None)
        self.scroll_home(animate=False)

    def _detail(self, check: CheckVerdict | None) -> None:
        finding = check.finding if check is not None and not check.check.hidden else None
        heat = self.query_one(HeatMap)
        heat.show(finding)
        self.set_class(heat.is_drawn, "-drawn")
        self.query_one("#sides", Static).update(sides(check) if check is not None else "")

    @on(VirtualList.Moved)
    def moved(self) -> None:
        current = self.query_one("#checks", VirtualList).current
        self._detail(current[1] if isinstance(current, tuple) else None)

    @on(VirtualList.Chosen)
    def chosen(self) -> None:
        """Open or close the two sides."""
        self.toggle_class("-open")
        if self.has_class("-open"):
            self.call_after_refresh(self.query_one("#sides").scroll_visible, animate=False, top=True)

    @on(HeatMap.Pointed)
    def pointed(self, event: HeatMap.Pointed) -> None:
        self.query_one("#pointed", Static).update(visible(event.text))


def _draw(row: tuple[int, CheckVerdict], width: int) -> Content:
    number, check = row
    return check_line(check, number, width)
