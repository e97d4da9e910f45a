"""When two values agree: types, dtypes, tolerances and ignored aspects, through the judge's encoded protocol."""

from __future__ import annotations

import enum
import math
import warnings
from collections import OrderedDict, namedtuple
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from quizapp.decks.card import Equals
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge.compare.tensors import tensor_mismatch
from quizapp.grading.judge_protocol import Comparison
from quizapp.sandbox.protocol import Observation
from quizapp.sandbox.values.encoder import CapturedText
from tests.grading.judge.helpers import agree, ask, judged, mismatch_of, observed, raised

Point = namedtuple("Point", "x y")
Colour = enum.Enum("Colour", "RED GREEN")
NAN, INF = math.nan, math.inf
T = torch.tensor


def sparse(values: list[list[float]], layout: torch.layout = torch.sparse_coo) -> torch.Tensor:
    with layout_warnings_ignored():
        return T(values).to_sparse(layout=layout)


def quantised(values: list[float], scale: float = 0.1) -> torch.Tensor:
    with layout_warnings_ignored():
        return torch.quantize_per_tensor(T(values), scale, 0, torch.quint8)


def nested(*rows: list[float]) -> torch.Tensor:
    with layout_warnings_ignored():
        return torch.nested.nested_tensor([T(row) for row in rows])


