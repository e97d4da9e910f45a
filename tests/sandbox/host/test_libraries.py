"""Libraries that are slow to import: the first run that needs one imports it, later runs find it loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.process import WorkerSpec
from quizapp.sandbox.host.supervisor import supervise
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.protocol import LIBRARIES, Expression, Run
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import GENEROUS_LIMITS, observe, run

pytestmark = pytest.mark.jail

LOADED = "import sys\nanswer = sorted(sys.modules)"
MAX_RUNS = 1000


@pytest.fixture
def zygote() -> Iterator[ZygoteClient]:
    source = ZygoteClient("", LAYERS)
    try:
        source.start()
        yield source
    finally:
        source.close()


def modules(source: ZygoteClient) -> set[str]:
    """Return the modules that a new worker has already loaded."""
    worker = source.create_worker(WorkerSpec(), dry_run=False)
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


def test_every_listed_library_is_covered() -> None:
    assert set(NEEDED) == set(LIBRARIES)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_a_run_needed_is_loaded_for_later_runs(own_sandbox: Sandbox, library: str) -> None:
    assert library not in observe(own_sandbox, LOADED, "answer")[0]
    assert run(own_sandbox, NEEDED[library], "1").libraries == (library,)
    assert any(library in observe(own_sandbox, LOADED, "answer")[0] for _ in range(MAX_RUNS))


def test_only_the_listed_libraries_are_ever_loaded(zygote: ZygoteClient) -> None:
    zygote.load("antigravity")
    assert not {"antigravity", *LIBRARIES} & modules(zygote)
    zygote.load("pandas")
    assert {"antigravity", *LIBRARIES} & modules(zygote) == {"pandas"}


def test_a_run_may_claim_any_library_but_only_listed_ones_are_loaded(own_sandbox: Sandbox) -> None:
    code = "import sys\nsys.modules['pandas'] = sys.modules['antigravity'] = sys"
    assert run(own_sandbox, code, "1").libraries == ("pandas",)
    # The zygote loads the real library, not the module that the run has forged.
    name = "import pandas\nanswer = pandas.__name__"
    assert all(observe(own_sandbox, name, "answer") == ["pandas"] for _ in range(10))
