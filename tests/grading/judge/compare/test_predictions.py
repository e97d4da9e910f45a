"""Predictions compared with values and exceptions."""

from __future__ import annotations

import enum
import math
import pickle
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from quizapp.grading.cards.prediction import parse
from quizapp.grading.cards.typed_literals import MAX_DEPTH
from quizapp.sandbox.values.encoder import CapturedText
from tests.grading.judge.helpers import mismatch_of, predicted, raised

pytestmark = pytest.mark.torch

T = torch.tensor
Point = namedtuple("Point", "x y")
Colour = enum.Enum("Colour", "RED GREEN")

RIGHT = [
    ("(2, 3)", torch.Size([2, 3])),
    ("[2, 3]", torch.Size([2, 3])),
    ("2, 3", torch.Size([2, 3])),
    ("torch.Size([2, 3])", torch.Size([2, 3])),
    ("Size((2, 3))", torch.Size([2, 3])),
    ("torch.Size([])", torch.Size([])),
    ("()", torch.Size([])),
    ("(2, 3)", (2, 3)),
    ("torch.Size([2, 3])", (2, 3)),
    ("[2, 3]", [2, 3]),
    ("torch.float32", torch.float32),
    ("float32", torch.float32),
    ("torch.float", torch.float32),
    ("long", torch.int64),
    ("bool", torch.bool),
    ("cpu", torch.device("cpu")),
    ("'cpu'", torch.device("cpu")),
    ("device(type='cpu')", torch.device("cpu")),
    ("[[1, 2], [3, 4]]", T([[1, 2], [3, 4]])),
    ("tensor([[1, 2], [3, 4]])", T([[1, 2], [3, 4]])),
    ("torch.tensor([1, 2])", T([1.0, 2.0])),
    ("[1., 2.]", T([1.0, 2.0])),
    ("tensor([1., nan, -inf])", T([1.0, math.nan, -math.inf])),
    ("tensor([0.3333, 0.6667])", T([1 / 3, 2 / 3])),
    ("tensor([3.3333e-05])", T([1 / 30000])),
    ("[True, False]", T([True, False])),
    ("3", T(3)),
    ("tensor(3.)", T(3.0)),
    ("tensor([])", torch.empty(0)),
    ("tensor([1, 2], dtype=torch.int32)", T([1, 2], dtype=torch.int32)),
    ("[1+2j]", T([1 + 2j])),
    ("array([1, 2])", np.array([1, 2])),
    ("[1, 2]", np.array([1, 2])),
    ("5", 5),
    ("-5", -5),
    ("2.0", 2.0),
    ("2.", 2.0),
    ("0.3333", 1 / 3),
    ("nan", math.nan),
    ("float('inf')", math.inf),
    ("True", True),
    ("None", None),
    ("1+2j", 1 + 2j),
    ("b'a'", b"a"),
    ("2.5", np.float32(2.5)),
    ("np.float32(2.5)", np.float32(2.5)),
    ("3", np.int64(3)),
    ("hello", "hello"),
    ("'hello'", "hello"),
    ("hello  \nworld\n\n", "hello\nworld\n"),
    ("3", "3"),
    ("'''a\nb'''", "a\nb"),
    ("tensor([1, 2])", "tensor([1, 2])\n"),
    ("it's", "it's"),
    ("", ""),
    ("(1, 'a', None)", (1, "a", None)),
    ("{'a': 1, 'b': [2.0]}", {"b": [2.0], "a": 1}),
    ("OrderedDict({'a': 1})", OrderedDict(a=1)),
    ("OrderedDict([('a', 1)])", OrderedDict(a=1)),
    ("{'a': [1, 2]}", {"a": T([1, 2])}),
    ("{1, 2}", {2, 1}),
    ("set()", set()),
    ("frozenset({1})", frozenset({1})),
    ("Point(x=1, y=2)", Point(1, 2)),
    ("(1, 2)", Point(1, 2)),
    ("(tensor(2.), tensor(1))", T([1.0, 2.0]).max(dim=0)),
    ("slice(1, None)", slice(1, None)),
    ("range(3)", range(3)),
    ("Linear", nn.Linear),
    ("torch.nn.modules.linear.Linear", nn.Linear),
    ("RED", Colour.RED),
    ("Colour.RED", Colour.RED),
    ("ValueError", ValueError("x")),
    ("ValueError", raised(ValueError("x"))),
    ("ValueError()", raised(ValueError("x"))),
    ("`ValueError`", raised(ValueError("x"))),
    ("builtins.ValueError", raised(ValueError("x"))),
    ("ValueError: bad thing", raised(ValueError("x"))),
    ("Traceback (most recent call last):\n  File …\nRuntimeError: bad", raised(RuntimeError("x"))),
]

