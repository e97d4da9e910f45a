"""What every test shares: a home of its own, and one sandbox for a whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

# A busy machine is no failure, and the same code passes or fails alike each time; `--hypothesis-profile=search` looks
# for what these examples miss.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and data in a folder that only this test knows."""
    place = tmp_path / "home"
    monkeypatch.setenv("PTQUIZ_HOME", str(place))
    monkeypatch.delenv("PTQUIZ_DECKS", raising=False)
    return place


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A real sandbox that has imported torch."""
    with Sandbox(judge=JUDGE) as started:
        yield started


@pytest.fixture
def grader(sandbox: Sandbox) -> Grader:
    return Grader(sandbox)
