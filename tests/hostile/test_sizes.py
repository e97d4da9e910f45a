"""Forged messages are as long as the sandbox allows; what is shown of them is short, and counts what is left out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from quizapp.decks.card import Check
from quizapp.grading.grader import Grader
from quizapp.grading.judge_protocol import Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.review.card_attempt import summarise
from quizapp.sandbox.host.run_reports import MAX_ITEMS, MAX_TEXT
from quizapp.sandbox.protocol import Raised
from quizapp.text.clipping import clip
from quizapp.text.mistake_labels import mistake_label
from quizapp.text.verdict_lines import verdict_lines
from quizapp.tui.study.panes import verdict_text
from tests.review.harness import make_card

LONG = "\x1b" * MAX_TEXT
"""The longest text of a message, of characters that are escaped."""

BUDGET = 24 << 10
"""Characters shown of one verdict."""

FORGED = Raised(
    LONG,
    LONG,
    bases=(LONG,),
    line=1,
    column=0,
    end_column=1 << 20,
    source=LONG,
    shapes=((LONG, LONG),) * MAX_ITEMS,
    trace=LONG,
)


def raised() -> Verdict:
    return Verdict("a/b", Outcome.ERROR, of=1.0, error=FORGED, cause=LONG, notes=(LONG,), detail=LONG)


def differs() -> Verdict:
    finding = Finding(False, LONG, LONG, None, Side("int", "1"), Side(LONG, "1", (1,), LONG, LONG))
    checks = (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),)
    return Verdict("a/b", Outcome.WRONG, of=1.0, checks=checks)


@pytest.mark.parametrize(
    "verdict", [raised(), differs(), replace(differs(), error=FORGED)], ids=["raised", "differs", "both"]
)
def test_a_forged_verdict_is_shown_within_its_budget(verdict: Verdict) -> None:
    lines = "\n".join(verdict_lines(verdict))
    panes = [verdict_text.explanation(verdict).plain, *(verdict_text.sides(check).plain for check in verdict.checks)]
    assert len(lines) < BUDGET and len("".join(panes)) < BUDGET
    assert "more characters" in lines
    assert len(json.dumps(verdict_as_json(verdict))) < 6 * BUDGET, "JSON writes six characters for a control character"
    assert len(summarise(verdict) or "") < BUDGET


def test_shapes_that_are_left_out_are_counted() -> None:
    lines = list(verdict_lines(raised()))
    assert f"  … {MAX_ITEMS - 12:,} more" in lines


def test_a_caret_ends_with_its_line() -> None:
    error = Raised("E", "m", line=1, column=0, end_column=1 << 20, source="x + y")
    assert "          ^^^^^" in verdict_lines(Verdict("a/b", Outcome.ERROR, error=error))


def test_a_long_key_of_a_mistake_is_clipped() -> None:
    assert len(mistake_label(LONG)) < 200
    assert mistake_label("A\nB") == "A\\nB"


@pytest.mark.parametrize(("text", "clipped"), [("abc", "abc"), ("abcd", "abc … 1 more characters")])
def test_a_clipped_text_says_how_much_is_left_out(text: str, clipped: str) -> None:
    assert clip(text, 3) == clipped


def test_a_flood_of_shapes_from_a_real_answer_is_clipped(grader: Grader) -> None:
    answer = (
        "import os\n"
        "from quizapp.sandbox.frames import Kind, pack\n"
        "raised = {'type': 'E' * 60000, 'message': 'm' * 60000, 'bases': [], 'line': 1, 'column': 0,\n"
        "    'end_column': 1 << 20, 'source': 's' * 60000, 'shapes': [['n' * 190, 's' * 190]] * 9900, 'trace': 't'}\n"
        "data = pack(Kind.CODE, {'raised': raised, 'bound': []})\n"
        "while data:\n"
        "    data = data[os.write(3, data):]\n"
        "os.write(3, pack(Kind.ENDED, {'operators': {}}))\n"
        "os._exit(0)\n"
    )
    verdict = grader.grade(make_card("a/b"), answer)
    assert verdict.outcome in (Outcome.ERROR, Outcome.CRASHED)
    assert len("\n".join(verdict_lines(verdict))) < BUDGET
    assert len(json.dumps(verdict_as_json(verdict))) < BUDGET
