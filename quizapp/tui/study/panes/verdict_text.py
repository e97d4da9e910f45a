"""A verdict as styled text for the verdict pane. Contains no widget."""

from __future__ import annotations

from textual.content import Content

from quizapp.grading.verdict import CheckVerdict, Verdict
from quizapp.text import verdict_lines
from quizapp.text.labels import CHECK_LABELS
from quizapp.text.printable import visible
from quizapp.text.verdict_lines import Role
from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import render_prose

MAX_VALUE_LINES = 40
"""Lines shown of one value."""

STYLES = {
    Role.DIAGNOSIS: "bold $text-warning",
    Role.ERROR: "bold",
    Role.SOURCE: "",
    Role.CAUSE: "$text-accent",
    Role.SAYS: "$text-accent",
    Role.NOTE: MUTED,
    Role.RULE: "bold $text-warning",
}
CODE = (Role.ERROR, Role.SOURCE)
"""Roles whose lines are shown verbatim; in the others, backticks mark code."""


def headline(verdict: Verdict) -> Content:
    """Return symbol, outcome, points and time in one line."""
    label, facts = verdict_lines.headline(verdict)
    colour = verdict_lines.label(verdict).colour
    return Content.assemble((label, f"bold $text-{colour}"), (f"   {facts}" if facts else "", MUTED))


def explanation(verdict: Verdict) -> Content:
    """Return the diagnosis, the error and the notes of a verdict, the diagnosis first."""
    return Content("\n").join(_styled(role, text) for role, text in verdict_lines.explanation(verdict)).rstrip()


def _styled(role: Role, text: str) -> Content:
    return Content.styled(text, STYLES[role]) if role in CODE else render_prose(text).stylize_before(STYLES[role])


def check_line(check: CheckVerdict, number: int, width: int) -> Content:
    """Return one check in one line: symbol, expression, what was found."""
    label = CHECK_LABELS[check.state]
    name, found = verdict_lines.check_name(check, number), verdict_lines.check_result(check)
    left = fit(name, max(10, min(len(name), width // 2 - 3))) if found else name
    text = fit(f"{label.symbol} {left}  {found}".rstrip(), width)
    return Content(text).stylize(f"bold $text-{label.colour}", 0, 1).stylize(MUTED, 2 + len(left), len(text))


def sides(check: CheckVerdict) -> Content:
    """Return expected and got of one check: kind, shape, dtype, device, and how far apart they are."""
    finding = check.finding
    if check.check.hidden:
        return Content("A hidden check shows neither its expression nor its values.")
    if finding is None:
        return Content(verdict_lines.check_result(check))
    lines: list[tuple[str, str]] = []
    if check.check.run:
        lines.append((visible(check.check.run.rstrip()) + "\n", MUTED))
    for name, side in (("expected", finding.expected), ("got", finding.got)):
        if side is not None:
            lines.append((f"{name:>{verdict_lines.LABEL_WIDTH}}  ", "bold"))
            lines.append((verdict_lines.describe_side(side) + "\n", ""))
            if side.values is None or not side.shape:
                value = verdict_lines.value_lines(side, MAX_VALUE_LINES)
                lines.append(("".join(f"          {line}\n" for line in value), MUTED))
    lines.append(("\n".join(verdict_lines.difference_lines(finding)), ""))
    return Content.assemble(*lines).rstrip()
