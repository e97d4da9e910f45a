"""The judge: runs in a process of the sandbox that runs nobody's code, and says where two runs agree.

It is loaded into the zygote, so importing it runs no torch operator.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

from quizapp.decks.card import Equals
from quizapp.grading.cards.prediction import Prediction, parse
from quizapp.grading.codec import Malformed
from quizapp.grading.error_causes import find_cause
from quizapp.grading.findings import AGREES, Comparison, Finding, Side, pack_findings, unpack
from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.literals import BadLiteral, literal_value
from quizapp.grading.judge.compare.mismatch import ComparisonOptions, Mismatch
from quizapp.grading.judge.compare.predictions import exception_mismatch, prediction_mismatch
from quizapp.grading.judge.compare.rendering import clip, raised_side, side_of
from quizapp.grading.judge.diagnosis import Question, diagnose
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.model import NotSerializable, Value, decode

PLAIN = "write an expression that gives plain data"


def judge(request: bytes) -> bytes:
    """Findings for a packed list of comparisons; none at all where the request cannot be read."""
    try:
        comparisons = unpack(request)
    except Malformed:
        return pack_findings([])
    with warnings.catch_warnings():
        # Torch warns of sparse, nested and quantised tensors wherever they are touched.
        warnings.simplefilter("ignore")
        return pack_findings([find(comparison) for comparison in comparisons])


def find(comparison: Comparison) -> Finding:
    """Whether one observation agrees with what was expected, and how it differs."""
    try:
        expected = _expected(comparison)
    except (BadLiteral, NotSerializable) as error:
        return Finding(False, "the check itself is at fault", error=f"{error}: {PLAIN}")
    rule = _rule(comparison)
    try:
        return _finding(comparison, expected, rule)
    except (NotSerializable, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, MemoryError) as error:
        # Values come from strangers, and torch fails on some that are well formed.
        return Finding(False, f"the value cannot be compared ({type(error).__name__})")


def _rule(comparison: Comparison) -> ComparisonOptions:
    rtol = None if comparison.rtol == "auto" else comparison.rtol
    literal = isinstance(comparison.expected, Equals)
    # A literal lives on no device.
    ignore = comparison.ignore | {"device"} if literal else comparison.ignore
    return ComparisonOptions(rtol, comparison.atol, ignore, literal)


def _expected(comparison: Comparison) -> Value | Raised:
    """What the reference gave, or the deck wrote; raises where that is nothing to compare with."""
    source = comparison.expected
    if isinstance(source, Equals):
        return literal_value(source)
    if source.raised is not None:
        return source.raised
    if source.value is None:
        raise NotSerializable(source.refused or "the reference gave no value")
    return decode(source.value)


def _finding(comparison: Comparison, expected: Value | Raised, rule: ComparisonOptions) -> Finding:
    if comparison.prediction is not None:
        return _predicted(parse(comparison.prediction), expected, rule)
    if isinstance(expected, Raised):
        return _both_raised(comparison.got, expected)
    got = comparison.got
    if got.raised is not None:
        summary = clip(f"{got.raised.type} was raised: {got.raised.message}", 300)
        found = find_cause(got.raised)
        diagnosis, family = (found[1], found[0]) if found else (None, None)
        if diagnosis and comparison.hidden:
            # Its sizes and indices are those of a call that the learner may not see.
            diagnosis = f"your code raises {got.raised.type} there"
        return Finding(False, summary, diagnosis, family, side_of(expected), raised_side(got.raised))
    if got.value is None:
        return Finding(False, got.refused or "no value arrived", expected=side_of(expected))
    value = decode(got.value)
    gap = compare(value, expected, rule)
    if gap is None:
        return AGREES
    if not comparison.shown:
        return Finding(False, clip(gap.summary, 300))
    finding = _differing(gap, side_of(value), side_of(expected))
    return _diagnosed(finding, _question(comparison, value, expected, rule))


def _question(comparison: Comparison, got: Value, expected: Value, rule: ComparisonOptions) -> Question:
    given, after = _names(comparison.given), _names(comparison.after)
    return Question(got, expected, given, after, comparison.see, rule, comparison.hidden)


def _names(data: bytes | None) -> dict[str, Value]:
    """Watched values by name; none where they cannot be read, because only the diagnosis needs them."""
    try:
        value = decode(data) if data is not None else None
    except NotSerializable:
        return {}
    if value is None or value.kind != "dict":
        return {}
    return {key.data: item for key, item in value.data if key.kind == "str"}


def _diagnosed(finding: Finding, question: Question) -> Finding:
    """The finding with the kind of mistake, where one is proved."""
    try:
        diagnosis = diagnose(question)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, MemoryError):
        # The verdict stands without it, and torch fails on some well-formed values.
        return finding
    if diagnosis is None:
        return finding
    return replace(finding, diagnosis=clip(diagnosis.sentence, 300), family=diagnosis.family)


def _differing(gap: Mismatch, got: Side, expected: Side) -> Finding:
    return Finding(
        False,
        clip(gap.summary, 300),
        expected=expected,
        got=got,
        differing=gap.differing,
        total=gap.total,
        places=gap.places,
        largest_absolute=gap.largest_absolute,
        largest_relative=gap.largest_relative,
        mask=gap.mask,
    )


def _both_raised(got: Observation, expected: Raised) -> Finding:
    """The same class or a subclass of it agrees."""
    wanted = expected.bases[0] if expected.bases else expected.type
    if got.raised is not None:
        mine = got.raised
        if wanted in mine.bases or (not mine.bases and mine.type == expected.type):
            return AGREES
        summary = clip(f"{mine.type} was raised, and it is no {expected.type}", 300)
        return Finding(False, summary, expected=raised_side(expected), got=raised_side(mine))
    if got.value is None:
        return Finding(False, got.refused or "no value arrived", expected=raised_side(expected))
    return Finding(False, "no exception was raised", expected=raised_side(expected), got=side_of(decode(got.value)))


def _predicted(prediction: Prediction, expected: Value | Raised, rule: ComparisonOptions) -> Finding:
    """What was typed and where it is off; what came out is the answer to the card, and stays untold."""
    if isinstance(expected, Raised):
        gap = exception_mismatch(prediction, expected)
    else:
        gap = prediction_mismatch(prediction, expected, rule)
    if gap is None:
        return AGREES
    typed = Side("typed", clip(prediction.text, 2000))
    return Finding(False, clip(gap.summary, 300), got=typed, differing=gap.differing, total=gap.total, mask=gap.mask)
