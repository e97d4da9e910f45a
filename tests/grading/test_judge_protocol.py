"""Requests to the judge and its answers survive packing, and hostile ones are refused."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quizapp.decks.card import Equals
from quizapp.grading import codec
from quizapp.grading.codec import Malformed
from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import (
    Comparison,
    Difference,
    Finding,
    Mismatch,
    Side,
    pack_comparisons,
    pack_findings,
    unpack_comparisons,
    unpack_findings,
)
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.serialise import encode

pytestmark = pytest.mark.torch

COMPARISONS = [
    Comparison(Observation(0, b"abc"), equals=Equals({1: [2, {"a": None}], "b": "\ud800"}), given=b"x" * 1000),
    Comparison(
        Observation(1, raised=Raised("E", "m", ("b.E",), 3, 0, 2, "x", (("x", "float32 (3,)"),), "trace")),
        Observation(0, refused="a generator"),
        rtol="auto",
        atol=0.5,
        ignore=frozenset({"type", "dtype"}),
        given=b"x" * 1000,
    ),
    Comparison(Observation(0), Observation(0, b""), prediction="(2, 3)"),
]
FINDINGS = [
    Finding(True, "agrees"),
    Finding(
        False,
        "2 of 4 elements differ",
        "It is transposed.",
        Mistake.TRANSPOSED,
        Side("tensor", "…", (2, 2), "float32", "cpu", (1.0, "nan", None, 2)),
        Side("list", "[]"),
        Mismatch(
            "2 of 4 elements differ",
            "value",
            2,
            4,
            (Difference((0, "w"), "1", "2"),),
            math.inf,
            0.5,
            ((True, False), (False, True)),
        ),
    ),
]

KEYS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
TEXTS = st.text(st.characters(exclude_categories=[]))
LITERALS = st.recursive(
    KEYS | TEXTS | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20
)


def test_a_request_survives_packing() -> None:
    assert unpack_comparisons(pack_comparisons(COMPARISONS)) == COMPARISONS


def test_an_answer_survives_packing() -> None:
    findings = unpack_findings(pack_findings(FINDINGS))
    assert findings == FINDINGS
    # An int among the values is displayed without a decimal point.
    assert repr(findings) == repr(FINDINGS)


@given(LITERALS)
def test_every_literal_survives_packing(data: object) -> None:
    comparison = Comparison(Observation(0), equals=Equals(data))
    (copy,) = unpack_comparisons(pack_comparisons([comparison]))
    assert copy.equals is not None
    # Not `==`: NaN differs from itself, and True equals 1.
    assert repr(copy.equals.data) == repr(data)


def test_watched_values_that_comparisons_share_are_sent_once() -> None:
    assert len(pack_comparisons(COMPARISONS)) < len(pack_comparisons(COMPARISONS[:1])) + 1000


@given(st.lists(st.tuples(st.sampled_from([None, b"a", b"b"]), st.sampled_from([None, b"a", b"c"])), max_size=12))
def test_sharing_keeps_the_order_and_the_values(watched: list[tuple[bytes | None, bytes | None]]) -> None:
    comparisons = [
        Comparison(Observation(number), given=given, after=after) for number, (given, after) in enumerate(watched)
    ]
    assert unpack_comparisons(pack_comparisons(comparisons)) == comparisons


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_a_damaged_request_gets_no_finding_and_no_crash(place: int) -> None:
    damaged = bytearray(pack_comparisons(COMPARISONS))
    damaged[place % len(damaged)] ^= 0x55
    assert len(unpack_findings(judge(bytes(damaged)))) in (0, 3)


@given(st.binary(max_size=200))
def test_noise_is_malformed_or_empty(noise: bytes) -> None:
    for unpack in (unpack_comparisons, unpack_findings):
        try:
            assert unpack(noise) == []
        except Malformed:
            continue


@pytest.mark.parametrize(
    "literal",
    ["", "[", "[" * 100_000, '{"a": 1}', '{"map": 3}', '{"map": [[1]]}', '{"map": [[[], 1]]}', "9" * 10_000, None, 3],
    ids=lambda literal: f"{literal!r:.20}",
)
def test_a_literal_of_another_form_is_malformed(literal: object) -> None:
    comparison = Comparison(Observation(0), equals=Equals(literal))
    data = codec.pack([{"given": None, "after": None, "comparisons": [comparison]}])
    with pytest.raises(Malformed):
        unpack_comparisons(data)
    assert judge(data) == pack_findings([])


@given(st.binary(max_size=120), st.integers(0, 200))
def test_hostile_values_never_stop_the_judge(noise: bytes, cut: int) -> None:
    good = encode({"a": torch.ones(2, 3), "b": [1, "x"]})
    for hostile in (noise, good[:cut] + noise, good[:cut] + noise + good[cut + len(noise) :]):
        comparisons = [
            Comparison(Observation(0, hostile), Observation(0, good)),
            Comparison(Observation(0, good), Observation(0, good), given=hostile, after=hostile),
        ]
        findings = unpack_findings(judge(pack_comparisons(comparisons)))
        assert [finding.error for finding in findings] == [None, None]
        assert findings[1].agrees
