"""Searches for wrong diagnoses: the sentence about any two tensors must be true of their values."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.diagnosis import Question, diagnose
from quizapp.grading.runs import bound_names
from quizapp.sandbox.values.model import Value
from quizapp.sandbox.values.serialise import decode, encode
from tests.grading.judge.diagnosis.claims import Claim, about_x, covers, holds, is_exempt
from tests.grading.judge.diagnosis.mistakes.cases import Case, all_cases, finding_of, values_of

DTYPES = (
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
)
SHAPES = (
    (),
    (0,),
    (1,),
    (2,),
    (3,),
    (5,),
    (2, 2),
    (2, 3),
    (3, 2),
    (3, 3),
    (1, 3),
    (3, 1),
    (2, 0),
    (2, 3, 2),
    (2, 2, 2),
)
INTEGERS = st.integers(-3, 4).map(float)
SPECIAL = st.sampled_from(
    [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 4.0, 1e-30, 1e30, -1e30, float("nan"), float("inf"), -float("inf")]
)
# Subnormal numbers equal 0 within any tolerance.
ORDINARY = st.floats(-100, 100, allow_nan=False, allow_subnormal=False, width=32)


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """Draw any small tensor: constant, symmetric, empty, with special or with ordinary values."""
    shape = draw(st.sampled_from(SHAPES))
    dtype = draw(st.sampled_from(DTYPES))
    numbers = draw(st.sampled_from([INTEGERS, SPECIAL, ORDINARY])) if dtype.is_floating_point else INTEGERS
    count = int(torch.Size(shape).numel())
    values = torch.tensor(draw(st.lists(numbers, min_size=count, max_size=count)), dtype=torch.float64).reshape(shape)
    kind = draw(st.sampled_from(["any", "any", "constant", "symmetric"]))
    if kind == "constant" and count:
        values = values.reshape(-1)[0].expand(shape).clone()
    elif kind == "symmetric" and len(shape) == 2 and shape[0] == shape[1]:
        values = values.triu() + values.triu(1).T
    if not dtype.is_floating_point:
        values = values.abs() if dtype in (torch.uint8, torch.bool) else values
    return values.to(dtype)


def sentence_of(got: Tensor, expected: Tensor, x: Tensor) -> str | None:
    """Return the diagnosis of two tensors, or None if they agree or there is none."""
    got_value, expected_value, x_value = (decode(encode(side)) for side in (got, expected, x))
    if compare(got_value, expected_value, ComparisonOptions()) is None:
        return None
    with warnings.catch_warnings():
        # The judge ignores warnings too.
        warnings.simplefilter("ignore")
        found = diagnose(Question(got_value, expected_value, {"x": x_value}))
    return found.sentence if found else None


@settings(max_examples=200)
@given(tensors(), tensors(), tensors())
def test_the_diagnosis_of_any_two_tensors_is_true(got: Tensor, expected: Tensor, x: Tensor) -> None:
    sentence = sentence_of(got, expected, x)
    if sentence is not None:
        assert holds(Claim(got, expected, x), sentence) is not False, sentence


NAMED_CASES = [case for case in all_cases() if case.kind and not case.silent]


@pytest.mark.parametrize("case", NAMED_CASES, ids=lambda case: case.name)
def test_the_sentence_of_every_case_is_true_or_exempt(case: Case) -> None:
    diagnosis = finding_of(case).diagnosis
    assert diagnosis is not None
    sentence = about_x(diagnosis, bound_names(case.given))
    assert covers(sentence) != is_exempt(sentence), f"not in exactly one of CHECKS and UNCHECKED: {sentence}"
    got, expected, given_values = values_of(case)
    named = [value for name, value in given_values.items() if f"`{name}`" in diagnosis]
    tensors = [side for side in (got, expected, *named[:1]) if isinstance(side, Tensor) and _is_dense(side)]
    if len(tensors) == 2 + len(named[:1]):
        assert holds(Claim(tensors[0], tensors[1], tensors[-1]), sentence) is not False, sentence


def _is_dense(tensor: Tensor) -> bool:
    is_special = tensor.is_nested or tensor.is_quantized or tensor.is_meta or tensor.is_complex()
    return tensor.layout is torch.strided and not is_special


CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "reversed": lambda t: t.flip(0),
    "rolled": lambda t: t.roll(1, 0),
    "transposed": lambda t: t.mT if t.ndim > 1 else t,
    "negated": lambda t: -t,
    "doubled": lambda t: t * 2,
    "shifted": lambda t: t + 1,
    "biased": lambda t: t + torch.arange(t.shape[-1]) * 0.7 if t.is_floating_point() and t.ndim else t,
    "absolute": lambda t: t.abs(),
    "squared": lambda t: t * t,
    "cast": lambda t: t.float(),
    "summed": lambda t: t.sum(0),
    "flattened": lambda t: t.flatten(),
    "kept": lambda t: t.unsqueeze(0),
    "first": lambda t: t[0],
    "short": lambda t: t[1:],
    "nudged": lambda t: t * 1.001 if t.is_floating_point() else t,
}


@settings(max_examples=200)
@given(tensors(), st.sampled_from(sorted(CHANGES)), st.sampled_from(sorted(CHANGES)))
def test_the_diagnosis_of_two_results_of_one_tensor_is_true(x: Tensor, got_change: str, expected_change: str) -> None:
    if x.ndim == 0 or x.shape[0] == 0 or x.dtype == torch.bool:
        return
    got, expected = CHANGES[got_change](x), CHANGES[expected_change](x)
    sentence = sentence_of(got, expected, x)
    if sentence is not None:
        assert holds(Claim(got, expected, x), sentence) is not False, sentence


@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@settings(max_examples=30)
@given(tensors(), tensors(), st.sampled_from([1, "a", None, True, 2.5, [], {}, "", b"a", (1, "b"), {"k": [1]}, {1, 2}]))
def test_any_two_values_can_be_diagnosed(got: Tensor, expected: Tensor, plain: object) -> None:
    sides: list[object] = [got, plain, [got, plain], {"a": got, "b": plain}, (expected,), [[plain]]]
    values = [decode(encode(side)) for side in sides]
    for got_value, expected_value in product(values, values):
        found = diagnose(Question(got_value, expected_value, {"x": values[0]}, see="(a, b)"))
        assert found is None or found.sentence.endswith(".")


@pytest.mark.parametrize("dtype", [torch.complex64, torch.float8_e4m3fn, torch.uint64, torch.int8])
def test_rare_dtypes_can_be_diagnosed(dtype: torch.dtype) -> None:
    got, expected = (torch.arange(6).reshape(2, 3).to(dtype) for _ in range(2))
    found = diagnose(Question(_value(got.T), _value(expected)))
    assert found is not None
    assert found.kind == "transposed"


def _value(tensor: Tensor) -> Value:
    return decode(encode(tensor))
