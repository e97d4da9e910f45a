"""A verdict in words: the headline, the diagnosis, a line a check, the two sides. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from quizapp.grading.findings import Finding, Side
from quizapp.grading.render import error_lines
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.numbers import format_points, plural
from quizapp.text.printable import visible
from quizapp.tui.labels import MUTED, OUTCOMES, STATES
from quizapp.tui.widgets.columns import fit
from quizapp.tui.widgets.highlighting import prose

SHOWN_LINES = 40
"""Of a side's printed value."""


def headline(verdict: Verdict) -> Content:
    """Symbol, outcome, points and time in one line."""
    symbol, words, colour = OUTCOMES[verdict.outcome]
    facts = []
    if verdict.of and verdict.outcome is not Outcome.INTERNAL:
        facts.append(f"{format_points(verdict.points)} of {format_points(verdict.of)} points")
    if verdict.seconds:
        facts.append(f"{verdict.seconds:.2f} s")
    tail = "   " + " · ".join(facts) if facts else ""
    return Content.assemble((f"{symbol} {words}", f"bold $text-{colour}"), (tail, MUTED))


def explanation(verdict: Verdict) -> Content:
    """What there is to learn from this verdict, the diagnosis first."""
    return Content("\n").join(_sentences(verdict)).rstrip()


def _sentences(verdict: Verdict) -> Iterator[Content]:
    yield from _facts(verdict)
    said = next((one.check.says for one in verdict.checks if one.state is CheckState.DIFFERS and one.check.says), None)
    yield from (prose(text).stylize_before("$text-accent") for text in (verdict.says, said) if text)
    yield from (prose(text).stylize_before(MUTED) for text in (*verdict.notes, verdict.detail) if text)


def _facts(verdict: Verdict) -> Iterator[Content]:
    """What is proved, before what the author says."""
    if verdict.diagnosis:
        yield prose(verdict.diagnosis).stylize_before("bold $text-warning")
    error = verdict.error
    if error is not None:
        first, *rest = error_lines(error)
        yield Content.styled(visible(first.rstrip()), "bold")
        yield from (Content.styled(visible(f"  {line}".rstrip()), MUTED) for line in rest)
    if verdict.cause:
        yield prose(verdict.cause).stylize_before("$text-accent")


def check_line(check: CheckVerdict, number: int, width: int) -> Content:
    """One check in one line: symbol, expression, what was found."""
    symbol, colour = STATES[check.state]
    name = f"hidden check {number}" if check.check.hidden else " ".join(visible(check.check.see).split())
    found = visible(_found(check))
    left = fit(name, max(10, min(len(name), width // 2 - 3))) if found else name
    text = fit(f"{symbol} {left}  {found}".rstrip(), width)
    return Content(text).stylize(f"bold $text-{colour}", 0, 1).stylize(MUTED, 2 + len(left), len(text))


def _found(check: CheckVerdict) -> str:
    if check.state is CheckState.DEFERRED:
        return "deferred: needs a GPU"
    if check.state is CheckState.NOT_REACHED:
        return "not reached: an earlier failure came first"
    if check.agrees or check.finding is None or check.check.hidden:
        return ""
    return check.finding.summary


def sides(check: CheckVerdict) -> Content:
    """Both sides of one check in words: kind, shape, dtype, device, how far apart they are."""
    finding = check.finding
    if check.check.hidden:
        return Content("A hidden check shows neither its expression nor its values.")
    if finding is None:
        return Content(_found(check))
    lines: list[tuple[str, str]] = []
    if check.check.run:
        lines.append((visible(check.check.run.rstrip()) + "\n", MUTED))
    for name, side in (("expected", finding.expected), ("got", finding.got)):
        if side is not None:
            lines.append((f"{name:>8}  ", "bold"))
            lines.append((facts(side) + "\n", ""))
            if side.values is None or not side.shape:
                lines.append((_printed(side), MUTED))
    lines.append((_distance(finding), ""))
    return Content.assemble(*lines).rstrip()


def facts(side: Side) -> str:
    """`tensor float32 (2, 3) cpu`: what a learner would call this value."""
    shape = str(tuple(side.shape)) if side.shape is not None else ""
    dtype = (side.dtype or "").removeprefix("torch.")
    return visible(" ".join(filter(None, (side.kind, dtype, shape, side.device))))


def _printed(side: Side) -> str:
    lines = visible(side.text).splitlines()
    more = [f"… {plural(len(lines) - SHOWN_LINES, 'line')} more"] if len(lines) > SHOWN_LINES else []
    return "".join(f"          {line}\n" for line in lines[:SHOWN_LINES] + more)


def _distance(finding: Finding) -> str:
    """How many elements differ, by how much at most, and the first few of them."""
    lines = []
    if finding.differing is not None and finding.total and finding.total > 1:
        words = [f"{finding.differing} of {finding.total} elements differ"]
        if finding.largest_absolute is not None:
            words.append(f"largest absolute difference {finding.largest_absolute:.3g}")
        if finding.largest_relative is not None:
            words.append(f"largest relative {finding.largest_relative:.3g}")
        lines.append(" · ".join(words))
    for place in finding.places:
        where = ", ".join(map(str, place.index))
        lines.append(visible(f"[{where}]  expected {place.expected}  got {place.got}"))
    return "\n".join(lines)
