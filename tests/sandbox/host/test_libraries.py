"""Libraries that are dear to import: the first run that needs one pays for it, and those after it do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.process import WorkerSpec
from quizapp.sandbox.host.supervisor import supervise
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.protocol import LIBRARIES, Expression, Run
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import GENEROUS_LIMITS, run, observe

LOADED = "import sys\nanswer = sorted(sys.modules)"
MOST_RUNS = 1000


@pytest.fixture
def own() -> Iterator[Sandbox]:
    """A sandbox in which no run has needed anything yet."""
    with Sandbox(judge=JUDGE, layers=LAYERS) as started:
        started.wait()
        yield started


@pytest.fixture
def zygote() -> Iterator[ZygoteClient]:
    source = ZygoteClient("", LAYERS)
    try:
        source.start()
        yield source
    finally:
        source.close()


def modules(source: ZygoteClient) -> set[str]:
    """What a new worker has loaded from its start."""
    worker = source.create_worker(WorkerSpec(), 1, rehearse=False)
    try:
        assert worker.wait_until_ready()
        report = supervise(Run(f"{LOADED}\nprint(*answer)", (Expression(0, "1"),), limits=GENEROUS_LIMITS), worker)
        return set(report.stdout.split())
    finally:
        worker.discard()


NEEDED = {
    "pandas": "import pandas\nanswer = 1",
    "torch.fx.experimental.symbolic_shapes": "torch.full_like(torch.ones(2, device='meta'), 0.5)",
}


def test_every_library_has_a_run_that_needs_it() -> None:
    assert set(NEEDED) == set(LIBRARIES)


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_one_run_has_needed_is_there_for_those_that_come_later(own: Sandbox, library: str) -> None:
    assert library not in observe(own, LOADED, "answer")[0]
    assert run(own, NEEDED[library], "1").libraries == (library,)
    assert any(library in observe(own, LOADED, "answer")[0] for _ in range(MOST_RUNS))


def test_only_the_listed_libraries_are_ever_loaded(zygote: ZygoteClient) -> None:
    zygote.load("antigravity")
    assert not {"antigravity", *LIBRARIES} & modules(zygote)
    zygote.load("pandas")
    assert {"antigravity", *LIBRARIES} & modules(zygote) == {"pandas"}


def test_a_run_may_claim_any_library_and_only_listed_ones_count(own: Sandbox) -> None:
    code = "import sys\nsys.modules['pandas'] = sys.modules['antigravity'] = sys"
    assert run(own, code, "1").libraries == ("pandas",)
    # What is loaded is the true one, from where the zygote finds it.
    name = "import pandas\nanswer = pandas.__name__"
    assert all(observe(own, name, "answer") == ["pandas"] for _ in range(10))
