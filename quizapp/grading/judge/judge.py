"""The judge: compares observations in a process of the sandbox that runs no deck and no learner code.

The zygote imports this module before it forks judges, so importing it runs no torch operator.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

from quizapp.grading.cards.prediction import Prediction, parse, unreadable_message
from quizapp.grading.codec import Malformed
from quizapp.grading.error_causes import find_cause, mistake_of_error
from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.literals import BadLiteral, literal_value
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.predictions import exception_mismatch, find_unreadable, prediction_mismatch
from quizapp.grading.judge.compare.rendering import MAX_TEXT, clip, raised_side, side_of
from quizapp.grading.judge.diagnosis import Question, diagnose
from quizapp.grading.judge_protocol import (
    AGREES,
    Comparison,
    Finding,
    Mismatch,
    Side,
    pack_comparisons,
    pack_findings,
    unpack_comparisons,
)
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.model import NotSerializable, Value
from quizapp.sandbox.values.serialise import decode

PLAIN_DATA_HINT = "write an expression that gives plain data"
MAX_SENTENCE = 300
"""Number of characters of a summary or a diagnosis."""

COMPARISON_ERRORS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError, MemoryError)
"""Exceptions of torch, NumPy and pandas for values that are well formed but not supported."""

# Load the codec in the zygote, once for all judges that it forks.
unpack_comparisons(pack_comparisons([]))


def judge(request: bytes) -> bytes:
    """Return the packed findings for packed comparisons; none if the request is malformed."""
    try:
        comparisons = unpack_comparisons(request)
    except Malformed:
        return pack_findings([])
    with warnings.catch_warnings():
        # Torch warns about sparse, nested and quantised tensors whenever they are used.
        warnings.simplefilter("ignore")
        return pack_findings([find(comparison) for comparison in comparisons])


def find(comparison: Comparison) -> Finding:
    """Return whether one observation agrees with the expected one, and how it differs."""
    try:
        expected = _expected(comparison)
    except (BadLiteral, NotSerializable) as error:
        return Finding(False, "the check itself is invalid", error=f"{error}: {PLAIN_DATA_HINT}")
    options = _options(comparison)
    try:
        return _finding(comparison, expected, options)
    except (NotSerializable, *COMPARISON_ERRORS) as error:
        # The value comes from untrusted code.
        return Finding(False, f"the value cannot be compared ({type(error).__name__})")


def _options(comparison: Comparison) -> ComparisonOptions:
    rtol = None if comparison.rtol == "auto" else comparison.rtol
    is_literal = comparison.equals is not None
    # A literal is not on any device.
    ignore = comparison.ignore | {"device"} if is_literal else comparison.ignore
    return ComparisonOptions(rtol, comparison.atol, ignore, is_literal, comparison.strict)


def _expected(comparison: Comparison) -> Value | Raised:
    """Return the literal, or the value or exception of the reference; raises BadLiteral or NotSerializable."""
    if comparison.equals is not None:
        value = literal_value(comparison.equals)
        is_printed = value.kind == "str" and comparison.see.strip() in ("stdout", "stderr")
        return replace(value, meta=(("printed", "yes"),)) if is_printed else value
    observation = comparison.expected
    if observation is not None and observation.raised is not None:
        return observation.raised
    if observation is None or observation.value is None:
        raise NotSerializable((observation and observation.refused) or "the reference returned no value")
    return decode(observation.value)


def _finding(comparison: Comparison, expected: Value | Raised, options: ComparisonOptions) -> Finding:
    if comparison.prediction is not None:
        return _compare_prediction(parse(comparison.prediction), expected, options)
    if isinstance(expected, Raised):
        return _compare_with_exception(comparison.got, expected)
    got = comparison.got
    if got.raised is not None:
        return _unexpected_exception(got.raised, expected, hidden=comparison.hidden)
    if got.value is None:
        return Finding(False, got.refused or "there is no value", expected=side_of(expected))
    value = decode(got.value)
    mismatch = compare(value, expected, options)
    if mismatch is None:
        return AGREES
    mismatch = _clip_summary(mismatch)
    if not comparison.shown:
        return Finding(False, mismatch.summary, mismatch=replace(mismatch.without_values(), mask=None))
    finding = Finding(False, mismatch.summary, expected=side_of(expected), got=side_of(value), mismatch=mismatch)
    return _add_diagnosis(finding, _question(comparison, value, expected, options))


def _clip_summary(mismatch: Mismatch) -> Mismatch:
    return replace(mismatch, summary=clip(mismatch.summary, MAX_SENTENCE))


def _unexpected_exception(raised: Raised, expected: Value, *, hidden: bool) -> Finding:
    """Return the finding for an exception where the reference gave a value."""
    summary = clip(f"{raised.type} was raised: {raised.message}", MAX_SENTENCE)
    mistake, diagnosis = find_cause(raised) or (mistake_of_error(raised), None)
    if diagnosis and hidden:
        # The explanation contains sizes and indices of a call that the learner may not see.
        diagnosis = f"your code raises {raised.type} there"
    return Finding(False, summary, diagnosis, mistake, side_of(expected), raised_side(raised))


def _question(comparison: Comparison, got: Value, expected: Value, options: ComparisonOptions) -> Question:
    given, after = _watched_values(comparison.given), _watched_values(comparison.after)
    return Question(got, expected, given, after, comparison.see, options, comparison.hidden)


def _watched_values(data: bytes | None) -> dict[str, Value]:
    """Return the watched values by name; none if they cannot be decoded, because only the diagnosis needs them."""
    try:
        value = decode(data) if data is not None else None
    except NotSerializable:
        return {}
    if value is None or value.kind != "dict":
        return {}
    return {key.data: item for key, item in value.data if key.kind == "str"}


def _add_diagnosis(finding: Finding, question: Question) -> Finding:
    """Return the finding with the kind of mistake, if one is proved."""
    try:
        diagnosis = diagnose(question)
    except COMPARISON_ERRORS:
        # The verdict does not depend on the diagnosis.
        return finding
    if diagnosis is None:
        return finding
    return replace(finding, diagnosis=clip(diagnosis.sentence, MAX_SENTENCE), mistake=diagnosis.kind)


def _compare_with_exception(got: Observation, expected: Raised) -> Finding:
    """Return the finding where the reference raises: the same class, or a subclass, agrees."""
    expected_class = expected.bases[0] if expected.bases else expected.type
    if got.raised is not None:
        raised = got.raised
        if expected_class in raised.bases or (not raised.bases and raised.type == expected.type):
            return AGREES
        summary = clip(f"{raised.type} was raised, which is not {expected.type}", MAX_SENTENCE)
        return Finding(False, summary, expected=raised_side(expected), got=raised_side(raised))
    if got.value is None:
        return Finding(False, got.refused or "there is no value", expected=raised_side(expected))
    return Finding(False, "no exception was raised", expected=raised_side(expected), got=side_of(decode(got.value)))


def _compare_prediction(prediction: Prediction, expected: Value | Raised, options: ComparisonOptions) -> Finding:
    """Return where the prediction is wrong, without any expected value, which is the answer to the card."""
    if isinstance(expected, Raised):
        mismatch = exception_mismatch(prediction, expected)
    else:
        mismatch = prediction_mismatch(prediction, expected, options)
    if mismatch is None:
        return AGREES
    if problem := find_unreadable(prediction, expected):
        return Finding(False, clip(unreadable_message(prediction, problem), MAX_SENTENCE), is_unreadable=True)
    mismatch = replace(_clip_summary(mismatch).without_values(), largest_absolute=None, largest_relative=None)
    return Finding(False, mismatch.summary, got=Side("typed", clip(prediction.text, MAX_TEXT)), mismatch=mismatch)
