"""Hunts for wrong diagnoses: any two tensors at all, and whatever is said of them must be true of their values."""

from __future__ import annotations

import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from quizapp.grading.judge.compare.compare import compare
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.diagnosis import Question, diagnose
from quizapp.sandbox.values.model import Value, decode, encode
from tests.grading.judge.diagnosis.claims import Claim, holds

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
WHOLE = st.integers(-3, 4).map(float)
AWKWARD = st.sampled_from(
    [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 4.0, 1e-30, 1e30, -1e30, float("nan"), float("inf"), -float("inf")]
)
# Numbers below the smallest normal one are all nought to any tolerance.
ORDINARY = st.floats(-100, 100, allow_nan=False, allow_subnormal=False, width=32)


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """Any small tensor: constant, symmetric, empty, awkward or ordinary."""
    shape = draw(st.sampled_from(SHAPES))
    dtype = draw(st.sampled_from(DTYPES))
    numbers = draw(st.sampled_from([WHOLE, AWKWARD, ORDINARY])) if dtype.is_floating_point else WHOLE
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


def said(got: Tensor, expected: Tensor, x: Tensor) -> str | None:
    """What is said of a difference; None where the two agree, or nothing is."""
    mine, theirs, given_x = (decode(encode(side)) for side in (got, expected, x))
    if compare(mine, theirs, ComparisonOptions()) is None:
        return None
    with warnings.catch_warnings():
        # The judge is as deaf to them.
        warnings.simplefilter("ignore")
        found = diagnose(Question(mine, theirs, {"x": given_x}))
    return found.sentence if found else None


@settings(max_examples=200)
@given(tensors(), tensors(), tensors())
def test_what_is_said_of_any_two_tensors_is_true(got: Tensor, expected: Tensor, x: Tensor):
    sentence = said(got, expected, x)
    if sentence is not None:
        assert holds(Claim(got, expected, x), sentence) is not False, sentence


CHANGES = {
    "reversed": lambda t: t.flip(0),
    "rolled": lambda t: t.roll(1, 0),
    "transposed": lambda t: t.mT if t.ndim > 1 else t,
    "negated": lambda t: -t,
    "doubled": lambda t: t * 2,
    "shifted": lambda t: t + 1,
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
def test_what_is_said_of_two_results_of_one_tensor_is_true(x: Tensor, one: str, other: str):
    if x.ndim == 0 or x.shape[0] == 0 or x.dtype == torch.bool:
        return
    got, expected = CHANGES[one](x), CHANGES[other](x)
    sentence = said(got, expected, x)
    if sentence is not None:
        assert holds(Claim(got, expected, x), sentence) is not False, sentence


@settings(max_examples=30)
@given(tensors(), tensors(), st.sampled_from([1, "a", None, True, 2.5, [], {}, "", b"a", (1, "b"), {"k": [1]}, {1, 2}]))
def test_any_two_values_at_all_are_taken(got: Tensor, expected: Tensor, plain: object):
    sides: list[object] = [got, plain, [got, plain], {"a": got, "b": plain}, (expected,), [[plain]]]
    values = [decode(encode(side)) for side in sides]
    for one in values:
        for other in values:
            found = diagnose(Question(one, other, {"x": values[0]}, see="(a, b)"))
            assert found is None or found.sentence.endswith(".")


@pytest.mark.parametrize("dtype", [torch.complex64, torch.float8_e4m3fn, torch.uint64, torch.int8])
def test_rare_dtypes_are_taken(dtype: torch.dtype):
    got, expected = (torch.arange(6).reshape(2, 3).to(dtype) for _ in range(2))
    found = diagnose(Question(_value(got.T), _value(expected)))
    assert found is not None
    assert found.family == "transposed"


def _value(tensor: Tensor) -> Value:
    return decode(encode(tensor))
