"""Every hostile answer, on the jail that this machine has, and on weaker ones."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from tests.sandbox.attacks import Attack, Range, attack, attacks


@pytest.mark.parametrize("one", attacks(), ids=lambda one: one.name)
def test_a_hostile_answer_gains_nothing_and_breaks_nothing(one: Attack, sandbox: Sandbox, place: Range):
    after = attack(sandbox, one, place)
    assert after.breaches == ()


def test_there_are_more_than_eighty_of_them():
    assert len(attacks()) >= 80
