"""Every hostile answer, on the jail that this machine provides."""

from __future__ import annotations

import ast
import importlib
from importlib.util import find_spec

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.worker.execution import Execution
from tests.sandbox.attacks import Attack, Targets, all_attacks, run_attack


@pytest.mark.parametrize("hostile", all_attacks(), ids=lambda hostile: hostile.name)
def test_a_hostile_answer_gains_nothing_and_breaks_nothing(hostile: Attack, sandbox: Sandbox, targets: Targets) -> None:
    assert run_attack(sandbox, hostile, targets).breaches == ()


def test_there_are_at_least_80_attacks() -> None:
    assert len(all_attacks()) >= 80


def test_every_name_that_attacks_import_from_the_sandbox_exists() -> None:
    # After a rename, an attack would fail with an ImportError instead of attacking, and some would still pass.
    nodes = [node for hostile in all_attacks() for node in ast.walk(ast.parse(hostile.code))]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and str(node.module).startswith("quizapp.")]
    names = {(str(node.module), alias.name) for node in imports for alias in node.names}
    assert names and all(_exists(module, name) for module, name in names)
    assert hasattr(Execution, "_run_check") and hasattr(Execution, "_send")


def _exists(module: str, name: str) -> bool:
    return hasattr(importlib.import_module(module), name) or find_spec(f"{module}.{name}") is not None
