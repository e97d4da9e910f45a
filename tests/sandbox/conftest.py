"""One sandbox for the session, of the layers that `PTQUIZ_TEST_LAYERS` names; and the place to attack."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.jail.layers import Layers
from tests.sandbox.attacks import Range, confine_to_ourselves, shooting_range

LAYERS = Layers(**json.loads(os.environ.get("PTQUIZ_TEST_LAYERS", "{}")))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    confine_to_ourselves()
    with Sandbox(layers=LAYERS) as started:
        yield started


@pytest.fixture
def place() -> Iterator[Range]:
    with shooting_range() as made:
        yield made


@pytest.fixture
def their_home() -> Iterator[Path]:
    """A home for another user; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="ptquiz-home-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def own_processes() -> bool:
    """Whether a run may start processes here."""
    return LAYERS.namespaces
