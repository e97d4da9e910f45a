"""A verdict as text: the headline, the explanation, one line for each check, expected and got.

The command line prints these lines; the screens style the same lines by their role. Every text is escaped here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from typing import TYPE_CHECKING

from quizapp.text.clipping import MAX_MESSAGE, MAX_NAME, MAX_SENTENCE, clip
from quizapp.text.counting import format_points, plural
from quizapp.text.labels import CHECK_LABELS, OUTCOME_LABELS, RULE_BROKEN, Label
from quizapp.text.printable import visible

if TYPE_CHECKING:
    from quizapp.grading.judge_protocol import Difference, Finding, Side
    from quizapp.grading.verdict import CheckVerdict, Verdict
    from quizapp.sandbox.protocol import Raised

MAX_VALUE_LINES = 8
"""Lines printed of one value on the command line."""

MAX_SHORT = 72
"""Characters of a value that shares its line with its type."""

DIFF_LEGEND = "- got   + expected"

MAX_SHAPES = 12
"""Variables shown with their shapes; the worker's own limit."""

MASK_ROWS, MASK_COLUMNS = 16, 64
MOST_SENTENCES = 3
"""Sentences that explain one verdict."""

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
    return RULE_BROKEN if verdict.breaks_only_rules else OUTCOME_LABELS[verdict.outcome]


def headline(verdict: Verdict) -> tuple[str, str]:
    """Return the verdict's label, and points and time."""
    facts = []
    if verdict.of and verdict.outcome.value != "internal":
        facts.append(f"{format_points(verdict.points)} of {format_points(verdict.of)} points")
    if verdict.seconds:
        facts.append(f"{verdict.seconds:.2f} s")
    return str(label(verdict)), " · ".join(facts)


def explanation(verdict: Verdict) -> Iterator[tuple[Role, str]]:
    """Yield the exception, then at most three sentences: what is proved, what the author says, then notes."""
    if verdict.error is not None:
        first, *rest = error_lines(verdict.error)
        yield Role.ERROR, first
        yield from ((Role.SOURCE, line) for line in rest)
    sentences = list(islice(_sentences(verdict), MOST_SENTENCES))
    if verdict.breaks_only_rules:
        sentences = [(Role.RULE, clip(visible(text), MAX_SENTENCE)) for text in verdict.notes]
    yield from (sentence for sentence in sentences if sentence[0] is Role.CAUSE)
    if verdict.call:
        yield from ((Role.SOURCE, line) for line in call_lines(verdict.call))
    yield from (sentence for sentence in sentences if sentence[0] is not Role.CAUSE)
    if verdict.outcome.value in ("passed", "deferred") and (note := deferred_note(verdict)):
        yield Role.NOTE, note


def _sentences(verdict: Verdict) -> Iterator[tuple[Role, str]]:
    """Yield the sentences that explain a verdict, each once, the most certain first."""
    detail = verdict.detail if not verdict.passed else ""
    texts = [
        (Role.CAUSE, verdict.cause),
        (Role.DIAGNOSIS, verdict.diagnosis),
        (Role.SAYS, verdict.says),
        (Role.SAYS, _authors_hint(verdict)),
        *((Role.NOTE, note) for note in (*verdict.notes, detail)),
    ]
    seen: set[str] = set()
    for role, text in texts:
        if text and text not in seen:
            seen.add(text)
            yield role, clip(visible(text), MAX_SENTENCE)


def _authors_hint(verdict: Verdict) -> str | None:
    """Return what the author wrote for the first check whose value differs; None if the cause is known for certain."""
    if verdict.diagnosis or verdict.error or verdict.says:
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
    yield error_headline(error)
    if error.source is not None:
        source = visible(error.source)
        indent = len(source) - len(source.lstrip())
        yield f"line {error.line}: {clip(source.strip(), MAX_SENTENCE)}"
        if error.column is not None and error.end_column is not None and error.column < min(len(source), MAX_SENTENCE):
            start = len(f"line {error.line}: ") + max(error.column - indent, 0)
            yield " " * start + "^" * max(min(error.end_column, len(source), MAX_SENTENCE) - error.column, 1)
    shapes = [f"{_name(name)} is {_name(shape)}" for name, shape in error.shapes[:MAX_SHAPES]]
    yield from shapes
    if len(error.shapes) > MAX_SHAPES:
        yield f"… {len(error.shapes) - MAX_SHAPES:,} more"


