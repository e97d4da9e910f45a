"""The order in which explanations are tried, and what is said where several hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from torch import Tensor

from quizapp.grading.judge.compare.compare import SEQUENCES, compare, device_of, identity, items, key_text
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.plain_scalars import NUMBERS
from quizapp.grading.judge.compare.tensors import dtype_name
from quizapp.grading.judge.diagnosis.evidence import LARGEST, TensorPair, Explanation, GivenValue
from quizapp.grading.judge.diagnosis.families import (
    casts,
    combination,
    complexes,
    effects,
    elements,
    masks,
    misaligned,
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

OF_ANOTHER_DTYPE = frozenset(
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
"""Mistakes that bring another dtype with them, or are too slight to speak of two."""

MOST_GIVEN = 8
"""Given tensors that explanations are tried on."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What kind of mistake it was, in one sentence, and its slug for statistics."""

    family: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A difference to be explained."""

    got: Value
    expected: Value
    given: Mapping[str, Value] = field(default_factory=dict)
    """What `given` bound, before the answer ran."""

    after: Mapping[str, Value] = field(default_factory=dict)
    """The same names after it."""

    see: str = ""
    rule: ComparisonOptions = ComparisonOptions()
    hidden: bool = False
    """The check is hidden: no figure that was found in its values is said."""


def diagnose(question: Question) -> Diagnosis | None:
    """The most specific explanation that holds, or None."""
    fits = _explain(question)
    if not fits:
        return None
    return Diagnosis(fits[0].family, _sentence(fits))


def _sentence(fits: Sequence[Explanation]) -> str:
    """One sentence that says what the values can tell, and no more."""
    clauses = list(dict.fromkeys(fit.clause for fit in fits))
    text = clauses[0]
    if len(clauses) > 1:
        text = f"{', or '.join(clauses[:3])}; these values cannot tell which"
    return f"{text[0].upper()}{text[1:]}."


def _explain(question: Question) -> list[Explanation]:
    """All explanations of the first family that has any."""
    got, expected = question.got, question.expected
    seen = next(effects.fits(question.see, got, expected, question.given, question.after), None)
    if seen:
        return [seen]
    if plain_values.is_stride(question.see, got) and plain_values.is_stride(question.see, expected):
        return list(plain_values.stride_fits(plain_values.sizes(got), plain_values.sizes(expected)))
    if plain_values.is_shape(question.see, got) and plain_values.is_shape(question.see, expected):
        return list(plain_values.shape_fits(plain_values.sizes(got), plain_values.sizes(expected)))[:1]
    if got.kind == expected.kind == "str":
        return list(plain_values.text_fits(got.data, expected.data))[:1]
    if got.kind != expected.kind and not {got.kind, expected.kind} <= {"tuple", "size"}:
        return list(types.fits(got, expected))[:1]
    if got.kind in ("tensor", "array", "int", "float", "numpy"):
        return _numbers(question)
    if got.kind in SEQUENCES or got.kind == "dict":
        return _held(question)
    return []


def _held(question: Question) -> list[Explanation]:
    """Of a container: its numbers together, or the item that differs where the others are no part of the mistake."""
    rule = question.rule
    if compare(question.got, question.expected, replace(rule, ignore=rule.ignore | {"type", "dtype"})) is None:
        return _mistyped(question)
    wrong = [part for _, part in _differing(question)]
    if len(wrong) == 1 and wrong[0].expected.kind in ("tensor", "array"):
        return _inner(question) or _numbers(question)
    return _numbers(question) or _inner(question)


def _mistyped(question: Question) -> list[Explanation]:
    """The values agree as soon as their types are not looked at: no transformation is the mistake."""
    wrong = [part for _, part in _differing(question)]
    fits = [fit for part in wrong[:1] for fit in _explain(part)[:1]]
    everywhere = "" if len(wrong) == 1 else f" (in {len(wrong)} places)"
    return [replace(fit, clause=f"{fit.clause}{everywhere}") for fit in fits]


def _numbers(question: Question) -> list[Explanation]:
    """Explanations of numbers, whatever holds them."""
    aspects = _aspects(question)
    if aspects:
        return aspects
    got, expected = types.as_numbers(question.got), types.as_numbers(question.expected)
    if got is None or expected is None:
        return []
    if max(got.numel(), expected.numel()) > LARGEST:
        return []
    pair = TensorPair(_plain(got), _plain(expected), tuple(_given(question.given)), question.rule, question.hidden)
    fits = _search(pair)
    other_dtype = question.got.kind == "tensor" and got.dtype != expected.dtype and "dtype" not in question.rule.ignore
    if fits and other_dtype and fits[0].family not in OF_ANOTHER_DTYPE:
        note = f"; besides, its dtype is {dtype_name(got)}, which is not the one asked"
        return [replace(fit, clause=fit.clause + note) for fit in fits[:1]]
    return fits


def _plain(tensor: Tensor) -> Tensor:
    """A dtype that all arithmetic is implemented for."""
    return tensor.float() if tensor.is_floating_point() and tensor.dtype.itemsize == 1 else tensor


def _aspects(question: Question) -> list[Explanation]:
    """Everything right but the device, or but the dtype."""
    if question.got.kind != "tensor":
        return []
    mine, theirs = dtype_name(question.got.data), dtype_name(question.expected.data)
    differing = {"device": device_of(question.got) != device_of(question.expected), "dtype": mine != theirs}
    for aspect in (aspect for aspect, differs in differing.items() if differs):
        rule = replace(question.rule, ignore=question.rule.ignore | {aspect})
        if compare(question.got, question.expected, rule) is None:
            if aspect == "device":
                return [
                    Explanation("device", f"everything is right but the device: it is on {device_of(question.got)}")
                ]
            words = f"the values are right, but the dtype is {mine}: cast it to {theirs}"
            return [Explanation("dtype", words)]
    return []


def _given(values: Mapping[str, Value]) -> Iterator[GivenValue]:
    """The given tensors and arrays, and the tensors in given lists."""
    found = 0
    for name, value in values.items():
        parts = [(name, value)]
        if value.kind in ("list", "tuple"):
            parts = [(f"{name}[{place}]", item) for place, item in enumerate(value.data[:MOST_GIVEN])]
        for part, item in parts:
            if item.kind not in ("tensor", "array", "int", "float"):
                continue
            tensor = types.as_numbers(item)
            if tensor is not None and found < MOST_GIVEN and not tensor.is_complex():
                found += 1
                yield GivenValue(part, _plain(tensor), is_item=item is not value)


def _search(pair: TensorPair) -> list[Explanation]:
    """Explanations of a whole tensor first, then of some places in it."""
    slight = next(casts.fits(pair), None) or next(casts.nearly(pair), None)
    if slight:
        return [slight]
    if pair.got.is_complex() or pair.expected.is_complex():
        return [*shapes.fits(pair), *orders.fits(pair), *complexes.fits(pair), *regions.fits(pair)]
    for derived in (wrong_dimension.fits, combination.fits, misaligned.fits, slicing.fits):
        found = next(derived(pair), None)
        if found:
            return [found]
    whole = [*masks.fits(pair), *shapes.fits(pair), *orders.fits(pair), *elements.fits(pair)]
    if whole:
        # A triangle for the other is also a transpose, and says more.
        return [fit for fit in whole if whole[0].family != "triangle" or fit.family in ("triangle", "mask-inverted")]
    for family in PARTIAL:
        fits = list(family(pair))
        if fits:
            return fits[:1]
    return []


def _unchanged(pair: TensorPair) -> Iterator[Explanation]:
    """The answer is a given value as it stands."""
    for given in pair.given:
        if given.tensor.numel() > 1 and pair.same(given.tensor, pair.got):
            yield Explanation("unchanged", f"it is `{given.name}` itself, unchanged")
            return


PARTIAL = (
    steps.fits,
    combination.left_out,
    regions.special,
    _unchanged,
    orders.leftover,
    regions.fits,
    elements.unit_steps,
)
"""Tried in this order where no change of the whole tensor explains anything."""


def _inner(question: Question) -> list[Explanation]:
    """The first differing item of a container, explained with its own part of the check's expression."""
    differing = _differing(question)
    # Of several wrong numbers, an explanation of the first alone would be a coincidence.
    if not differing or (len(differing) > 1 and differing[0][1].expected.kind in NUMBERS):
        return []
    label, part = differing[0]
    return [replace(fit, clause=f"{label}: {fit.clause}") for fit in _explain(part)[:1]]


def _differing(question: Question) -> list[tuple[str, Question]]:
    """The parts of a container that do not agree, by their labels."""
    return [pair for pair in _parts(question) if compare(pair[1].got, pair[1].expected, pair[1].rule) is not None]


def _parts(question: Question) -> Iterator[tuple[str, Question]]:
    got, expected = question.got, question.expected
    if got.kind == "dict":
        rule = question.rule
        mine = {identity(key, rule): item for key, item in got.data}
        for key, wanted in expected.data:
            name = identity(key, rule)
            if name is not None and name in mine:
                yield f"key `{key_text(key)}`", replace(question, got=mine[name], expected=wanted, see="")
        return
    sees = _item_expressions(question.see)
    for place, (one, other) in enumerate(zip(items(got), items(expected), strict=False)):
        see = sees[place] if place < len(sees) else ""
        yield f"item {place}", replace(question, got=one, expected=other, see=see)


def _item_expressions(see: str) -> list[str]:
    """The expressions of the items, where the check writes a tuple or a list out."""
    try:
        node = ast.parse(see.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.unparse(part) for part in node.elts] if isinstance(node, ast.Tuple | ast.List) else []