WRONG = [
    ("(3, 2)", torch.Size([2, 3])),
    ("(2, 3, 1)", torch.Size([2, 3])),
    ("float64", torch.float32),
    ("'float32'", torch.int64),
    ("cuda", torch.device("cpu")),
    ("[1, 2, 3]", T([1, 2])),
    ("[[1, 2]]", T([1, 2])),
    ("[1., 2.]", T([1, 2])),
    ("[257, -2]", T([1, 254], dtype=torch.uint8)),
    ("tensor([257, -2])", T([1, 254], dtype=torch.uint8)),
    ("[1, 0]", T([True, False])),
    ("[True]", T([1])),
    ("tensor([1, 2], dtype=torch.int32)", T([1, 2])),
    ("tensor([1, 2], dtype=torch.nonsense)", T([1, 2])),
    ("[0.33]", T([1 / 3])),
    ("[0.3334]", T([1 / 3])),
    ("[[1], [2, 3]]", T([1, 2])),
    ("['a']", T([1])),
    ("tensor()", T([1])),
    ("1", True),
    ("True", 1),
    ("0.33", 1 / 3),
    ("'5'", 5),
    ("Hello", "hello"),
    (" hello", "hello"),
    ("a\n\nb", "a\nb"),
    ("None", 0),
    ("", 0),
    ("{}", set()),
    ("{'a': 1}", {"a": 1, "b": 2}),
    ("{'a': 1, 'a': 2, 'c': 3}", {"a": 1}),
    ("Conv2d", nn.Linear),
    ("GREEN", Colour.RED),
    ("Exception", raised(ValueError("x"))),
    ("Error", raised(ValueError("x"))),
    ("", raised(ValueError("x"))),
    ("3", raised(ValueError("x"))),
    ("ValueError", 3),
    ("range(4)", range(3)),
    ("slice(1)", range(3)),
    ("lambda: 3", 3),
    ("1 + 1", 2),
    ("[i for i in (1, 2)]", [1, 2]),
    ("__import__('os')", 0),
]


BY_VALUE = [
    ("6", [6]),
    ("6", (6,)),
    ("6", torch.Size([6])),
    ("[(), 4]", [(), (4,)]),
    ("a", ["a"]),
    ("(1, 2)", [1, 2]),
    ("['a']", ("a",)),
    ("(2., 3.)", torch.Size([2, 3])),
    ("2", 2.0),
    ("2.0", 2),
    ("np.float64(2.5)", 2.5),
    ("3.0", np.int64(3)),
]
"""Predictions that agree, except where exactly the expected type is wanted."""

