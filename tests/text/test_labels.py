"""Labels of outcomes and of the states of checks."""

from __future__ import annotations

from quizapp.grading.verdict import CheckState, Outcome
from quizapp.text.labels import CHECK_LABELS, OUTCOME_LABELS


def test_every_outcome_and_every_state_has_a_label() -> None:
    assert set(OUTCOME_LABELS) == set(Outcome)
    assert set(CHECK_LABELS) == set(CheckState)


def test_no_two_outcomes_share_a_symbol() -> None:
    assert len({label.symbol for label in OUTCOME_LABELS.values()}) == len(OUTCOME_LABELS)
