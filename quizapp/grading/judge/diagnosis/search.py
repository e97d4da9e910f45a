"""The search for an explanation: the order of the families, and the sentence when several explanations hold.

The comments in the tuples name the positions that the cases of `mistakes` prove; other positions are free.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from torch import Tensor

from quizapp.grading.judge.compare.compare import SEQUENCES, are_comparable, compare, equality_key, items, key_text
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.plain_scalars import NUMBERS
from quizapp.grading.judge.compare.tensors import dtype_name
from quizapp.grading.judge.diagnosis.evidence import LARGEST, Explanation, GivenValue, TensorPair
from quizapp.grading.judge.diagnosis.families import (
    casts,
    combination,
    effects,
    elements,
    masks,
    misaligned,
    offsets,
    orders,
    plain_values,
    regions,
    shapes,
    slicing,
    steps,
    types,
    wrong_dimension,
)
from quizapp.sandbox.values.model import Value

OFTEN_OF_ANOTHER_DTYPE = frozenset(
    {
        "other-function",
        "rounded",
        "not-rounded",
        "one-region",
        "one-element",
        "overflow",
        "truth",
        "precision",
        "nearly",
        "step-missing",
        "step-too-many",
    }
)
"""Kinds of mistakes for which a wrong dtype is not reported too: they imply it, or are too small for two remarks."""

MOST_GIVEN = 8
"""Given tensors that explanations are tried on."""

Explain = Callable[[TensorPair], Iterator[Explanation]]

OF_ROUNDING: tuple[Explain, ...] = (casts.explain, casts.explain_rounding)
"""Tried first, because two tensors that differ only by rounding are also nearly scaled, shifted and so on."""

FROM_GIVEN: tuple[Explain, ...] = (
    # Before slicing: a maximum or an `any` is often a row of the given tensor too.
    wrong_dimension.explain,
    combination.explain,
    misaligned.explain,
    slicing.explain,
)
"""Explanations of both sides by given values, the most specific ones: the first that holds is reported."""

OF_THE_WHOLE: tuple[Explain, ...] = (
    # Before shapes, because `_search` drops the other explanations of a wrong triangle, such as a transpose.
    masks.explain,
    shapes.explain,
    # Before elements: if a reversal also flips every sign, its slug is the one that is stored.
    orders.explain,
    elements.explain,
)
"""Changes of the whole tensor: all that hold are reported, in this order."""

REST: tuple[Explain, ...] = (
    # Both before explain_unchanged: the missing step, or the operand left out of a given value, is more specific.
    steps.explain,
    combination.explain_left_out,
    offsets.explain,
    # Before regions: that one element is NaN is more specific than that it is wrong.
    regions.explain_non_finite,
    # The next two before regions: a whole that is unchanged or reordered can differ in one row only.
    combination.explain_unchanged,
    orders.explain_rest,
    # Before explain_unit_steps, which does not report where the wrong elements are.
    regions.explain,
    elements.explain_unit_steps,
)
"""Explanations of some elements, or by less evidence: the first that holds is reported."""

OF_COMPLEX: tuple[Explain, ...] = (shapes.explain, orders.explain, elements.explain_complex, regions.explain)
"""The explanations of complex tensors: all that hold are reported."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A kind of mistake, and one sentence for the learner."""

    kind: str
    """The slug of the first explanation."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A mismatch to be explained."""

    got: Value
    expected: Value
    given: Mapping[str, Value] = field(default_factory=dict)
    """Values that `given` bound, before the answer ran."""

    after: Mapping[str, Value] = field(default_factory=dict)
    """Values of the same names, after the answer ran."""

    see: str = ""
    """The expression of the check."""

    options: ComparisonOptions = ComparisonOptions()
    hidden: bool = False
    """Whether the check is hidden: then no number computed from its values is reported."""


def diagnose(question: Question) -> Diagnosis | None:
    """Return the most specific explanation that holds, or None."""
    explanations = _explain(question)
    if not explanations:
        return None
    return Diagnosis(explanations[0].kind, _sentence(explanations))


def _sentence(explanations: Sequence[Explanation]) -> str:
    """Return one sentence with up to three explanations that the values do not distinguish."""
    clauses = list(dict.fromkeys(explanation.clause for explanation in explanations))
    text = clauses[0]
    if len(clauses) > 1:
        text = f"{', or '.join(clauses[:3])}; these values do not show which"
    return f"{text[0].upper()}{text[1:]}."


def _explain(question: Question) -> list[Explanation]:
    """Return all explanations of the first group that has any."""
    got, expected = question.got, question.expected
    effect = next(effects.explain(question.see, got, expected, question.given, question.after), None)
    if effect:
        return [effect]
    if plain_values.is_stride(question.see, got) and plain_values.is_stride(question.see, expected):
        return list(plain_values.explain_strides(plain_values.sizes(got), plain_values.sizes(expected)))
    if plain_values.is_shape(question.see, got) and plain_values.is_shape(question.see, expected):
        return list(plain_values.explain_shapes(plain_values.sizes(got), plain_values.sizes(expected)))[:1]
    if got.kind == expected.kind == "str":
        return list(plain_values.explain_text(got.data, expected.data))[:1]
    if not are_comparable(got, expected, question.options):
        return list(types.explain(got, expected))[:1]
    if got.kind in ("tensor", "array", "int", "float", "numpy"):
        return _explain_numbers(question)
    if got.kind in SEQUENCES or got.kind == "dict":
        return _explain_container(question)
    return []


