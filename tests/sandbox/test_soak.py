"""A short soak; benchmarks/soak.py is the long one."""

from __future__ import annotations

from benchmarks.soak import soak
from quizapp.sandbox.client import Sandbox


def test_mixed_answers_leave_nothing_behind_and_are_all_judged_right(sandbox: Sandbox):
    outcomes, wrong = soak(sandbox, 120)
    assert wrong == []
    assert outcomes["passed"] == 48
