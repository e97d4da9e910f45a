"""The search for an explanation: the order of the families, and the sentence when several explanations hold.

The comments in the tuples name the positions that the cases of `mistakes` prove; other positions are free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from torch import Tensor

from quizapp.grading.judge.compare.compare import SEQUENCES, are_comparable
from quizapp.grading.judge.compare.plain_scalars import describe_type
from quizapp.grading.judge.diagnosis import containers
from quizapp.grading.judge.diagnosis.evidence import (
    LARGEST,
    Explanation,
    GivenValue,
    TensorPair,
    find_named,
    has_finite,
)
from quizapp.grading.judge.diagnosis.families import (
    attention,
    casts,
    combination,
    effects,
    elements,
    frame_labels,
    groups,
    linear,
    masks,
    misaligned,
    offsets,
    orders,
    plain_values,
    pooling,
    regions,
    shapes,
    slicing,
    steps,
    types,
    wrong_dimension,
)
from quizapp.grading.judge.diagnosis.question import Diagnosis, Question
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value

OFTEN_OF_ANOTHER_DTYPE = frozenset(
    {
        Mistake.OTHER_FUNCTION,
        Mistake.ROUNDED,
        Mistake.NOT_ROUNDED,
        Mistake.ONE_REGION,
        Mistake.ONE_ELEMENT,
        Mistake.OVERFLOW,
        Mistake.TRUTH,
        Mistake.PRECISION,
        Mistake.NEARLY,
        Mistake.STEP_MISSING,
        Mistake.STEP_TOO_MANY,
        Mistake.ONE_HOT,
    }
)
"""Kinds of mistakes for which a wrong dtype is not reported too: they imply it, or are too small for two remarks."""

MOST_GIVEN = 8
"""Given tensors that explanations are tried on."""

GIVEN_KINDS = frozenset({"tensor", "array", "int", "float", "numpy", "series", "frame"})
"""Kinds of given values whose numbers are used."""

Explain = Callable[[TensorPair], Iterator[Explanation]]

OF_TYPES = (frame_labels.explain_type, types.explain)
"""Explanations of two values of different kinds."""

OF_ROUNDING: tuple[Explain, ...] = (casts.explain, casts.explain_rounding)
"""Tried first, because two tensors that differ only by rounding are also nearly scaled, shifted and so on."""

FROM_GIVEN: tuple[Explain, ...] = (
    # Before slicing: a maximum or an `any` is often a row of the given tensor too.
    wrong_dimension.explain,
    steps.explain_repeated,
    # Before combination: it says which factor should be transposed.
    linear.explain,
    combination.explain,
    attention.explain,
    pooling.explain,
    misaligned.explain,
    slicing.explain,
)
"""Explanations of both sides by given values, the most specific ones: the first that holds is reported."""

OF_THE_WHOLE: tuple[Explain, ...] = (
    casts.explain_one_hot,
    # Before shapes, because `_search` drops the other explanations of a wrong triangle, such as a transpose.
    masks.explain,
    shapes.explain,
    # Before elements: if a reversal also flips every sign, its key is the one that is stored.
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
    # Both by the least evidence; a region first, because it says where the wrong elements are.
    regions.explain,
    elements.explain_unit_steps,
)
"""Explanations of some elements, or by less evidence: the first that holds is reported."""

OF_COMPLEX: tuple[Explain, ...] = (shapes.explain, orders.explain, elements.explain_complex, regions.explain)
"""The explanations of complex tensors: all that hold are reported."""


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
        return _explain_types(question)
    if got.kind in ("frame", "series"):
        return _explain_frames(question)
    if got.kind in ("tensor", "array", "int", "float", "numpy"):
        return _explain_numbers(question)
    if got.kind in SEQUENCES or got.kind == "dict":
        return containers.explain(question, _explain, _explain_numbers, _explain_alike)
    return []


def _explain_types(question: Question) -> list[Explanation]:
    """Explain two values of different kinds; for a tensor and an array, what else is wrong comes first."""
    got, expected = question.got, question.expected
    by_type = list(islice((found for explain in OF_TYPES for found in explain(got, expected, question.options)), 1))
    is_only_type = not by_type or {got.kind, expected.kind} != {"tensor", "array"}
    if is_only_type or by_type[0].clause.startswith("the values are right"):
        return by_type
    note = f"; it is also {describe_type(got)} instead of {describe_type(expected)}"
    return [replace(found, clause=found.clause + note) for found in _explain_numbers(question)[:1]] or by_type


def _explain_frames(question: Question) -> list[Explanation]:
    """Explain two DataFrames or two Series: their labels and rows, or else their values."""
    found = list(islice(frame_labels.explain(question.got, question.expected, question.options), 1))
    if found:
        return found
    columns = [
        containers.Item(f"column {name}", name, replace(question, got=got, expected=expected, see=""))
        for name, got, expected in frame_labels.columns(question.got, question.expected)
    ]
    groups_found = list(groups.explain(question.given, question.got, question.expected))
    if groups_found or question.got.kind == "series":
        return groups_found or [found for column in columns for found in _explain(column.question)]
    return containers.explain_items([column for column in columns if column.differs()], len(columns), _explain)


def _explain_numbers(question: Question) -> list[Explanation]:
    """Explain the numbers of a value of any kind."""
    aspect = next(types.explain_aspect(question.got, question.expected, question.options), None)
    if aspect:
        return [aspect]
    pair = _pair_of(question)
    return _add_note(question, _search(pair)) if pair else []


def _pair_of(question: Question) -> TensorPair | None:
    """Return the numbers of both sides and of the given values; None if a side contains anything else."""
    got, expected = types.as_numbers(question.got), types.as_numbers(question.expected)
    if got is None or expected is None or max(got.numel(), expected.numel()) > LARGEST:
        return None
    got, expected = _computable(got), _computable(expected)
    given = tuple(_given_tensors(question.given))
    named = find_named(got, expected, given)
    is_count = plain_values.is_count(question.see)
    return TensorPair(got, expected, given, named, question.options, question.hidden, is_count)


def _explain_alike(question: Question) -> list[Explanation]:
    """Explain numbers in no particular order by one change of all."""
    pair = _pair_of(question)
    return list(elements.explain(pair)) if pair else []


def _add_note(question: Question, explanations: list[Explanation]) -> list[Explanation]:
    """Return the explanations, or the first one with a remark on the layout or the dtype, if it is wrong too."""
    note = types.describe_other_layout(question.got, question.expected)
    is_own = explanations and explanations[0].kind not in OFTEN_OF_ANOTHER_DTYPE
    if is_own and not note and "dtype" not in question.options.ignore:
        note = types.describe_other_dtype(question.got, question.expected)
    if not explanations or not note:
        return explanations
    return [replace(explanation, clause=f"{explanation.clause}; {note}") for explanation in explanations[:1]]


def _computable(tensor: Tensor) -> Tensor:
    """Return 8-bit floats as float32, because torch implements hardly any arithmetic for them."""
    return tensor.float() if tensor.is_floating_point() and tensor.dtype.itemsize == 1 else tensor


def _given_tensors(values: Mapping[str, Value]) -> Iterator[GivenValue]:
    """Yield the given tensors, arrays, numbers and columns, and those in given lists; at most MOST_GIVEN."""
    found = 0
    for name, value in values.items():
        for label, item in _parts(name, value):
            tensor = types.as_numbers(item)
            if tensor is not None and found < MOST_GIVEN and not tensor.is_complex():
                found += 1
                yield GivenValue(label, _computable(tensor), is_item=value.kind in ("list", "tuple"))


def _parts(name: str, value: Value) -> list[tuple[str, Value]]:
    """Return the labelled parts of a given value that may be named: the value itself, its items or its columns."""
    if value.kind in ("list", "tuple"):
        parts = [(f"{name}[{index}]", item) for index, item in enumerate(value.data[:MOST_GIVEN])]
    elif value.kind == "frame":
        parts = [
            (name, value),
            *((f"{name}[{label!r}]", column) for label, column in frame_labels.named_columns(value)),
        ]
    else:
        parts = [(name, value)]
    return [part for part in parts if part[1].kind in GIVEN_KINDS]


def _search(pair: TensorPair) -> list[Explanation]:
    """Try explanations by rounding, then from the given values, of the whole tensor, and of some elements."""
    if not has_finite(pair.got) or not has_finite(pair.expected):
        return list(regions.explain_non_finite(pair))
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
        is_triangle = whole[0].kind == Mistake.TRIANGLE
        return [found for found in whole if not is_triangle or found.kind in (Mistake.TRIANGLE, Mistake.MASK_INVERTED)]
    return _first(pair, REST)


def _first(pair: TensorPair, functions: Sequence[Explain]) -> list[Explanation]:
    """Return the first explanation, or none."""
    return list(islice((found for explain in functions for found in explain(pair)), 1))
