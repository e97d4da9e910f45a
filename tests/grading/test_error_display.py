"""A beginner's error in a real run: type, line, caret, shapes and dtypes on that line, and the cause."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import Outcome
from quizapp.sandbox.protocol import Limits
from quizapp.text.verdict_lines import error_lines, verdict_lines

pytestmark = [pytest.mark.jail, pytest.mark.torch]

PREAMBLE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
GIVEN = """
x = torch.ones(2, 3)
m = torch.ones(2, 4)
w = torch.ones(3, requires_grad=True)
labels = torch.ones(2)
elsewhere = torch.empty(2, 3, device="meta")
"""
CARD = Card(
    "deck",
    "card",
    "?",
    (Check("answer"),),
    solution="answer = x",
    preamble=PREAMBLE,
    given=GIVEN,
    trusted=True,
    # The first operator on the meta device loads much of torch.
    limits=Limits(seconds=60),
)

ERRORS = [
    (
        "answer = x @ m",
        "RuntimeError",
        "x @ m",
        {"x": "float32 (2, 3)", "m": "float32 (2, 4)"},
        "3 columns and 2 rows",
    ),
    ("answer = x + m", "RuntimeError", "x + m", {"x": "float32 (2, 3)", "m": "float32 (2, 4)"}, "at dimension 1"),
    ("w += 1", "RuntimeError", "w += 1", {"w": "float32 (3,)"}, "A leaf that requires a gradient is changed in place"),
    (
        "loss = (w * w).sum()\nloss.backward()\nloss.backward()",
        "RuntimeError",
        "loss.backward()",
        {"loss": "float32 ()"},
        "freed by the first `backward`",
    ),
    ("y = w * 2\ny.backward()", "RuntimeError", "y.backward()", {"y": "float32 (3,)"}, "starts from a single number"),
    (
        "answer = F.cross_entropy(x, labels)",
        "RuntimeError",
        "F.cross_entropy(x, labels)",
        {"x": "float32 (2, 3)", "labels": "float32 (2,)"},
        "convert with `.long()`",
    ),
    ("answer = x + elsewhere", "RuntimeError", "x + elsewhere", {"x": "float32 (2, 3)"}, "different devices"),
    ("answer = x[5]", "IndexError", "x[5]", {"x": "float32 (2, 3)"}, "Index 5 is past the end"),
    ("t = x.t()\nanswer = t.view(6)", "RuntimeError", "t.view(6)", {"t": "float32 (3, 2)"}, "use `reshape`"),
    (
        "class Net(nn.Module):\n    def __init__(self):\n        self.layer = nn.Linear(3, 2)\nnet = Net()",
        "AttributeError",
        "self.layer",
        {},
        "`super().__init__()` as the first line",
    ),
    ("answer = w.numpy()", "RuntimeError", "w.numpy()", {"w": "float32 (3,)"}, "`.detach().numpy()`"),
    ("answer = 1 if x > 0 else 2", "RuntimeError", "x > 0", {"x": "float32 (2, 3)"}, "`any()` or `all()`"),
]


@pytest.mark.parametrize(("code", "kind", "marked", "shapes", "cause"), ERRORS, ids=lambda part: str(part)[:40])
def test_an_error_has_its_position_and_an_explanation(
    grader: Grader, code: str, kind: str, marked: str, shapes: dict[str, str], cause: str
) -> None:
    answer = f"# my answer\n{code}"
    verdict = grader.grade(CARD, answer)
    error = verdict.error
    assert verdict.outcome is Outcome.ERROR
    assert error is not None
    assert error.type == kind
    assert error.source is not None and error.line is not None
    assert error.source.rstrip() == answer.splitlines()[error.line - 1].rstrip()
    assert error.column is not None and error.end_column is not None
    assert (
        marked in error.source[error.column : error.end_column]
        or error.source[error.column : error.end_column] in marked
    )
    shown = dict(error.shapes)
    assert {name: shown.get(name, "").partition(" on ")[0] for name in shapes} == shapes
    assert verdict.cause is not None
    assert cause in verdict.cause


def test_the_caret_marks_the_failing_expression(grader: Grader) -> None:
    error = grader.grade(CARD, "if True:\n    answer = 1 + (x @ m)").error
    assert error is not None
    _, line, caret, *_ = error_lines(error)
    assert line[caret.index("^") : caret.rindex("^") + 1] == "x @ m"


def test_the_printed_verdict_contains_all_of_it(grader: Grader) -> None:
    shown = "\n".join(verdict_lines(grader.grade(CARD, "answer = x @ m")))
    for part in ("RuntimeError", "line 1: answer = x @ m", "^^^^^", "x is ", "(2, 3)", "3 columns and 2 rows"):
        assert part in shown


def test_the_error_of_a_hidden_check_contains_no_size(grader: Grader) -> None:
    card = Card(
        "deck",
        "card",
        "?",
        (Check("f(x)"), Check("f(torch.ones(7, 13))", hidden=True)),
        solution="def f(x): return x.sum()",
        preamble=PREAMBLE,
        given=GIVEN,
        trusted=True,
    )
    verdict = grader.grade(card, "def f(x): return (x @ torch.ones(3, 1)).sum()")
    finding = verdict.checks[1].finding
    assert finding is not None
    assert finding.diagnosis == "your code raises RuntimeError there"
    assert "13" not in "\n".join(verdict_lines(verdict))
