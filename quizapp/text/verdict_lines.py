"""A verdict as text: the headline, the explanation, one line for each check, expected and got.

The command line prints these lines; the screens style the same lines by their role. Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from quizapp.text.counting import format_points, plural
from quizapp.text.labels import CHECK_LABELS, OUTCOME_LABELS, RULE_BROKEN, Label
from quizapp.text.printable import visible

if TYPE_CHECKING:
    from quizapp.grading.judge_protocol import Finding, Side
    from quizapp.grading.verdict import CheckVerdict, Verdict
    from quizapp.sandbox.protocol import Raised

MAX_VALUE_LINES = 8
"""Lines printed of one value on the command line."""

MASK_ROWS, MASK_COLUMNS = 16, 64
LABEL_WIDTH = len("expected")
AUTHORS_HINT = "The author's hint:"


class Role(Enum):
    """The role of a line in an explanation."""

    DIAGNOSIS = auto()
    ERROR = auto()
    """The exception's type and message."""

    SOURCE = auto()
    """The learner's line, a caret below it, or the shapes of its variables."""

    CAUSE = auto()
    SAYS = auto()
    """An explanation by the author of the deck."""

    NOTE = auto()
    RULE = auto()
    """A rule that the answer breaks, though every check passes."""


def label(verdict: Verdict) -> Label:
    """Return the outcome's label, or that of a broken rule if nothing else is wrong."""
    return RULE_BROKEN if _breaks_only_rules(verdict) else OUTCOME_LABELS[verdict.outcome]


def _breaks_only_rules(verdict: Verdict) -> bool:
    states = {check.state.value for check in verdict.checks}
    return bool(verdict.notes) and verdict.outcome.value == "wrong" and {"agrees"} <= states <= {"agrees", "deferred"}


def headline(verdict: Verdict) -> tuple[str, str]:
    """Return the verdict's label, and points and time."""
    facts = []
    if verdict.of and verdict.outcome.value != "internal":
        facts.append(f"{format_points(verdict.points)} of {format_points(verdict.of)} points")
    if verdict.seconds:
        facts.append(f"{verdict.seconds:.2f} s")
    return str(label(verdict)), " · ".join(facts)


def explanation(verdict: Verdict) -> Iterator[tuple[Role, str]]:
    """Yield the proved explanations, then those of the author, then the notes."""
    # The exception comes first where the diagnosis is its cause.
    if verdict.diagnosis and verdict.diagnosis != verdict.cause:
        yield Role.DIAGNOSIS, visible(verdict.diagnosis)
    if verdict.error is not None:
        first, *rest = error_lines(verdict.error)
        yield Role.ERROR, first
        yield from ((Role.SOURCE, line) for line in rest)
    if verdict.cause:
        yield Role.CAUSE, visible(verdict.cause)
    if verdict.call:
        yield from ((Role.SOURCE, line) for line in call_lines(verdict.call))
    yield from ((Role.SAYS, visible(text)) for text in (verdict.says, _authors_hint(verdict)) if text)
    detail = verdict.detail if not verdict.passed else ""
    role = Role.RULE if _breaks_only_rules(verdict) else Role.NOTE
    yield from ((role, visible(text)) for text in (*verdict.notes, detail) if text)
    if verdict.outcome.value in ("passed", "deferred") and (note := deferred_note(verdict)):
        yield Role.NOTE, note


def _authors_hint(verdict: Verdict) -> str | None:
    """Return what the author wrote for the first check whose value differs; None if the cause is known for certain."""
    if verdict.diagnosis or verdict.error:
        return None
    hints = (check.check.says for check in verdict.checks if check.finding and check.finding.mismatch)
    hint = next(filter(None, hints), None)
    return hint and f"{AUTHORS_HINT} {hint}"


def deferred_note(verdict: Verdict) -> str | None:
    """Return how many checks were not run on this machine, and why; None if all were."""
    count = sum(check.state.value == "deferred" for check in verdict.checks)
    if not count:
        return None
    return f"{plural(count, 'check')} {'was not run: it needs' if count == 1 else 'were not run: they need'} a GPU"


def error_lines(error: Raised) -> Iterator[str]:
    """Yield type and message, the line of the learner's own code with a caret under it, and the shapes on it."""
    yield f"{visible(error.type)}: {visible(error.message)}".rstrip()
    if error.source is not None:
        source = visible(error.source)
        indent = len(source) - len(source.lstrip())
        yield f"line {error.line}: {source.strip()}"
        if error.column is not None and error.end_column is not None:
            start = len(f"line {error.line}: ") + max(error.column - indent, 0)
            yield " " * start + "^" * max(error.end_column - error.column, 1)
    for name, shape in error.shapes:
        yield f"{visible(name)} is {visible(shape)}"


