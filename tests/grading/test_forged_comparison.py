"""An answer must not decide how its value is compared: hostile answers that tried, in a real sandbox."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import Outcome

pytestmark = [pytest.mark.jail, pytest.mark.torch]

PREAMBLE = "import numpy as np\nimport torch"


def grade(grader: Grader, solution: str, answer: str, see: str = "answer") -> Outcome:
    card = Card("deck", "card", "?", (Check(see),), preamble=PREAMBLE, solution=solution, trusted=True)
    assert grader.grade(card, solution).passed
    return grader.grade(card, answer).outcome


@pytest.mark.parametrize(
    ("solution", "answer"),
    [
        (
            "answer = hex(12345)",
            "from quizapp.sandbox.values.encoder import CapturedText\nanswer = CapturedText('0x0')",
        ),
        (
            "answer = np.float64(0.123)",
            "from quizapp.sandbox.values import encoder\n"
            "real = encoder.qualified_name\n"
            "encoder.qualified_name = lambda kind: 'numpy.float64' if kind is np.float16 else real(kind)\n"
            "answer = np.float16(0.12345)",
        ),
        ("answer = 0.123", "answer = np.float16(0.123)"),
        ("answer = np.ma.array([1., 2.], mask=[False, True])", "answer = np.array([1., 2.])"),
        (
            "answer = np.ma.array([1., 2.], mask=[False, True])",
            "answer = np.ma.array([1., 2.], mask=[False, True])\nanswer.mask = np.ma.nomask",
        ),
        (
            "answer = np.array([1., 2.])",
            "class Equal(np.ndarray):\n    def __eq__(self, other):\n        return True\n"
            "answer = np.array([1., 3.]).view(Equal)",
        ),
        (
            "answer = 1.5",
            "class Any(float):\n    def __eq__(self, other):\n        return True\n"
            "    def hex(self):\n        return (1.5).hex()\nanswer = Any(2)",
        ),
        ("answer = 'a'", "class Any(str):\n    def __str__(self):\n        return 'a'\nanswer = Any('b')"),
        (
            "answer = torch.ones(2)",
            "class Any(torch.Tensor):\n    def __eq__(self, other):\n        return torch.ones(2) == 1\n"
            "answer = torch.zeros(2).as_subclass(Any)",
        ),
    ],
)
def test_a_value_with_its_own_rule_is_wrong(grader: Grader, solution: str, answer: str) -> None:
    assert grade(grader, solution, answer) is Outcome.WRONG


def test_printed_text_of_the_solution_is_compared_without_addresses(grader: Grader) -> None:
    assert grade(grader, "print(object())", "print(object())", see="stdout") is Outcome.PASSED