def error_headline(error: Raised) -> str:
    """Return type and message of an exception."""
    return f"{_name(error.type)}: {clip(visible(error.message), MAX_MESSAGE)}".rstrip()


def full_trace(error: Raised) -> str:
    """Return the traceback of an exception with the exception itself as its last line."""
    last = error.trace.rstrip().rpartition("\n")[2]
    # A syntax error is part of the worker's traceback.
    return error.trace if last.startswith(error.type) else f"{error.trace}{error_headline(error)}"


def _name(text: str) -> str:
    return clip(visible(text), MAX_NAME)


def call_lines(code: str) -> Iterator[str]:
    """Yield the code of a check as it is typed into a Python prompt."""
    starts = {min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) for node in _parse(code)}
    for number, line in enumerate(visible(code).splitlines(), 1):
        yield f"{'>>>' if number in starts else '...'} {line}".rstrip()


def _parse(code: str) -> list[ast.stmt]:
    """Return the statements of the code of a check; none if it cannot be parsed."""
    try:
        return ast.parse(code).body
    except (SyntaxError, ValueError):
        return []


def call_of(check: CheckVerdict) -> str:
    """Return the code of a check whose values are shown: its statements and its expression; empty for all others."""
    finding = check.finding
    if check.check.hidden or finding is None or not (finding.expected or finding.got):
        return ""
    return "\n".join(filter(None, (check.check.run.strip(), check.check.see.strip())))


def check_name(check: CheckVerdict, number: int) -> str:
    """Return the check's expression in one line; a hidden check shows only its number."""
    return (
        f"hidden check {number}"
        if check.check.hidden
        else " ".join(map(str.strip, visible(check.check.see).splitlines()))
    )


def check_result(check: CheckVerdict) -> str:
    """Return in one line what was found, without an expected value; empty where the check agrees."""
    if check.state.value != "differs":
        return CHECK_LABELS[check.state].text
    if check.finding is None or check.check.hidden:
        return ""
    return clip(visible(check.finding.summary), MAX_SENTENCE)


def describe_side(side: Side) -> str:
    """Return a short description of a value: `tensor float32 (2, 3) cpu`."""
    shape = str(tuple(side.shape)) if side.shape is not None else ""
    dtype = (side.dtype or "").removeprefix("torch.")
    return " ".join(filter(None, map(_name, (side.kind, dtype, shape, side.device or ""))))


def side_lines(side: Side, limit: int) -> list[str]:
    """Return a short value and its type in one line: `3.0 (float)`; else the type, and below it the value.

    The value has at most `limit` lines.
    """
    described, text = describe_side(side), visible(side.text)
    if text == described or text.startswith(f"{described}: "):
        return text.splitlines()
    if described == _name(side.kind) and "\n" not in text and 0 < len(text) <= MAX_SHORT:
        return [f"{text} ({described})"]
    lines = text.splitlines()
    more = [f"… {plural(len(lines) - limit, 'more line')}"] if len(lines) > limit else []
    return [described, *lines[:limit], *more]


def difference_lines(finding: Finding) -> Iterator[str]:
    """Yield details of labels and dtypes, how many elements differ, by how much at most, and the first few of them."""
    mismatch = finding.mismatch
    if mismatch is None:
        return
    yield from map(visible, mismatch.details)
    # For a single value, the two sides already show the difference.
    if mismatch.differing is not None and mismatch.total and mismatch.total > 1:
        facts = [f"{mismatch.differing} of {mismatch.total} elements differ"]
        if mismatch.largest_absolute is not None:
            facts.append(f"largest absolute difference {mismatch.largest_absolute:.3g}")
        if mismatch.largest_relative is not None:
            facts.append(f"largest relative {mismatch.largest_relative:.3g}")
        yield " · ".join(facts)
    is_same_text = bool(finding.expected and finding.got and finding.expected.text == finding.got.text)
    for place in mismatch.places:
        if place.index:
            yield visible(_place_line(place))
        elif place.note:
            yield visible(place.note)
        elif is_same_text:
            yield visible(f"expected {place.expected}, got {place.got}")


