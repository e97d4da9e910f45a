"""What every test shares: its own home, markers by what it uses, and one sandbox for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

# A busy machine is not a failure, and the same code must give the same result each time;
# `--hypothesis-profile=search` looks for what these examples miss.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use the session's sandbox or import torch; others name their markers themselves."""
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.jail)
        if item.get_closest_marker("jail") or hasattr(getattr(item, "module", None), "torch"):
            item.add_marker(pytest.mark.torch)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and data in a folder of this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PTQUIZ_HOME", str(folder))
    monkeypatch.delenv("PTQUIZ_DECKS", raising=False)
    return folder


@pytest.fixture(autouse=True)
def only_marked_tests_start_sandboxes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep `make fast` fast: a test without the marker `jail` fails when it starts a sandbox."""

    def refuse(sandbox: Sandbox) -> NoReturn:
        pytest.fail("this test starts a sandbox: give it the marker `jail`")

    if request.node.get_closest_marker("jail") is None:
        monkeypatch.setattr(Sandbox, "start", refuse)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A real sandbox that has imported torch."""
    with Sandbox(judge=JUDGE) as started:
        yield started


@pytest.fixture
def grader(sandbox: Sandbox) -> Grader:
    return Grader(sandbox)