@contextmanager
def layout_warnings_ignored() -> Iterator[None]:
    """Ignore torch's warnings about prototype and deprecated layouts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


NUMBERS_BY_VALUE: list[tuple[object, object]] = [
    (1, 1.0),
    (1.0, 1),
    (3.0000002384185791, 3),
    (np.float32(1), 1.0),
    (np.float64(1), 1.0),
    (1.0, np.float64(1)),
    (np.float32(0.1), 0.1),
    (0.1, np.float32(0.1)),
    (np.float32(0.1), np.float64(0.1)),
    (np.int64(2), 2),
    (2, np.int32(2)),
    (np.uint8(2), 2.0),
    (np.bool_(True), True),
    (False, np.bool_(False)),
    (np.complex64(1 + 2j), 1 + 2j),
    ([1, 2], (1, 2)),
    ((1.0, np.float32(2)), [1, 2]),
    ([2, 3], torch.Size([2, 3])),
    ([(1, 2), (3, 4)], [[1, 2], [3, 4]]),
    ({1: "a"}, {1.0: "a"}),
    ({"n": np.int64(3)}, {"n": 3}),
    ({1, 2}, {1.0, 2}),
]
"""Pairs that agree by value; each differs in a type that `strict` distinguishes."""

AGREEING = [
    (T([1.0, 2.0]), T([1.0, 2.0 + 1e-6])),
    (nn.Parameter(T([1.0])), T([1.0])),
    (T([1.0], requires_grad=True), T([1.0])),
    (torch.ones(2, 3).T, torch.ones(3, 2)),
    (T([NAN, INF, -INF]), T([NAN, INF, -INF])),
    (T([complex(NAN, 1)]), T([complex(NAN, 1)])),
    (torch.ones(2, dtype=torch.float8_e4m3fn), torch.ones(2, dtype=torch.float8_e4m3fn)),
    (T([1.0, 2.0], dtype=torch.float16), T([1.0, 2.001], dtype=torch.float16)),
    (torch.empty(0, 3), torch.empty(0, 3)),
    (T(2**63 - 1), T(2**63 - 1)),
    (sparse([[0.0, 1.0]]), sparse([[0.0, 1.0]])),
    (quantised([0.1, 0.2]), quantised([0.1, 0.2])),
    (nested([1.0], [1.0, 2.0]), nested([1.0], [1.0, 2.0])),
    (torch.empty(2, 3, device="meta"), torch.empty(2, 3, device="meta")),
    (np.array([1.0, NAN]), np.array([1.0, NAN])),
    (np.array(["a", "bb"]), np.array(["a", "bb"])),
    (np.array(["2020-01-01", "NaT"], dtype="M8[D]"), np.array(["2020-01-01", "NaT"], dtype="M8[D]")),
    (np.array([1, "a", None], dtype=object), np.array([1, "a", None], dtype=object)),
    (pd.DataFrame({"a": [1, 2], "b": ["x", None]}), pd.DataFrame({"a": [1, 2], "b": ["x", None]})),
    (pd.Series([1.0, NAN], index=["p", "q"]), pd.Series([1.0, NAN], index=["p", "q"])),
    (pd.Index(["p", "q"]), pd.Index(["p", "q"])),
    (0.1 + 0.2, 0.3),
    (NAN, NAN),
    (2**300, 2**300),
    (complex(1, 2), complex(1, 2)),
    ("text", "text"),
    (b"\x00", b"\x00"),
    (None, None),
    (Colour.RED, Colour.RED),
    (np.float32(0.1), np.float32(0.1)),
    (torch.float32, torch.float32),
    (torch.device("cpu"), torch.device("cpu")),
    (slice(1, None, 2), slice(1, None, 2)),
    (range(3), range(0, 3, 1)),
    ([1, [2.0, "x"]], [1, [2.0, "x"]]),
    (torch.Size([2, 3]), torch.Size([2, 3])),
    (torch.Size([2, 3]), (2, 3)),
    ((2, 3), torch.Size([2, 3])),
    (Point(1, 2), (1, 2)),
    (torch.ones(2).max(dim=0), (T(1.0), T(0))),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (OrderedDict(a=1, b=2), {"b": 2, "a": 1}),
    ({1, 2.0, "x"}, {"x", 2.0, 1}),
    ({0.1 + 0.2}, {0.3}),
    (frozenset({1}), frozenset({1})),
    (nn.Linear, nn.Linear),
    (torch.softmax, torch.softmax),
    (torch.nn, torch.nn),
    (ValueError("mine"), ValueError("theirs")),
    (UnicodeError(), ValueError()),
    ({"w": T([1.0]), "n": (1, None)}, {"n": (1, None), "w": T([1.0])}),
    *NUMBERS_BY_VALUE,
]

DIFFERING = [
    (torch.ones(1), torch.ones(3)),
    (torch.ones(3, 1), torch.ones(3)),
    (T(1.0), T([1.0])),
    (torch.ones(2, dtype=torch.float64), torch.ones(2)),
    (torch.ones(2, dtype=torch.int64), torch.ones(2, dtype=torch.bool)),
    (T([1.0, 2.0]), T([1.0, 2.0 + 1e-4])),
    (T([NAN, 1.0]), T([1.0, NAN])),
    (T([INF]), T([-INF])),
    (T([INF]), T([NAN])),
    (T([complex(NAN, 1)]), T([complex(1, NAN)])),
    (T([complex(INF, 1)]), T([complex(INF, 2)])),
    (T(2**53), T(2**53 + 1)),
    (T([2**63 - 1]), T([2**63 - 2])),
    (torch.empty(0, 3), torch.empty(3, 0)),
    (torch.empty(2, device="meta"), torch.zeros(2)),
    (sparse([[0.0, 1.0]]), T([[0.0, 1.0]])),
    (sparse([[0.0, 1.0]]), sparse([[0.0, 1.0]], torch.sparse_csr)),
    (sparse([[0.0, 1.0]]), sparse([[0.0, 2.0]])),
    (quantised([0.1, 0.2]), T([0.1, 0.2])),
    (quantised([0.1, 0.2]), quantised([0.1, 0.4])),
    (nested([1.0], [1.0, 2.0]), nested([1.0, 2.0], [1.0])),
    ([1.0, 2.0], T([1.0, 2.0])),
    (2.0, T(2.0)),
    (np.ones(2), torch.ones(2, dtype=torch.float64)),
    (np.ones(2, dtype="f4"), np.ones(2)),
    (np.ones((1, 2)), np.ones(2)),
    (np.array(["a"]), np.array(["b"])),
    (np.array([1, "a"], dtype=object), np.array([True, "a"], dtype=object)),
    (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"b": [2], "a": [1]})),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]})),
    (pd.DataFrame({"a": [1]}, index=[1]), pd.DataFrame({"a": [1]})),
    (pd.Series([1, 2]), pd.Series([2, 1])),
    (pd.Series([1, 2]), pd.DataFrame({"a": [1, 2]})),
    (True, 1),
    (1, True),
    (2**53 + 1, 2**53),
    (1_000_001.0, 1_000_000),
    (1_000_000, 1_000_001),
    (3.01, 3),
    (np.float32(1), torch.ones(())),
    (np.float64(1), np.ones(())),
    (np.bool_(True), 1),
    (1, np.bool_(True)),
    (0, None),
    (1 + 0j, 1),
    (np.datetime64("2020-01-01"), np.datetime64("2020-01-02")),
    ("1", 1),
    ("text", "text "),
    (b"a", "a"),
    (None, False),
    (Colour.RED, Colour.GREEN),
    (torch.float32, torch.float64),
    (torch.float32, np.dtype("float32")),
    (torch.device("cpu"), "cpu"),
    (slice(1), slice(2)),
    (range(3), range(4)),
    ([1, 3], (1, 2)),
    ([2, 3], torch.Size([2, 4])),
    ([1, 2], T([1, 2])),
    ({1, 2}, (1, 2)),
    ([1, 2], [2, 1]),
    ([1], [1, 2]),
    ((True, 3), torch.Size([1, 3])),
    ({1: "a"}, {True: "a"}),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({1, 2}, {1, 3}),
    ({1}, frozenset({1})),
    (nn.Linear, nn.Conv2d),
    (torch.softmax, torch.relu),
    (ValueError("mine"), TypeError("theirs")),
    (ValueError(), UnicodeError()),
]


@pytest.mark.parametrize(("got", "expected"), AGREEING, ids=lambda value: type(value).__name__)
def test_values_agree(got: object, expected: object) -> None:
    assert agree(got, expected)


@pytest.mark.parametrize(("got", "expected"), DIFFERING, ids=lambda value: type(value).__name__)
def test_values_differ(got: object, expected: object) -> None:
    finding = judged(got, expected)
    assert not finding.agrees
    assert finding.summary
    assert finding.got is not None
    assert finding.expected is not None


@pytest.mark.parametrize(("got", "expected"), NUMBERS_BY_VALUE, ids=lambda value: type(value).__name__)
def test_a_strict_check_compares_types_too(got: object, expected: object) -> None:
    finding = judged(got, expected, strict=True)
    assert not finding.agrees
    assert mismatch_of(finding).aspect in ("type", "keys", "value")
    assert agree(got, got, strict=True)
    assert agree(expected, expected, strict=True)


@pytest.mark.parametrize("got", [(2, 3), torch.Size([2, 3]), Point(2, 3)])
def test_a_strict_shape_may_be_any_tuple(got: object) -> None:
    assert agree(got, torch.Size([2, 3]), strict=True)
    assert not agree([2, 3], torch.Size([2, 3]), strict=True)


@pytest.mark.parametrize(
    ("got", "expected", "agrees"),
    [("cuda", "cuda:0", True), ("cuda:0", "cuda", True), ("cuda:1", "cuda", False), ("cuda", "cpu", False)],
)
def test_a_device_without_an_index_is_the_current_one(got: str, expected: str, agrees: bool) -> None:
    assert agree(torch.device(got), torch.device(expected)) is agrees


def test_masked_arrays_are_compared_where_they_are_not_masked() -> None:
    array, mask = np.array([1.0, NAN, 3.0]), [False, True, False]
    expected = np.ma.array(array, mask=mask)
    assert agree(np.ma.array([1.0, 7.0, 3.0], mask=mask), expected)
    assert not agree(np.ma.array([1.0, 7.0, 4.0], mask=mask), expected)
    assert not agree(np.ma.array(array, mask=[True, False, False]), expected)
    assert not agree(array, expected)
    assert not agree(expected, array)
    assert not agree(np.ma.array(array), expected)
    assert agree(np.ma.array(array), np.ma.array(array))


def test_a_value_does_not_bring_its_own_comparison() -> None:
    # Captured text is compared without addresses, float16 loosely: only the expected value may ask for that.
    assert not agree(CapturedText("0x0"), "0x7f")
    assert not agree(np.float16(0.12345), 0.12345)
    assert not agree(np.float16(0.12345), np.float64(0.12345))
    assert not agree(T([1.0005], dtype=torch.float16), T([1.0]), ignore=frozenset({"dtype"}))
    assert agree(T([0.1], dtype=torch.float32), T([0.1], dtype=torch.float64), ignore=frozenset({"dtype"}))


@pytest.mark.parametrize("value", [side for pair in AGREEING + DIFFERING for side in pair])
def test_every_value_agrees_with_itself_under_any_options(value: object) -> None:
    # The grader skips the judge if both sides have the same bytes.
    assert agree(value, value)
    assert agree(value, value, rtol=0.0, atol=0.0)
    assert agree(value, value, ignore=frozenset({"order", "type", "device", "dtype"}))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64])
@pytest.mark.parametrize("step", [0.3, 0.9, 1.1, 3.0])
def test_tolerance_is_that_of_assert_close(dtype: torch.dtype, step: float) -> None:
    expected = T([1.0, 100.0, -3.0], dtype=dtype)
    rtol, atol = torch.testing._comparison.default_tolerances(expected)
    got = expected + step * (atol + rtol * expected.abs()).to(dtype)
    try:
        torch.testing.assert_close(got, expected)
        close = True
    except AssertionError:
        close = False
    assert agree(got, expected) is close


def test_a_check_can_widen_its_tolerance() -> None:
    assert agree(T([1.01]), T([1.0]), rtol=0.1)
    assert agree(1.5, 1.0, atol=1.0)
    assert not agree(T([1]), T([2]), atol=10.0)


def test_a_check_that_ignores_the_device_still_compares_values() -> None:
    elsewhere = {"device": "cuda:0"}, {"device": "cpu"}
    assert tensor_mismatch(T([1.0]), T([1.0]), ComparisonOptions(ignore=frozenset({"device"})), elsewhere) is None
    assert tensor_mismatch(T([1.0]), T([1.0]), ComparisonOptions(), elsewhere) is not None
    assert not agree(torch.empty(2, device="meta"), torch.zeros(2), ignore=frozenset({"device"}))


@pytest.mark.parametrize(
    ("aspect", "got", "expected"),
    [
        ("dtype", torch.ones(2, dtype=torch.float64), torch.ones(2)),
        ("dtype", torch.ones(2, dtype=torch.int64), torch.ones(2)),
        ("dtype", T([2**63], dtype=torch.uint64), T([2**63], dtype=torch.uint64)),
        ("dtype", np.ones(2, dtype="f4"), np.ones(2)),
        ("dtype", pd.Series([1, 2]), pd.Series([1.0, 2.0])),
        ("type", 1, 1.0),
        ("type", True, 1),
        ("type", 2, np.int64(2)),
        ("type", [1, 2], (1, 2)),
        ("type", np.ones(2), torch.ones(2, dtype=torch.float64)),
        ("type", {1: 2}, {1.0: 2}),
        ("order", [3, 1, 2], [1, 2, 3]),
        ("order", [T([2.0]), T([1.0])], [T([1.0]), T([2.0])]),
        ("order", T([3.0, 1.0]), T([1.0, 3.0])),
        ("order", T([[3.0, 1.0], [0.0, 0.0]]), T([[0.0, 0.0], [3.0, 1.0]])),
        ("order", pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"b": [2], "a": [1]})),
        ("order", pd.Series([1, 2], index=["p", "q"]), pd.Series([2, 1], index=["q", "p"])),
    ],
)
def test_a_check_can_ignore_one_aspect(aspect: str, got: object, expected: object) -> None:
    assert agree(got, expected, ignore=frozenset({aspect}))


@pytest.mark.parametrize(
    ("aspect", "got", "expected"),
    [
        ("dtype", T([1, 2]), T([1.0, 3.0])),
        ("dtype", 1, True),
        ("dtype", T([2**63], dtype=torch.uint64), T([-(2**63)])),
        ("device", torch.ones(2, dtype=torch.float64), torch.ones(2)),
        ("type", 1.5, 1),
        ("type", torch.ones(2), np.ones(2)),
        ("type", [1, 2], T([1, 2])),
        ("type", "1", 1),
        ("order", [1, 1, 2], [1, 2, 2]),
        ("order", T([[1.0, 3.0]]), T([[3.0, 1.0]])),
    ],
)
def test_ignoring_one_aspect_does_not_ignore_another(aspect: str, got: object, expected: object) -> None:
    assert not agree(got, expected, ignore=frozenset({aspect}))


@pytest.mark.parametrize(
    ("got", "equals"),
    [
        (True, Equals(True)),
        ([1, "a", None, 2.5], Equals([1, "a", None, 2.5])),
        ((2, 3), Equals([2, 3])),
        (torch.Size([2, 3]), Equals([2, 3])),
        ({"a": [1]}, Equals({"a": [1]})),
        (T([[1, 2]]), Equals([[1, 2]], "tensor")),
        (T([1, 2], dtype=torch.int32), Equals([1, 2], "tensor", "int32")),
        (T([1, 2], dtype=torch.int32), Equals([1, 2], "tensor", "torch.int32")),
        (T([1.0, NAN]), Equals([1.0, NAN], "tensor")),
        (np.array([1, 2]), Equals([1, 2], "array")),
        (np.array([1, 2], dtype="f4"), Equals([1, 2], "array", "float32")),
    ],
)
def test_a_literal_replaces_the_reference(got: object, equals: Equals) -> None:
    assert agree(got, equals)


@pytest.mark.parametrize(
    ("got", "equals"),
    [
        (1, Equals(True)),
        (1, Equals(2.0)),
        ([2, 3], Equals([3, 2])),
        ({2, 3}, Equals([2, 3])),
        (T([1, 2]), Equals([1, 2])),
        (T([1, 2]), Equals([1, 2], "tensor", "int32")),
        (np.array([1, 2]), Equals([1, 2], "tensor")),
    ],
)
def test_a_literal_is_compared_strictly(got: object, equals: Equals) -> None:
    assert not agree(got, equals)


@pytest.mark.parametrize(
    "equals", [Equals([[1, 2], [3]], "tensor"), Equals([1], "tensor", "float33"), Equals(["a"], "tensor")]
)
def test_a_literal_that_is_not_a_tensor_is_an_error_of_the_deck(equals: Equals) -> None:
    finding = judged(T([1]), equals)
    assert not finding.agrees
    assert finding.error


class TestExceptions:
    def test_the_same_class_agrees(self) -> None:
        assert agree(raised(ValueError("mine")), raised(ValueError("theirs")))

    def test_a_subclass_agrees(self) -> None:
        assert agree(raised(KeyError("a")), raised(LookupError()))

    def test_a_base_class_does_not(self) -> None:
        finding = judged(raised(LookupError()), raised(KeyError("a")))
        assert finding.summary == "LookupError was raised, which is not KeyError"

    def test_a_class_of_the_same_name_in_another_module_does_not(self) -> None:
        class RuntimeError(Exception): ...

        assert not agree(raised(RuntimeError()), raised(_builtin_runtime_error()))

    def test_a_value_does_not_agree_with_an_exception(self) -> None:
        assert judged(3, raised(ValueError())).summary == "no exception was raised"

    def test_an_exception_does_not_agree_with_a_value(self) -> None:
        finding = judged(raised(ValueError("bad")), 3)
        assert (finding.agrees, finding.summary) == (False, "ValueError was raised: bad")


def _builtin_runtime_error() -> BaseException:
    return RuntimeError()


def test_printed_text_is_compared_without_trailing_blanks_and_addresses() -> None:
    got, expected = CapturedText("a  \n<f at 0x7f00>\n\n"), CapturedText("a\n<f at 0xdead>")
    assert agree(got, expected)
    assert agree(got, Equals("a\n<f at 0x1>"), see="stdout")
    assert not agree(CapturedText("a\nb"), CapturedText("a\n b"))


def test_integers_are_never_compared_through_floats() -> None:
    finding = judged(T([2**62 + 1, 5]), T([2**62, 5]))
    assert mismatch_of(finding).places[0].got == str(2**62 + 1)
    assert mismatch_of(finding).largest_absolute == 1.0


def test_both_sides_are_shown() -> None:
    expected = torch.arange(6.0).reshape(2, 3)
    got = expected.clone()
    got[1, 2] = 7
    got[0, 1] = NAN
    finding = judged(got, expected)
    assert (mismatch_of(finding).differing, mismatch_of(finding).total) == (2, 6)
    assert [place.index for place in mismatch_of(finding).places] == [(0, 1), (1, 2)]
    assert (mismatch_of(finding).places[1].expected, mismatch_of(finding).places[1].got) == ("5", "7")
    assert mismatch_of(finding).largest_absolute == 2.0
    assert mismatch_of(finding).largest_relative == pytest.approx(0.4)
    assert mismatch_of(finding).mask == ((False, True, False), (False, False, True))
    assert finding.got is not None
    assert finding.got.values == (0.0, "nan", 2.0, 3.0, 4.0, 7.0)
    assert (finding.got.shape, finding.got.dtype, finding.got.device) == ((2, 3), "float32", "cpu")
    assert finding.summary == "2 of 6 elements differ"


def test_the_summary_of_a_container_locates_its_first_difference() -> None:
    finding = judged([1, {"w": T([1.0, 2.0])}], [1, {"w": T([1.0, 3.0])}])
    assert finding.summary == "item 1: key `w`: 1 of 2 elements differ"
    assert mismatch_of(finding).places[0].index == (1, "w", 1)
    assert (mismatch_of(finding).differing, mismatch_of(finding).total) == (1, 3)


def test_the_rendered_sides_are_bounded() -> None:
    finding = judged(torch.zeros(1000, 1000), torch.ones(1000, 1000))
    assert (mismatch_of(finding).mask, len(mismatch_of(finding).places)) == (None, 8)
    assert mismatch_of(finding).differing == 10**6
    assert finding.got is not None
    assert (finding.got.values, len(finding.got.text) < 2001) == (None, True)


@pytest.mark.parametrize("shape", [(300, 400), (120_000,), (1, 120_000), (120_000, 1), (2, 300, 200)])
def test_the_last_element_of_a_large_tensor_is_compared_like_the_first(shape: tuple[int, ...]) -> None:
    expected = torch.arange(120_000.0).reshape(shape)
    for source in (expected, expected.transpose(0, -1).contiguous().transpose(0, -1)):
        got = source.clone()
        got[(-1,) * len(shape)] += 1
        finding = judged(got, expected)
        assert (mismatch_of(finding).differing, mismatch_of(finding).total) == (1, 120_000)
        assert mismatch_of(finding).places[0].index == tuple(size - 1 for size in shape)


def test_a_huge_sparse_tensor_is_not_made_dense() -> None:
    a, b = (
        torch.sparse_coo_tensor(T([[5], [column]]), T([1.0]), (10**9, 10**9), check_invariants=True)
        for column in (7, 8)
    )
    assert agree(a, a)
    assert not agree(a, b)


def test_a_summary_contains_no_expected_value() -> None:
    for got, expected in DIFFERING:
        finding = judged(got, expected)
        if isinstance(expected, str | int | float) and not isinstance(expected, bool) and len(str(expected)) > 2:
            assert str(expected) not in finding.summary


def test_a_reference_that_is_not_plain_data_is_an_error_of_the_deck() -> None:
    finding = ask(Comparison(observed(1), Observation(0, refused="a generator is no plain data")))
    assert (finding.agrees, finding.error) == (
        False,
        "a generator is no plain data: write an expression that gives plain data",
    )


def test_an_answer_that_is_not_plain_data_is_wrong() -> None:
    finding = ask(Comparison(Observation(0, refused="a generator is no plain data"), observed(1)))
    assert (finding.agrees, finding.error, finding.summary) == (False, None, "a generator is no plain data")