def _explain_container(question: Question) -> list[Explanation]:
    """Explain all numbers of a container together, or the only item that differs."""
    options = question.options
    without_types = replace(options, ignore=options.ignore | {"type", "dtype"})
    if compare(question.got, question.expected, without_types) is None:
        return _explain_types(question)
    differing = [item for _, item in _differing_items(question)]
    if len(differing) == 1 and differing[0].expected.kind in ("tensor", "array"):
        return _explain_item(question) or _explain_numbers(question)
    return _explain_numbers(question) or _explain_item(question)


def _explain_types(question: Question) -> list[Explanation]:
    """Explain a container whose values agree apart from their types: no transformation is the mistake."""
    differing = [item for _, item in _differing_items(question)]
    explanations = [explanation for item in differing[:1] for explanation in _explain(item)[:1]]
    count = "" if len(differing) == 1 else f" (in {len(differing)} places)"
    return [replace(explanation, clause=f"{explanation.clause}{count}") for explanation in explanations]


def _explain_numbers(question: Question) -> list[Explanation]:
    """Explain the numbers of a value of any kind."""
    device_or_dtype = next(types.explain_device_or_dtype(question.got, question.expected, question.options), None)
    if device_or_dtype:
        return [device_or_dtype]
    got, expected = types.as_numbers(question.got), types.as_numbers(question.expected)
    if got is None or expected is None:
        return []
    if max(got.numel(), expected.numel()) > LARGEST:
        return []
    given = tuple(_given_tensors(question.given))
    pair = TensorPair(_computable(got), _computable(expected), given, question.options, question.hidden)
    explanations = _search(pair)
    is_tensor = question.got.kind == "tensor"
    other_dtype = is_tensor and got.dtype != expected.dtype and "dtype" not in question.options.ignore
    if explanations and other_dtype and explanations[0].kind not in OFTEN_OF_ANOTHER_DTYPE:
        note = f"; its dtype {dtype_name(got)} is also wrong"
        return [replace(explanation, clause=explanation.clause + note) for explanation in explanations[:1]]
    return explanations


def _computable(tensor: Tensor) -> Tensor:
    """Return 8-bit floats as float32, because torch implements hardly any arithmetic for them."""
    return tensor.float() if tensor.is_floating_point() and tensor.dtype.itemsize == 1 else tensor


def _given_tensors(values: Mapping[str, Value]) -> Iterator[GivenValue]:
    """Yield the given tensors, arrays and numbers, and those in given lists; at most MOST_GIVEN."""
    found = 0
    for name, value in values.items():
        named = [(name, value)]
        if value.kind in ("list", "tuple"):
            named = [(f"{name}[{index}]", item) for index, item in enumerate(value.data[:MOST_GIVEN])]
        for label, item in named:
            if item.kind not in ("tensor", "array", "int", "float"):
                continue
            tensor = types.as_numbers(item)
            if tensor is not None and found < MOST_GIVEN and not tensor.is_complex():
                found += 1
                yield GivenValue(label, _computable(tensor), is_item=item is not value)


def _search(pair: TensorPair) -> list[Explanation]:
    """Try explanations by rounding, then from the given values, of the whole tensor, and of some elements."""
    rounding = _first(pair, OF_ROUNDING)
    if rounding:
        return rounding
    if pair.got.is_complex() or pair.expected.is_complex():
        return [found for explain in OF_COMPLEX for found in explain(pair)]
    from_given = _first(pair, FROM_GIVEN)
    if from_given:
        return from_given
    whole = [found for explain in OF_THE_WHOLE for found in explain(pair)]
    if whole:
        # The wrong triangle is often a transpose too, and the more specific explanation.
        is_triangle = whole[0].kind == "triangle"
        return [found for found in whole if not is_triangle or found.kind in ("triangle", "mask-inverted")]
    return _first(pair, REST)


def _first(pair: TensorPair, functions: Sequence[Explain]) -> list[Explanation]:
    """Return the first explanation, or none."""
    return list(islice((found for explain in functions for found in explain(pair)), 1))


def _explain_item(question: Question) -> list[Explanation]:
    """Explain the first differing item of a container, with its own part of the check's expression."""
    differing = _differing_items(question)
    # If several numbers are wrong, an explanation of the first alone would be a coincidence.
    if not differing or (len(differing) > 1 and differing[0][1].expected.kind in NUMBERS):
        return []
    label, item = differing[0]
    return [replace(found, clause=f"{label}: {found.clause}") for found in _explain(item)[:1]]


def _differing_items(question: Question) -> list[tuple[str, Question]]:
    """Return (label, question) for each item of a container that does not agree."""
    return [
        (label, item) for label, item in _items(question) if compare(item.got, item.expected, item.options) is not None
    ]


def _items(question: Question) -> Iterator[tuple[str, Question]]:
    got, expected = question.got, question.expected
    if got.kind == "dict":
        options = question.options
        got_items = {equality_key(key, options): item for key, item in got.data}
        for key, expected_item in expected.data:
            name = equality_key(key, options)
            if name is not None and name in got_items:
                yield f"key `{key_text(key)}`", replace(question, got=got_items[name], expected=expected_item, see="")
        return
    expressions = _item_expressions(question.see)
    for index, (got_item, expected_item) in enumerate(zip(items(got), items(expected), strict=False)):
        see = expressions[index] if index < len(expressions) else ""
        yield f"item {index}", replace(question, got=got_item, expected=expected_item, see=see)


def _item_expressions(see: str) -> list[str]:
    """Return the expressions of the items if the check's expression is a tuple or list display."""
    try:
        node = ast.parse(see.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.unparse(part) for part in node.elts] if isinstance(node, ast.Tuple | ast.List) else []