PRINTED = [
    ("tensor([[1., 2.], [3., 4.]])", "tensor([[1., 2.],\n        [3., 4.]])\n"),
    ("tensor([[1.0, 2.0],[3.0, 4.0]])", "tensor([[1., 2.],\n        [3., 4.]])\n"),
    ("tensor([0.5, 0.75])", "tensor([0.5000, 0.7500])\n"),
    ("tensor([[ 1, 20], [-3, 4]])", "tensor([[ 1, 20],\n        [-3,  4]])\n"),
    ("[[1 2]\n [3 4]]", "[[1 2]\n [3 4]]\n"),
    ("8x16", "torch.Size([8, 16])\n"),
    ("(8, 16)", "torch.Size([8, 16])\n"),
    ("torch.Size((8,16))", "torch.Size([8, 16])\n"),
    ("Linear(in_features=3,out_features=2)", "Linear(in_features=3, out_features=2)\n"),
    ("Net(\n (fc): Linear(3, 2)\n)", "Net(\n  (fc): Linear(3, 2)\n)\n"),
    ("it's 'a'", 'it\'s "a"\n'),
    ("<object at 0x2>", "<object at 0x7f12>\n"),
    ("a\n\nb", "a\n\nb\n\n"),
    ("C:\\new", "C:\\new\n"),
]

NOT_PRINTED = [
    ("tensor([1, 2])", "tensor([1., 2.])\n"),
    ("tensor([1.5, 2.])", "tensor([1.5001, 2.0000])\n"),
    ("0.5", "0.50\n"),
    ("tensor(1.) 0.5", "tensor(1.) 0.50\n"),
    ("6", "6.0\n"),
    ("3-2", "3 -2\n"),
    ("['a b']", "['a  b']\n"),
    ("[a]", "['a']\n"),
    ("a b", "a\nb\n"),
    ("(\na\nb", "( a b\n"),
    ("a\nb", "a\n\nb\n"),
    ("8x17", "torch.Size([8, 16])\n"),
    ("8x16", "(8, 16)\n"),
    ("C:\new", "C:\\new\n"),
    ("True", "true\n"),
]


@pytest.mark.parametrize(("text", "expected"), BY_VALUE, ids=lambda value: f"{value!r:.30}")
def test_a_prediction_agrees_by_value_unless_its_check_is_strict(text: str, expected: object) -> None:
    assert predicted(text, expected).agrees
    strict = predicted(text, expected, strict=True)
    assert not strict.agrees and not strict.is_unreadable


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_printed_text_is_compared_by_tokens(text: str, printed: str) -> None:
    assert predicted(text, CapturedText(printed)).agrees


@pytest.mark.parametrize(("text", "printed"), NOT_PRINTED)
def test_printed_text_with_other_tokens_is_wrong(text: str, printed: str) -> None:
    finding = predicted(text, CapturedText(printed))
    assert not finding.agrees and not finding.is_unreadable


@pytest.mark.parametrize("text", ["a  b", "A b", "a, b", "['x','y']"])
def test_other_text_is_compared_exactly(text: str) -> None:
    assert not predicted(text, "a b").agrees
    assert not predicted(text, "['x', 'y']").agrees


def test_a_number_with_separators_is_an_int() -> None:
    for text in ("1,000,000", "1_000_000", "1，000，000", "1000000"):
        assert predicted(text, 1_000_000).agrees
    for text in ("1,000,00", "1.000.000", "1,000,000,000"):
        assert not predicted(text, 1_000_000).agrees
    assert predicted("1,000", (1, 0)).agrees


def test_full_width_text_must_be_typed_where_it_is_expected() -> None:
    assert predicted("（8）", "（8）").agrees
    assert not predicted("(8)", "（8）").agrees
    assert predicted("['，']", ["，"]).agrees


@pytest.mark.parametrize("expected", [torch.Size([2]), 3, T([1.0]), None, raised(ValueError("x")), [1], {"a": 1}])
def test_what_is_no_value_is_asked_again_with_the_same_words_for_every_kind(expected: object) -> None:
    found = {text: predicted(text, expected) for text in ("(2, 3", "'a", "1 + 1", "two words", "", "tensor([1, 2")}
    assert all(finding.is_unreadable for finding in found.values())
    assert [finding.summary for finding in found.values()] == [predicted(text, torch.float32).summary for text in found]
    assert "`(4, 5)`" in found["(2, 3"].summary and "`tensor([1, 2])`" in found["tensor([1, 2"].summary


