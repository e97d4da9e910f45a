"""Hostile code is not valid Python or costs little to compile; it never crashes the process."""

from __future__ import annotations

import sys

import pytest

from quizapp.decks.parsing.python_syntax import CodeFault, find_fault

N = 20_000
HOSTILE = {
    "minus": "-" * N + "1",
    "not": "not " * N + "x",
    "round": "(" * N,
    "square": "[" * N,
    "attributes": "a" + ".b" * N,
    "sums": "a" + "+a" * N,
    "powers": "a" + "**a" * N,
    "choices": "a if a else " * (N // 4) + "a",
    "lambdas": "lambda:" * (N // 4) + "1",
    "calls": "a" + "()" * N,
    "elif": "if a: pass\n" + "elif a: pass\n" * (N // 4),
    "blocks": "".join(" " * depth + "if a:\n" for depth in range(150)) + " " * 150 + "pass",
    "null": "a = '\0'",
    "digits": "9" * N,
    "long": "a = 1\n" * N,
}


VALID_SINCE_3_12 = {"choices", "elif"}
"""Python 3.12 and later compile these despite their depth."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_gives_a_fault_and_no_crash(name: str) -> None:
    fault = find_fault(HOSTILE[name])
    assert isinstance(fault, CodeFault) or (name in VALID_SINCE_3_12 and sys.version_info >= (3, 12))


def test_constant_folding_is_cheap() -> None:
    assert find_fault("9**9**9**9; 'a' * 10**10; 1 << 10**9") is None
