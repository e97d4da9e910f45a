"""Answers pasted from a prompt, a notebook or a Markdown page."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.pasted_answers import clean_pasted_answer

CODE = "def f(x):\n    return x + 1\n"


@pytest.mark.parametrize(
    ("pasted", "code", "what"),
    [
        (">>> answer = 1", "answer = 1", "prompts"),
        (">>> def f(x):\n...     return x + 1\n...\n>>> f(1)\n2", "def f(x):\n    return x + 1\n\nf(1)\n", "prompts"),
        ("In [1]: import torch\nIn [2]: answer = 1\nOut[2]: 1", "import torch\nanswer = 1\n", "prompts"),
        ("In [3]: def f(x):\n   ...:     return x", "def f(x):\n    return x", "prompts"),
        (">>> import torch\ndef f(x):\n    return x", "import torch\ndef f(x):\n    return x", "prompts"),
        ("def f(x):\n    return x\n>>> f(1)", "def f(x):\n    return x\nf(1)", "prompts"),
        (">>> x = 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: division", "x = 1 / 0\n\n", "prompts"),
        (">>> f(2)\ntensor([1, 2])\n>>> y = 1", "f(2)\n\ny = 1", "prompts"),
        ("answer =\u00a01\u200b", "answer = 1", "Unusual spaces"),
        ("```python\nanswer = 1\n```", "\nanswer = 1\n", "fences"),
        ("Try this:\n~~~\nanswer = 1\n~~~\nIt works.", "\n\nanswer = 1\n\n", "fences"),
        ("```\n>>> answer = 1\n1\n```", "\nanswer = 1\n\n", "fences and prompts"),
        ("    def f(x):\n        return x", "def f(x):\n    return x", "indent"),
        ("        answer = 1\n        b = 2", "answer = 1\nb = 2", "indent"),
    ],
)
def test_what_surrounds_code_is_removed_and_named(pasted: str, code: str, what: str) -> None:
    cleaned, note = clean_pasted_answer(pasted)
    assert cleaned == code
    assert note is not None and what in note
    assert cleaned.count("\n") == pasted.count("\n")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        CODE,
        "answer = '''\n>>> x\n'''",
        "answer = (",
        ">>> answer = (",
        "%matplotlib inline\n>>> x = 1",
        "def f(x):\n>>> def f(x):\n...     return 1\n    return x",
        "x = 1\n  y = 2",
        "answer = x...",
        "```",
    ],
)
def test_other_answers_are_unchanged(answer: str) -> None:
    assert clean_pasted_answer(answer) == (answer, None)


@pytest.mark.jail
@pytest.mark.torch
def test_a_pasted_answer_is_graded_and_the_verdict_says_what_was_removed(grader: Grader) -> None:
    card = Card("deck", "card", "?", (Check("f(2)"),), solution=CODE, trusted=True)
    verdict = grader.grade(card, ">>> def f(x):\n...     return x + 1\n...\n>>> f(1)\n2")
    assert verdict.passed
    assert verdict.notes == ("The prompts were removed from your answer before it was run.",)
    wrong = grader.grade(card, "```python\ndef f(x):\n    return x.size\n```")
    assert wrong.error is not None and wrong.error.line == 3
