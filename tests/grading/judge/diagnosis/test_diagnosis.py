"""Every explanation really maps the answer's value to the expected one, or one given value to both."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from quizapp.grading.judge.diagnosis import Diagnosis, Question, diagnose
from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import Comparison, pack_comparisons, unpack_findings
from quizapp.sandbox.protocol import Observation
from quizapp.sandbox.values.model import Value
from quizapp.sandbox.values.serialise import encode
from tests.grading.judge.helpers import judged, observed

REORDERED = r"transposed|permuted|reversed|rolled|order|sorted|reshaped"
ELEMENTWISE = r"sign|scaled|shifted|off by one|square|exp|reciprocal|absolute|factor|amount"


def tensor_value(tensor: Tensor) -> Value:
    return Value("tensor", tensor.contiguous(), "torch.Tensor", (("device", "cpu"),))


def diagnosis_of(got: Tensor, expected: Tensor, **given_tensors: Tensor) -> Diagnosis | None:
    given_values = {name: tensor_value(tensor) for name, tensor in given_tensors.items()}
    return diagnose(Question(tensor_value(got), tensor_value(expected), given_values))


WIDE = (torch.float32, torch.float64)
FLOATS = (*WIDE, torch.float16, torch.bfloat16)


@st.composite
def tensors(
    draw: st.DrawFn,
    dims: tuple[int, int] = (1, 4),
    sizes: tuple[int, int] = (2, 5),
    dtypes: tuple[torch.dtype, ...] = FLOATS,
) -> Tensor:
    """Draw random normal tensors of random shapes; in the wider dtypes no two elements are equal."""
    shape = draw(st.lists(st.integers(*sizes), min_size=dims[0], max_size=dims[1]))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    return torch.randn(shape, generator=generator).to(draw(st.sampled_from(dtypes)))


@given(tensors(dims=(2, 4)), st.data())
def test_a_permutation_is_named(x: Tensor, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(x.ndim)).filter(lambda order: order != sorted(order)))
    found = diagnosis_of(x.permute(order), x)
    assert found is not None
    assert re.search(REORDERED, found.sentence)


@given(tensors(sizes=(3, 6)), st.data())
def test_a_roll_is_named_with_its_shift(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(0, x.ndim - 1))
    shift = data.draw(st.integers(1, x.shape[dim] - 1))
    found = diagnosis_of(x.roll(shift, dim), x)
    assert found is not None
    match = re.search(r"rolled by (-?\d+)", found.sentence)
    assert match
    assert torch.equal(x.roll(int(match[1]), dim), x.roll(shift, dim))


@given(tensors(sizes=(3, 6)), st.data())
def test_a_reversal_is_named(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(0, x.ndim - 1))
    found = diagnosis_of(x.flip(dim), x)
    assert found is not None
    assert re.search(r"reversed|sorted in the opposite order", found.sentence)


# Nearer to 1, a factor is hardly more than the rounding of a narrow dtype.
@given(tensors(), st.floats(0.01, 100).filter(lambda factor: abs(factor - 1) > 0.1))
def test_a_factor_is_named(x: Tensor, factor: float) -> None:
    found = diagnosis_of(x * factor, x)
    assert found is not None
    assert found.kind == "scaled"


# An amount that nearly cancels a number leaves hardly any digits in the narrow dtypes, nor does a far larger one.
@given(tensors(dtypes=WIDE), st.floats(0.5, 9))
def test_an_amount_is_named(x: Tensor, amount: float) -> None:
    assume(float(x.abs().min()) > 0.01 * amount)
    found = diagnosis_of(x + amount, x)
    assert found is not None
    assert found.kind == "shifted"


@pytest.mark.parametrize("function", [torch.neg, torch.exp, torch.square, torch.reciprocal], ids=lambda f: f.__name__)
@given(x=tensors())
def test_a_missing_function_is_named(function: Callable[[Tensor], Tensor], x: Tensor) -> None:
    found = diagnosis_of(x, function(x))
    assert found is not None
    assert re.search(ELEMENTWISE, found.sentence)


@pytest.mark.parametrize("name", ["sum", "mean", "amax", "prod", "std", "argmin", "softmax", "cumsum", "logsumexp"])
@given(x=tensors(dims=(2, 4), sizes=(3, 6)), data=st.data())
def test_the_wrong_dimension_is_named(name: str, x: Tensor, data: st.DataObject) -> None:
    right, wrong = data.draw(st.permutations(range(x.ndim)))[:2]
    expected, got = getattr(x, name)(right), getattr(x, name)(wrong)
    # A constant is no evidence.
    if any(side.unique().numel() == 1 for side in (got, expected)):
        return
    if got.shape == expected.shape and torch.equal(got, expected):
        return
    found = diagnosis_of(got, expected, x=x)
    if found is None and x.dtype not in WIDE:
        # Sums that nearly cancel have lost their digits.
        return
    assert found is not None
    assert "`x`" in found.sentence
    assert re.search(r"(along|over) (all dimensions|the wrong dimension|dimension \d)", found.sentence)


@given(tensors(sizes=(3, 6)), st.data())
def test_one_wrong_entry_is_found(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(0, x.ndim - 1))
    index = data.draw(st.integers(0, x.shape[dim] - 1))
    got = x.clone()
    got.select(dim, index).add_(torch.rand_like(got.select(dim, index)) + 0.5)
    found = diagnosis_of(got, x)
    assert found is not None
    assert re.search(rf"only.*\b{index}\b", found.sentence, re.IGNORECASE)


@settings(max_examples=200)
@given(tensors(sizes=(3, 6), dtypes=WIDE), st.integers(0, 2**31))
def test_noise_gets_no_diagnosis(x: Tensor, seed: int) -> None:
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed), dtype=x.dtype) + 0.123
    assert diagnosis_of(noise, x.sin(), x=x) is None


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=6), st.lists(st.integers(-3, 3), min_size=1, max_size=6))
def test_small_integers_are_explained_only_by_what_holds(got: list[int], expected: list[int]) -> None:
    if got == expected:
        return
    found = diagnosis_of(torch.tensor(got), torch.tensor(expected))
    if found is None:
        return
    if found.kind == "sign":
        assert got == [-number for number in expected]
    if found.kind == "reversed" and "do not show" not in found.sentence:
        assert got == expected[::-1]
    if found.kind == "reordered":
        assert sorted(got) == sorted(expected)


def test_a_symmetric_matrix_has_no_transpose() -> None:
    x = torch.randn(3, 3)
    symmetric = x + x.T
    found = diagnosis_of(symmetric.sin() * torch.rand(3, 3), symmetric)
    assert found is None or "transposed" not in found.sentence


LARGE = torch.randn(300, 400, generator=torch.Generator().manual_seed(0))
"""More elements than one block of a comparison."""

Map = Callable[[Tensor], Tensor]

LARGE_MISTAKES: dict[str, tuple[Map, Map]] = {
    "over dimension 0 instead of 1": (lambda x: x.softmax(0), lambda x: x.softmax(1)),
    "softmax of `x` was taken over all": (lambda x: x.flatten().softmax(0).view(300, 400), lambda x: x.softmax(1)),
    "standardised along": (
        lambda x: (x - x.mean(0)) / x.std(0),
        lambda x: (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True),
    ),
    "sorted along dimension 0": (lambda x: x.sort(0).values, lambda x: x.sort(1).values),
    "ranked by": (lambda x: x.argsort(0), lambda x: x.argsort(1)),
    "reversed along dimension 0": (lambda x: x.flip(0), lambda x: x.flip(1)),
    "rolled by 1 along dimension 1": (lambda x: x.roll(1, 1), lambda x: x.roll(1, 0)),
    "transposed": (lambda x: x.T.sin(), lambda x: x.sin()),
    "factor of 2": (lambda x: x.sin() * 2, lambda x: x.sin()),
    "in the wrong order": (lambda x: x.flatten()[torch.randperm(120_000)].view(300, 400).sin(), lambda x: x.sin()),
    "lost digits": (lambda x: x.sin().half().float(), lambda x: x.sin()),
    "cut off": (lambda x: (x * 9).trunc(), lambda x: x * 9),
    "off by one, always": (lambda x: (x * 99).trunc().long(), lambda x: (x * 99).floor().long()),
    "NaN at 1 of": (
        lambda x: x.sin().index_put((torch.tensor(299), torch.tensor(399)), torch.tensor(torch.nan)),
        lambda x: x.sin(),
    ),
    "only the element at index (299, 399)": (
        lambda x: x.sin().index_put((torch.tensor(299), torch.tensor(399)), torch.tensor(5.0)),
        lambda x: x.sin(),
    ),
}


@pytest.mark.parametrize("sentence", LARGE_MISTAKES)
def test_mistakes_in_large_tensors_are_named_as_in_small_ones(sentence: str) -> None:
    mistake, right = LARGE_MISTAKES[sentence]
    found = diagnosis_of(mistake(LARGE), right(LARGE), x=LARGE)
    assert found is not None and sentence.lower() in found.sentence.lower()


@pytest.mark.parametrize("mistake", [lambda x: x * 2, lambda x: x.roll(3, 1), lambda x: x.flip(0), lambda x: x.exp()])
def test_one_different_element_of_a_large_tensor_refutes_an_explanation(mistake: Callable[[Tensor], Tensor]) -> None:
    got = mistake(LARGE.sin())
    got[150, 200] += 1
    assert diagnosis_of(got, LARGE.sin(), x=LARGE) is None


def test_very_large_tensors_are_not_searched() -> None:
    got = torch.zeros(1).expand(5_000_000)
    assert diagnosis_of(got, got + 1) is None


def test_a_sentence_contains_no_expected_value() -> None:
    finding = judged(torch.tensor([0.7071, 31337.25]), torch.tensor([1.4142, 62674.5]))
    assert finding.diagnosis is not None
    for number in ("1.414", "62674", "31337", "0.707"):
        assert number not in finding.diagnosis


def test_unreadable_given_values_do_not_prevent_a_finding() -> None:
    comparison = Comparison(observed(torch.ones(2, 3).T), Observation(0, encode(torch.ones(2, 3))), given=b"noise")
    (finding,) = unpack_findings(judge(pack_comparisons([comparison])))
    assert finding.error is None
    assert not finding.agrees
