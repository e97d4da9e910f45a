"""One sandbox per session, with the layers in `PTQUIZ_TEST_LAYERS`, and canaries to attack."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail.layers import Layers
from tests.sandbox.attacks import Targets, become_subreaper, open_targets

LAYERS = Layers(**json.loads(os.environ.get("PTQUIZ_TEST_LAYERS", "{}")))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The sandbox shared by all tests that do not break it."""
    become_subreaper()
    with Sandbox(judge=JUDGE, layers=LAYERS) as started:
        yield started


@pytest.fixture
def own_sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox that the test may break."""
    with Sandbox(judge=JUDGE, layers=LAYERS) as started:
        started.wait()
        yield started


@contextlib.contextmanager
def started_zygote() -> Iterator[ZygoteClient]:
    """Start a zygote without a pool, and end it."""
    source = ZygoteClient("", LAYERS)
    try:
        source.start()
        yield source
    finally:
        source.close()


@pytest.fixture
def targets() -> Iterator[Targets]:
    with open_targets() as opened:
        yield opened


@pytest.fixture
def other_home() -> Iterator[Path]:
    """A home for another user; pytest's own folders are not accessible to others."""
    with tempfile.TemporaryDirectory(prefix="ptquiz-home-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def has_namespaces() -> bool:
    """Whether a run may start processes."""
    return LAYERS.namespaces
