"""Errors that the text of an answer explains, raised by a real run."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader

pytestmark = [pytest.mark.jail, pytest.mark.torch]

CARD = Card("deck", "card", "?", (Check("answer"),), preamble="import torch", solution="answer = 1", trusted=True)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("%matplotlib inline\nanswer = 1", "`%matplotlib` is a command of notebooks, not Python: leave the line out."),
        ("answer = 1\n!pip install torch", "`!pip` runs a program in notebooks and is not Python: leave the line out."),
        ("torch.sum?\nanswer = 1", "A question mark asks for help in notebooks and is not Python"),
        ("answer = 1\ndisplay(answer)", "`display` exists only in notebooks: use `print`."),
        (
            "answer = torch.ones（2）",
            "`（` (U+FF08, fullwidth left parenthesis) is not a character of Python: type `(`.",
        ),
        ("answer = 1，2", "type `,`."),
        ("answer = “1”", '(U+201C, left double quotation mark) is not a character of Python: type `"`.'),
        ("answer = 2 × 3", "type `*`."),
        ("answer = 2 – 3", "type `-`."),
        ("answer =\u00a0(1", "U+00A0 (no-break space) is not a character of Python: type a space."),
        ("ans\u200bwer = (1", "U+200B (zero width space) is not a character of Python: remove it."),
        ("ехр = 1\nanswer = exр", "`exр` contains `р` (cyrillic small letter er), which only looks like `p`."),
        ("answer = input()", "`input()` has nothing to read here: write the value into the code."),
        ("answer = 1\nbreakpoint()", "`breakpoint()` waits for a debugger"),
        ("answer = 1\nexit()", "`exit()` ends the program before it is checked: leave it out."),
        ("answer = 1\nimport sys\nsys.exit()", "ends the program before it is checked"),
    ],
)
def test_the_text_of_the_answer_explains_the_error(grader: Grader, answer: str, sentence: str) -> None:
    verdict = grader.grade(CARD, answer)
    assert verdict.cause is not None, verdict.error
    assert sentence in verdict.cause


def test_an_ordinary_syntax_error_has_no_special_cause(grader: Grader) -> None:
    assert grader.grade(CARD, "answer = (").cause is None
    assert grader.grade(CARD, "answer = größe").cause is None
