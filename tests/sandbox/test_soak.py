"""A short soak test; benchmarks/soak.py is the long one."""

from __future__ import annotations

import pytest

from benchmarks.soak import soak
from quizapp.sandbox.client import Sandbox

pytestmark = pytest.mark.jail


def test_mixed_answers_leave_nothing_behind_and_are_graded_correctly(sandbox: Sandbox) -> None:
    outcomes, wrong = soak(sandbox, 120)
    assert wrong == []
    assert outcomes["passed"] == 48
