"""A run that may use the device may use nothing else: the hostile answers that matter most, with `device: cuda`."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from tests.sandbox.attacks import Targets, all_attacks, run_attack

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

NAMES = (
    "blocked__exec",
    "blocked_or_error__connects",
    "blocked_or_error__makes_a_file",
    "blocked_or_error__reads_home",
    "blocked_or_error__reads_other_processes",
    "blocked_or_error__reads_the_deck",
    "blocked_or_error__signals_the_app",
    "blocked_or_error__writes_home",
)
BY_NAME = {attack.name: attack for attack in all_attacks()}


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_answer_gains_nothing_from_the_device(name: str, each_sandbox: Sandbox, targets: Targets) -> None:
    assert run_attack(each_sandbox, BY_NAME[name], targets, device="cuda").breaches == ()
