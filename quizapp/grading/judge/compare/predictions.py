"""Comparison of a prediction with the value, or the exception, that a run gave.

Each reading of the prediction is converted to a value of the expected kind, and the two are compared like any others.
Only the expected value decides how: printed text is compared by tokens, other text exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quizapp.grading.cards.prediction import Prediction, is_exception_name, parse, without_trailing_blanks
from quizapp.grading.cards.spellings import narrow
from quizapp.grading.cards.typed_literals import Typed
from quizapp.grading.cards.typed_tokens import printed_tokens
from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.plain_scalars import as_printed
from quizapp.grading.judge.compare.typed_values import typed_value
from quizapp.grading.judge_protocol import Mismatch
from quizapp.sandbox.protocol import Raised
from quizapp.sandbox.values.model import Value

BARE_ITEMS = frozenset({"bool", "int", "float", "complex", "str"})
"""Kinds of which a list of one item may be typed as the item."""

FREE_TEXT = frozenset({"str", "device"})
"""Kinds for which any text can be read: no text is asked again."""


def find_unreadable(prediction: Prediction, expected: Value | Raised) -> str | None:
    """Return why nothing can be read from the text, so that it is asked again; None if it is an answer."""
    if not prediction.text.strip():
        return "nothing was typed"
    is_text = isinstance(expected, Value) and expected.kind in FREE_TEXT
    return None if is_text else prediction.problem


def exception_mismatch(prediction: Prediction, raised: Raised) -> Mismatch | None:
    """Return None if the class of `raised` was typed, alone or in front of a message; else a mismatch."""
    qualified = raised.bases[0] if raised.bases else raised.type
    name = prediction.exception_name
    last = name.rpartition(".")[2]
    # A class can be imported from a module that is not its `__module__`: `pickle.UnpicklingError`.
    agrees = bool(name) and (last == raised.type or f".{qualified}".endswith(f".{name}"))
    if agrees:
        return None
    if last.casefold() == raised.type.casefold():
        return Mismatch("an exception is raised; the name of its class is case-sensitive", "type")
    is_named = is_exception_name(name)
    return Mismatch("an exception is raised" + (", but not of the class that you typed" if is_named else ""), "type")


def prediction_mismatch(prediction: Prediction, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Return how the prediction differs from `expected`; None if one of its readings agrees."""
    if expected.kind == "str":
        is_printed = "printed" in dict(expected.meta)
        return (_printed_mismatch if is_printed else _text_mismatch)(prediction, expected, options)
    readings = list(prediction.readings)
    if not options.strict and _has_one_bare_item(expected):
        readings += [Typed("tuple", (reading,), bare=True) for reading in readings]
    mismatches = [_reading_mismatch(reading, expected, options) for reading in readings]
    return None if None in mismatches else mismatches[0]


def _has_one_bare_item(expected: Value) -> bool:
    return expected.kind in ("list", "tuple") and len(expected.data) == 1 and expected.data[0].kind in BARE_ITEMS


def _reading_mismatch(typed: Typed, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    got = typed_value(typed, expected)
    if got is None:
        return Mismatch("your prediction is not a value of this kind", "type")
    rounding = _largest_rounding(typed)
    if rounding:
        atol = max(rounding, options.tolerance("float64")[1] if options.atol is None else options.atol)
        return compare(got, expected, options) and compare(got, expected, replace(options, atol=atol))
    return compare(got, expected, options)


def _texts(prediction: Prediction, expected: str) -> Iterator[str]:
    """Yield the text as typed, without its quotes, and without what an input method made of it."""
    yield prediction.text
    if prediction.typed.form == "text":
        yield without_trailing_blanks(prediction.typed.data)
    # Where full-width characters are expected, they must be typed.
    if expected.isascii():
        yield narrow(prediction.text)


def _text_mismatch(prediction: Prediction, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Compare text, which may be typed with or without quotes."""
    expected = replace(expected, data=without_trailing_blanks(expected.data))
    texts = _texts(prediction, expected.data)
    mismatches = [compare(replace(expected, data=text), expected, options) for text in texts]
    return None if None in mismatches else mismatches[0]


def _printed_mismatch(prediction: Prediction, expected: Value, options: ComparisonOptions) -> Mismatch | None:
    """Compare printed text by tokens; a printed shape may also be typed in any notation of a shape."""
    printed = as_printed(expected.data)
    texts = list(_texts(prediction, printed))
    if "\\" not in printed:
        texts += [text.replace("\\n", "\n") for text in texts]
    if any(printed_tokens(as_printed(text)) == printed_tokens(printed) for text in texts):
        return None
    shape = typed_value(parse(printed).typed, Value("size", (), "torch.Size")) if "Size" in printed else None
    if shape is not None and prediction_mismatch(prediction, shape, options) is None:
        return None
    return compare(replace(expected, data=prediction.text), expected, options) or Mismatch("different text")


def _largest_rounding(typed: Typed) -> float:
    """Return the largest rounding of the typed floats."""
    if typed.form in ("list", "tuple", "set"):
        return max(map(_largest_rounding, typed.data), default=0.0)
    if typed.form == "dict":
        return max((_largest_rounding(item) for _, item in typed.data), default=0.0)
    if typed.form == "call":
        arguments = (*typed.data[1], *(item for _, item in typed.keywords))
        return max(map(_largest_rounding, arguments), default=0.0)
    return typed.rounding
