"""A verdict as text."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Check
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.labels import OUTCOME_LABELS, RULE_BROKEN
from quizapp.text.verdict_lines import Role, explanation, verdict_lines

NOTE = "`for` is not allowed on this card, and line 2 uses it."
AGREES, DIFFERS, DEFERRED = CheckState.AGREES, CheckState.DIFFERS, CheckState.DEFERRED


def verdict(outcome: Outcome, *states: CheckState, note: str = NOTE) -> Verdict:
    """Return a verdict on checks with these states."""
    checks = tuple(CheckVerdict(Check("y"), state) for state in states)
    return Verdict("deck/card", outcome, checks=checks, notes=(note,) if note else ())


@pytest.mark.parametrize("states", [(AGREES, AGREES), (AGREES, DEFERRED)])
def test_a_broken_rule_is_the_first_line_if_nothing_else_is_wrong(states: tuple[CheckState, ...]) -> None:
    broken = verdict(Outcome.WRONG, *states)
    assert list(verdict_lines(broken))[:2] == [str(RULE_BROKEN), f"  {NOTE}"]
    assert list(explanation(broken)) == [(Role.RULE, NOTE)]


@pytest.mark.parametrize(
    "other",
    [
        verdict(Outcome.WRONG, AGREES, DIFFERS),
        verdict(Outcome.WRONG, DEFERRED),
        verdict(Outcome.WRONG),
        verdict(Outcome.WRONG, AGREES, note=""),
        verdict(Outcome.PASSED, AGREES),
        verdict(Outcome.TIMEOUT, AGREES),
    ],
)
def test_any_other_verdict_begins_with_its_outcome(other: Verdict) -> None:
    assert next(verdict_lines(other)) == str(OUTCOME_LABELS[other.outcome])
    assert all(role is Role.NOTE for role, _ in explanation(other))