def _place_line(place: Difference) -> str:
    note = f"  ({place.note})" if place.note else ""
    if place.where:
        return f"{place.where}: expected {place.expected}, got {place.got}{note}"
    index = ", ".join(map(str, place.index))
    return f"[{index}]  expected {place.expected}  got {place.got}{note}"


def diff_lines(finding: Finding) -> list[str]:
    """Return a diff of two texts of several lines, which replaces both sides; empty for other values."""
    diff = finding.mismatch.diff if finding.mismatch else ()
    return [DIFF_LEGEND, *map(visible, diff)] if diff else []


def verdict_lines(verdict: Verdict, *, sides: bool = True) -> Iterator[str]:
    """Yield the whole verdict for the command line; with `sides`, expected and got of the checks that differ."""
    yield "   ".join(filter(None, headline(verdict)))
    explained = [text for _, text in explanation(verdict)]
    for text in explained:
        yield from (f"  {line}" for line in text.splitlines())
    for number, check in enumerate(verdict.checks, 1):
        yield from _check_lines(check, number, explained, sides=sides)
    yield from printed_lines(verdict)


def printed_lines(verdict: Verdict, limit: int | None = None) -> Iterator[str]:
    """Yield the output of the answer below a heading for each stream, of at most `limit` lines each."""
    for title, text in (("printed:", verdict.stdout), ("printed on stderr:", verdict.stderr)):
        if text:
            lines = visible(text).splitlines()
            more = [f"… {plural(len(lines) - limit, 'more line')}"] if limit and len(lines) > limit else []
            yield title
            yield from (f"  {line}" for line in [*lines[:limit], *more])


def _check_lines(check: CheckVerdict, number: int, explained: Sequence[str], *, sides: bool) -> Iterator[str]:
    """Yield one check; sentences that `explained` contains are not repeated."""
    finding = check.finding
    result = check_result(check)
    if (got := finding and finding.got) and visible(got.text) in explained:
        result = f"{_name(got.kind)} was raised"
    yield f"{CHECK_LABELS[check.state].symbol} {number}. {check_name(check, number)}" + (
        f"  {result}" if result else ""
    )
    if check.state.value != "differs" or finding is None:
        return
    if (text := clip(visible(finding.diagnosis or ""), MAX_SENTENCE)) and text not in explained:
        yield f"     {text}"
    if sides and not check.check.hidden:
        call = call_of(check)
        # The line above shows a single expression in full already, and the explanation the call that raised an error.
        if "\n" in call and not set(call_lines(call)) <= set(explained):
            yield from (f"     {line}" for line in call_lines(call))
        yield from (f"     {line}" for line in _side_lines(finding))


def _side_lines(finding: Finding) -> Iterator[str]:
    diff = diff_lines(finding)
    for name, side in (("expected", finding.expected), ("got", finding.got)):
        if side is not None and not diff:
            first, *rest = side_lines(side, MAX_VALUE_LINES)
            yield f"{name:>{LABEL_WIDTH}}  {first}"
            yield from (f"{'':>{LABEL_WIDTH}}  {line}" for line in rest)
    yield from difference_lines(finding)
    yield from diff
    mismatch = finding.mismatch
    if mismatch and mismatch.mask and mismatch.differing != mismatch.total:
        yield "where they differ (× differs, · agrees):"
        for row in mismatch.mask[:MASK_ROWS]:
            yield "  " + "".join("×" if differs else "·" for differs in row[:MASK_COLUMNS])
