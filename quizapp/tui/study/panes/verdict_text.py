"""A verdict as styled text for the verdict pane. Contains no widget."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from quizapp.grading.verdict import CheckVerdict, Verdict
from quizapp.text import verdict_lines
from quizapp.text.labels import CHECK_LABELS
from quizapp.text.verdict_lines import Role
from quizapp.tui.styles import MUTED
from quizapp.tui.widgets.highlighting import render_prose

MAX_VALUE_LINES = 40
"""Lines shown of one value."""

MAX_ALIGNED = 24
"""Characters of an expression up to which what was found is aligned with that of other checks."""

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


def check_lines(checks: Sequence[CheckVerdict]) -> list[Content]:
    """Return each check with symbol, its whole expression, and what was found; short expressions are aligned."""
    names = [verdict_lines.check_name(check, number) for number, check in enumerate(checks, 1)]
    width = max((len(name) for name in names if len(name) <= MAX_ALIGNED), default=0)
    return [_check_line(check, name, width) for check, name in zip(checks, names, strict=True)]


def _check_line(check: CheckVerdict, name: str, width: int) -> Content:
    label, found = CHECK_LABELS[check.state], verdict_lines.check_result(check)
    symbol = Content.styled(f"{label.symbol} ", f"bold $text-{label.colour}")
    return Content.assemble(symbol, *((f"{name:<{width}}  ", (found, MUTED)) if found else (name,)))


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
