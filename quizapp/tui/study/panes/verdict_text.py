"""A verdict as styled text for the verdict pane. Contains no widget."""

from __future__ import annotations

from textual.content import Content

from quizapp.grading.verdict import CheckVerdict, Verdict
from quizapp.text import verdict_lines
from quizapp.text.labels import CHECK_LABELS
from quizapp.text.verdict_lines import Role
from quizapp.tui.status_texts import MUTED
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import render_prose

MAX_VALUE_LINES = 40
"""Lines shown of one value."""

MAX_PRINTED_LINES = 12
"""Lines shown of each stream below the verdict; the output pane shows them all."""

STYLES = {
    Role.DIAGNOSIS: "bold $text-warning",
    Role.ERROR: "bold",
    Role.SOURCE: "",
    Role.CAUSE: "$text-accent",
    Role.SAYS: "$text-accent",
    Role.NOTE: MUTED,
    Role.RULE: "bold $text-warning",
}
DIFF_STYLES = {"- ": "$text-error", "+ ": "$text-success"}
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


def is_cut(check: CheckVerdict, number: int, width: int) -> bool:
    """Return whether the line of a check in `width` columns leaves out some of its code."""
    name = verdict_lines.check_name(check, number)
    return "\n" in verdict_lines.call_of(check) or name not in check_line(check, number, width).plain


def check_line(check: CheckVerdict, number: int, width: int) -> Content:
    """Return one check in one line: symbol, expression, what was found."""
    label = CHECK_LABELS[check.state]
    name, found = verdict_lines.check_name(check, number), verdict_lines.check_result(check)
    left = fit(name, max(10, min(len(name), width // 2 - 3))) if found else name
    text = fit(f"{label.symbol} {left}  {found}".rstrip(), width)
    return Content(text).stylize(f"bold $text-{label.colour}", 0, 1).stylize(MUTED, 2 + len(left), len(text))


def sides(check: CheckVerdict) -> Content:
    """Return expected and got of one check: value or kind, shape, dtype, device, and how far apart they are."""
    finding = check.finding
    if check.check.hidden:
        return Content("A hidden check shows neither its expression nor its values.")
    if finding is None:
        return Content(verdict_lines.check_result(check))
    diff = verdict_lines.diff_lines(finding)
    lines: list[tuple[str, str]] = []
    for name, side in (("expected", finding.expected), ("got", finding.got)):
        if side is not None and not diff:
            first, *value = verdict_lines.side_lines(side, MAX_VALUE_LINES)
            lines += [(f"{name:>{verdict_lines.LABEL_WIDTH}}  ", "bold"), (f"{first}\n", "")]
            # The heat map shows the elements.
            if side.values is None or not side.shape:
                lines.append(("".join(f"          {line}\n" for line in value), MUTED))
    lines += [(f"{line}\n", "") for line in verdict_lines.difference_lines(finding)]
    lines += [(f"{line}\n", DIFF_STYLES.get(line[:2], MUTED)) for line in diff]
    return Content.assemble(*lines).rstrip()


def call(check: CheckVerdict) -> Content:
    """Return the statements and the expression of a check, in full, as they are typed into a Python prompt."""
    return Content("\n".join(verdict_lines.call_lines(verdict_lines.call_of(check))))


def printed(verdict: Verdict) -> Content:
    """Return the first lines of the output of the answer, below a heading."""
    lines = verdict_lines.printed_lines(verdict, MAX_PRINTED_LINES)
    # The lines of the output are indented below their heading.
    return Content("\n").join(Content.styled(line, "" if line.startswith(" ") else "bold") for line in lines)
