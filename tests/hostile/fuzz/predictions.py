"""Typed predictions: what the screen says while they are typed, and how the judge compares them."""

from __future__ import annotations

import torch

from quizapp.grading.cards.prediction import describe_reading, parse, unreadable_message
from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import Comparison, pack_comparisons, unpack_findings
from quizapp.sandbox.protocol import Observation, Raised
from quizapp.sandbox.values.serialise import encode
from tests.hostile.fuzz.inputs import mutated, of_tokens
from tests.hostile.fuzz.target import Target

EXPECTED = [
    *(
        Observation(0, value=encode(value))
        for value in (torch.ones(2), 2.5, "text\nlines", (1, [2, {"a": None}]), {1, 2}, torch.float32, b"b")
    ),
    Observation(0, raised=Raised("ValueError", "m", bases=("builtins.ValueError",))),
]
SEEDS = [
    *(b"tensor([[1., 2.], [3., 4.]], dtype=torch.float64, grad_fn=<AddBackward0>)", b"torch.Size([2, 3])", b"'a' 'b'"),
    *(b"(1, [2, {'a': None}])", b"1,000", b"[1 2 3]", b"{1, 2}", b"ValueError: m", b"array([1, 2], dtype=int32)"),
    *(b"-2.5e-3", b"1 + 2j", b"float32", b"Traceback (most recent call last):\nKeyError: 'a'", "“text”，１２".encode()),
]
TOKENS = [
    *(
        b"tensor(",
        b"[",
        b"(",
        b"{",
        b")",
        b"]",
        b"}",
        b",",
        b" ",
        b"-",
        b"+",
        b"1",
        b"2.5",
        b"1e9",
        b"0x",
        b"1_0",
        b"j",
    ),
    *(b"'", b'"', b"'''", b"b'", b"f'{x}'", b"\\", b"\n", b"...", b":", b"=", b"True", b"nan", b"inf", b"lambda: 0"),
    *(b"torch.", b"not ", b"*", b"**", b"#", b"`", "“".encode(), "，".encode(), b"x", b"dtype=", b"<", b">", b"\x00"),
]


def read(data: bytes) -> object:
    """Parse a prediction and compare it with values of several kinds."""
    text = data.decode("utf-8", "replace")
    prediction = parse(text)
    shown = describe_reading(prediction), unreadable_message(prediction, prediction.problem or "")
    assert prediction.is_same_as(prediction)
    asked = [Comparison(Observation(0), expected, see="x", prediction=text) for expected in EXPECTED]
    findings = unpack_findings(judge(pack_comparisons(asked)))
    assert len(findings) == len(EXPECTED)
    return shown, findings


TARGET = Target(read, mutated(SEEDS, TOKENS) | of_tokens(TOKENS), examples=150, seconds=4.0)
