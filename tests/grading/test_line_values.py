"""Ungraded runs of an answer: the values of its lines, the console, and the states of the checks."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from quizapp.decks.card import Card, CardKind, Check, Choice
from quizapp.errors import SandboxError
from quizapp.grading.console import Console, is_incomplete
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import CheckState
from quizapp.sandbox.protocol import Ending, Limits, LineValue, Machine

AGREES, DIFFERS, NOT_REACHED = CheckState.AGREES, CheckState.DIFFERS, CheckState.NOT_REACHED
CARD = Card(
    "deck",
    "card",
    "?",
    (Check("mean(x)"), Check("mean(x + 1)"), Check("mean(x * 2)", hidden=True)),
    solution="def mean(v):\n    return v.mean(0)",
    preamble="import torch\n",
    given="x = torch.rand(3, 2)\n",
    trusted=True,
)


def test_a_scratch_run_reports_lines_that_only_the_visible_checks_reach(grader: Grader) -> None:
    report = grader.scratch(CARD, "def mean(v):\n    n = len(v)\n    print(n)\n    return v.sum(0) / n\n2 + 2")
    assert report.lines == (LineValue(2, "×2  3"), LineValue(4, "×2  → float32 (2,)"))
    assert (report.ending, report.echo, report.stdout, report.observations) == (Ending.FINISHED, "4", "", ())


def test_an_exception_is_the_value_of_its_line(grader: Grader) -> None:
    assert grader.line_values(CARD, "n = 3\ny = x[n]") == (
        LineValue(1, "3"),
        LineValue(2, "IndexError: index 3 is out of bounds for dimension 0 with s…", is_error=True),
    )
    assert grader.line_values(CARD, "def mean(v):\n    n = 7\n    return v[n]") == (
        LineValue(2, "×2  7"),
        LineValue(3, "IndexError: index 7 is out of bounds for dimension 0 with s…", is_error=True),
    )


def test_an_exception_that_a_check_asks_for_is_no_error(grader: Grader) -> None:
    card = replace(CARD, checks=(Check("mean(x)", raises="ValueError"),))
    assert grader.line_values(card, "def mean(v):\n    raise ValueError") == ()


def test_lines_of_a_pasted_answer_keep_their_numbers(grader: Grader) -> None:
    assert grader.line_values(CARD, ">>> a = 1\n>>> b = 2\n") == (LineValue(1, "1"), LineValue(2, "2"))


def test_a_limit_that_only_the_checks_exceed_does_not_end_a_scratch_run(grader: Grader) -> None:
    card = replace(CARD, limits=Limits(seconds=0.5))
    report = grader.scratch(card, "n = 1\ndef mean(v):\n    while True: pass")
    assert (report.ending, report.detail, report.lines) == (Ending.FINISHED, "", (LineValue(1, "1"),))
    assert grader.scratch(card, "while True: pass").ending is Ending.TIMEOUT


@pytest.mark.parametrize("kind", [CardKind.CHOICE, CardKind.PREDICT])
def test_cards_without_code_have_no_values_and_no_states(kind: CardKind, grader: Grader) -> None:
    card = replace(CARD, kind=kind, choices=(Choice("a", True),))
    assert (grader.line_values(card, "1"), grader.check_states(card, "1")) == ((), ())


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        (CARD.solution, (AGREES, AGREES)),
        ("def mean(v):\n    return v.sum(0) / 3", (AGREES, AGREES)),
        ("def mean(v):\n    return v.mean(1)", (DIFFERS, DIFFERS)),
        ("def mean(v):\n    return v.mean(0) if v.max() < 1 else v", (AGREES, DIFFERS)),
        ("def mean(v):\n    return 1 / 0", (DIFFERS, DIFFERS)),
        ("def mean(", (NOT_REACHED, NOT_REACHED)),
        ("1 / 0", (NOT_REACHED, NOT_REACHED)),
        ("while True: pass", (NOT_REACHED, NOT_REACHED)),
        ("import os\nos._exit(0)", (NOT_REACHED, NOT_REACHED)),
        ("", (DIFFERS, DIFFERS)),
        ("#" * 70_000, (NOT_REACHED, NOT_REACHED)),
    ],
)
def test_the_states_of_the_visible_checks(answer: str, states: tuple[CheckState, ...], grader: Grader) -> None:
    assert grader.check_states(CARD, answer) == states


def test_a_measured_tolerance_is_used_and_a_check_on_a_gpu_is_deferred(grader: Grader) -> None:
    checks = (Check("mean(x)", rtol="auto"), Check("mean(x)", device="cuda"))
    card = replace(CARD, checks=checks)
    assert grader.check_states(card, "def mean(v):\n    return v.sum(0) / 3") == (AGREES, CheckState.DEFERRED)


def test_states_need_no_sandbox_that_works(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader, "_machine", lambda card: (_ for _ in ()).throw(SandboxError("closed")))
    assert grader.check_states(CARD, CARD.solution) == (NOT_REACHED, NOT_REACHED)


def test_untrusted_code_is_not_run_on_a_machine_with_little_protection(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grader.sandbox, "wait", lambda timeout=None: Machine("3", "2", None, "process"))
    assert grader.check_states(replace(CARD, trusted=False), CARD.solution) == (NOT_REACHED, NOT_REACHED)


def test_the_states_can_be_cancelled(grader: Grader) -> None:
    grader.prepare(CARD)
    states: list[tuple[CheckState, ...]] = []
    card = replace(CARD, limits=Limits(seconds=60))
    slow = "import time\nwhile True: time.sleep(60)"
    thread = Thread(target=lambda: states.append(grader.check_states(card, slow)))
    thread.start()
    while thread.is_alive():
        grader.cancel()
        thread.join(0.05)
    assert states == [(NOT_REACHED, NOT_REACHED)]


def test_the_console_keeps_its_names_and_replays_silently(grader: Grader) -> None:
    console = Console(grader, CARD)
    assert console.enter("y = torch.rand(2)\nprint('once')\n").stdout == "once\n"
    first = console.enter("y").echo
    assert first is not None and first.startswith("tensor(")
    assert (console.enter("y").echo, console.enter("y").stdout) == (first, "")
    assert console.enter("def f(v):\n    return v + 1\n").raised is None
    assert console.enter("f(len(x))").echo == "4"


def test_a_line_that_raises_leaves_no_trace(grader: Grader) -> None:
    console = Console(grader, CARD)
    console.enter("n = 1")
    report = console.enter("n = 2\n1 / 0")
    assert report.raised and (report.raised.type, report.raised.line) == ("ZeroDivisionError", 2)
    assert console.enter("n").echo == "1"


def test_a_reset_console_knows_only_the_names_of_the_card(grader: Grader) -> None:
    console = Console(grader, CARD)
    console.enter("n = 1")
    console.reset()
    raised = console.enter("n").raised
    assert raised and raised.type == "NameError"
    assert console.enter("x.shape").echo == "torch.Size([3, 2])"


@pytest.mark.parametrize(
    ("code", "is_open"),
    [
        ("x = 1", False),
        ("x = (", True),
        ("x = (1,\n2)", False),
        ("for i in x:", True),
        ("for i in x:\n    pass", True),
        ("for i in x:\n    pass\n", False),
        ("x = '''a", True),
        ("@f", True),
        ("x = )", False),
        ("a = 1\nb = 2", False),
        ("'\0'", False),
        ("(" * 5000, False),
    ],
)
def test_a_statement_may_need_more_lines(code: str, is_open: bool) -> None:
    assert is_incomplete(code) is is_open
