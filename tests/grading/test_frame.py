"""What crosses the pipe to the judge and back, and what does not."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quizapp.decks.card import Equals
from quizapp.grading.codec import Malformed
from quizapp.grading.findings import (
    Comparison,
    Difference,
    Finding,
    Side,
    pack,
    pack_findings,
    unpack,
    unpack_findings,
)
from quizapp.grading.judge.judge import judge
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.model import encode

COMPARISONS = [
    Comparison(Observation(0, b"abc"), Equals({1: [2, {"a": None}], "b": "\ud800"}), given=b"x" * 1000),
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
        "transposed",
        Side("tensor", "…", (2, 2), "float32", "cpu", (1.0, "nan", None, 2.5)),
        Side("list", "[]"),
        2,
        4,
        (Difference((0, "w"), "1", "2"),),
        math.inf,
        0.5,
        ((True, False), (False, True)),
    ),
]


def test_a_request_survives_the_pipe():
    assert unpack(pack(COMPARISONS)) == COMPARISONS


def test_an_answer_survives_the_pipe():
    assert unpack_findings(pack_findings(FINDINGS)) == FINDINGS


def test_what_comparisons_share_is_sent_once():
    assert len(pack(COMPARISONS)) < len(pack(COMPARISONS[:1])) + 1000


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_a_damaged_request_gets_no_finding_and_no_crash(place: int):
    good = bytearray(pack(COMPARISONS))
    good[place % len(good)] ^= 0x55
    answer = unpack_findings(judge(bytes(good)))
    assert len(answer) in (0, 3)


@given(st.binary(max_size=200))
def test_noise_is_malformed(noise: bytes):
    with pytest.raises(Malformed):
        unpack(noise)
    with pytest.raises(Malformed):
        unpack_findings(b"ptq1" + noise)


@pytest.mark.parametrize(
    "head",
    [
        b"[" * 100_000,
        b"{}",
        b"[null]",
        b'[{"@": "Finding"}]',
        b'[{"@": "Finding", "agrees": 1}]',
        b"[" + b"9" * 10_000 + b"]",
    ],
)
def test_a_head_of_another_form_is_malformed(head: bytes):
    import struct

    with pytest.raises(Malformed):
        unpack_findings(struct.pack("<4sII", b"ptq1", len(head), 0) + head)


@given(st.binary(max_size=120), st.integers(0, 200))
def test_hostile_values_never_stop_the_judge(noise: bytes, cut: int):
    good = encode({"a": torch.ones(2, 3), "b": [1, "x"]})
    for hostile in (noise, good[:cut] + noise, good[:cut] + noise + good[cut + len(noise) :]):
        asked = [
            Comparison(Observation(0, hostile), Observation(0, good)),
            Comparison(Observation(0, good), Observation(0, good), given=hostile, after=hostile),
        ]
        answer = unpack_findings(judge(pack(asked)))
        assert [finding.error for finding in answer] == [None, None]
        assert answer[1].agrees