def call_lines(code: str) -> Iterator[str]:
    """Yield the code of a check as it is typed into a Python prompt."""
    for line in visible(code).splitlines():
        yield f"{'...' if line[:1].isspace() else '>>>'} {line}"


def check_name(check: CheckVerdict, number: int) -> str:
    """Return the check's expression in one line; a hidden check shows only its number."""
    return f"hidden check {number}" if check.check.hidden else " ".join(visible(check.check.see).split())


def check_result(check: CheckVerdict) -> str:
    """Return in one line what was found, without an expected value; empty where the check agrees."""
    if check.state.value != "differs":
        return CHECK_LABELS[check.state].text
    if check.finding is None or check.check.hidden:
        return ""
    return visible(check.finding.summary)


def describe_side(side: Side) -> str:
    """Return a short description of a value: `tensor float32 (2, 3) cpu`."""
    shape = str(tuple(side.shape)) if side.shape is not None else ""
    dtype = (side.dtype or "").removeprefix("torch.")
    return visible(" ".join(filter(None, (side.kind, dtype, shape, side.device))))


def value_lines(side: Side, limit: int) -> list[str]:
    """Return the printed value, of at most `limit` lines."""
    lines = visible(side.text).splitlines()
    more = [f"… {plural(len(lines) - limit, 'more line')}"] if len(lines) > limit else []
    return lines[:limit] + more


def difference_lines(finding: Finding) -> Iterator[str]:
    """Yield how many elements differ, by how much at most, and the first few of them."""
    mismatch = finding.mismatch
    if mismatch is None:
        return
    # For a single value, the two sides already show the difference.
    if mismatch.differing is not None and mismatch.total and mismatch.total > 1:
        facts = [f"{mismatch.differing} of {mismatch.total} elements differ"]
        if mismatch.largest_absolute is not None:
            facts.append(f"largest absolute difference {mismatch.largest_absolute:.3g}")
        if mismatch.largest_relative is not None:
            facts.append(f"largest relative {mismatch.largest_relative:.3g}")
        yield " · ".join(facts)
    for place in mismatch.places:
        index = ", ".join(map(str, place.index))
        yield visible(f"[{index}]  expected {place.expected}  got {place.got}")


def verdict_lines(verdict: Verdict, *, sides: bool = True) -> Iterator[str]:
    """Yield the whole verdict for the command line; with `sides`, expected and got of the checks that differ."""
    yield "   ".join(filter(None, headline(verdict)))
    explained = [text for _, text in explanation(verdict)]
    for text in explained:
        yield from (f"  {line}" for line in text.splitlines())
    for number, check in enumerate(verdict.checks, 1):
        yield from _check_lines(check, number, explained, sides=sides)
    for title, text in (("printed:", verdict.stdout), ("printed on stderr:", verdict.stderr)):
        if text:
            yield title
            yield from (f"  {line}" for line in visible(text).splitlines())


def _check_lines(check: CheckVerdict, number: int, explained: Sequence[str], *, sides: bool) -> Iterator[str]:
    """Yield one check; sentences that `explained` contains are not repeated."""
    finding = check.finding
    result = check_result(check)
    if (got := finding and finding.got) and visible(got.text) in explained:
        result = f"{visible(got.kind)} was raised"
    yield f"{CHECK_LABELS[check.state].symbol} {number}. {check_name(check, number)}" + (
        f"  {result}" if result else ""
    )
    if check.state.value != "differs" or finding is None:
        return
    if (text := visible(finding.diagnosis or "")) and text not in explained:
        yield f"     {text}"
    if sides and not check.check.hidden:
        yield from (f"     {line}" for line in _side_lines(finding))


def _side_lines(finding: Finding) -> Iterator[str]:
    for name, side in (("expected", finding.expected), ("got", finding.got)):
        if side is not None:
            yield f"{name:>{LABEL_WIDTH}}  {describe_side(side)}"
            yield from (f"{'':>{LABEL_WIDTH}}  {line}" for line in value_lines(side, MAX_VALUE_LINES))
    yield from difference_lines(finding)
    mismatch = finding.mismatch
    if mismatch and mismatch.mask and mismatch.differing != mismatch.total:
        yield "where they differ (× differs, · agrees):"
        for row in mismatch.mask[:MASK_ROWS]:
            yield "  " + "".join("×" if differs else "·" for differs in row[:MASK_COLUMNS])
