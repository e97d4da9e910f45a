"""A fixture that checks decks written by a test, in the sandbox of the test session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.audit.deck_check import CheckReport, check_paths
from quizapp.audit.prove import Depth
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from tests.decks.making import deck_text, write

Check = Callable[..., CheckReport]


@pytest.fixture
def check(sandbox: Sandbox, tmp_path: Path) -> Check:
    """Return a function that writes one deck with the given cards, torch imported, and checks it."""

    def write_and_check(*cards: str, mutants: bool = False, seeds: int = 0) -> CheckReport:
        text = deck_text(*cards).replace("cards:\n", "preamble: import torch\ncards:\n", 1)
        path = write(tmp_path / "decks", text, "d.yaml")
        return check_paths([path], Grader(sandbox, trust=True), depth=Depth(mutants, seeds))

    return write_and_check