def test_any_text_but_the_empty_one_is_an_answer_where_text_is_expected() -> None:
    assert not predicted("(2, 3", "hello").is_unreadable
    assert predicted("  ", "hello").is_unreadable
    assert predicted("", "").agrees


@pytest.mark.parametrize(("text", "expected"), RIGHT, ids=lambda value: f"{value!r:.30}")
def test_this_prediction_agrees(text: str, expected: object) -> None:
    finding = predicted(text, expected)
    assert finding.error is None
    assert finding.agrees, finding.summary


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=lambda value: f"{value!r:.30}")
def test_this_prediction_is_wrong(text: str, expected: object) -> None:
    finding = predicted(text, expected)
    assert finding.error is None
    assert not finding.agrees
    assert finding.summary


def test_a_wrong_prediction_has_a_mask_and_no_expected_values() -> None:
    finding = predicted("[[1, 2], [3, 5]]", T([[1, 2], [3, 4]]))
    assert (mismatch_of(finding).differing, mismatch_of(finding).mask) == (1, ((False, False), (False, True)))
    assert finding.got is not None
    assert finding.got.text == "[[1, 2], [3, 5]]"
    assert finding.expected is None
    mismatch = mismatch_of(finding)
    assert (mismatch.places, mismatch.largest_absolute, mismatch.largest_relative) == ((), None, None)


def test_a_list_may_be_typed_without_brackets() -> None:
    assert predicted("3, 3, 1", [3, 3, 1]).agrees
    assert predicted("(3,), (4,), ()", [(3,), (4,), ()]).agrees
    assert predicted("1.5, 2", (1.5, 2)).agrees
    assert predicted("1, 2  # two", [1, 2]).agrees
    assert predicted("3, 3, 1", [3, 3, 1], strict=True).agrees
    assert "instead of a list" not in predicted("3, 3, 2", [3, 3, 1]).summary


def test_an_exception_may_be_typed_with_the_module_it_is_imported_from() -> None:
    assert predicted("pickle.UnpicklingError", raised(pickle.UnpicklingError("x"))).agrees
    assert predicted("Net", raised(TypeError("x"))).summary == "an exception is raised"
    assert "not of the class" in predicted("ValueError", raised(TypeError("x"))).summary
    assert "case-sensitive" in predicted("typeerror", raised(TypeError("x"))).summary


def test_a_tensor_is_not_a_number() -> None:
    finding = predicted("tensor(12.)", 12.0)
    assert not finding.agrees and "tensor" in finding.summary


@pytest.mark.parametrize(
    "text",
    [
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "[" * 60_000,
        "-" * 60_000 + "1",
        "1+" * 20_000 + "1",
        "1" * 30_000 + "a",
        "1" * 30_000 + "." + "0" * 30_000 + "1",
        "'" * 60_001,
        "\\'" * 30_000,
        "1x" * 30_000,
        "1 " * 2_000,
        " " * 60_000,
        "x" + ".a" * 20_000,
        "9" * 60_000,
        "1e999999999",
        "0.0000" + "0" * 50_000 + "1",
        "1.00001e-99999999999999999999",
        "\x00",
        "\ud800",
        "'\\d'",
        "{**{}}",
        "f(*x)",
        "f(**x)",
        "a" * 10**6,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_hostile_text_is_only_wrong(text: str) -> None:
    for expected in (T([1.0]), 3, {"a": 1}, (1,), torch.float32, raised(ValueError("x"))):
        assert not predicted(text, expected).agrees


@given(st.text(alphabet="[](){}'\",:=.-+ \n01eabtensor_jNTrue", max_size=60))
def test_any_text_can_be_compared(text: str) -> None:
    parse(text)
    for expected in (T([1.0]), np.float32(1), {"a": T([1])}, slice(1), nn.Linear, {1}):
        finding = predicted(text, expected)
        assert finding.error is None
        assert "cannot be compared" not in finding.summary
