"""Libraries that are slow to import: the first run that needs one imports it, later runs find it loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.process import WorkerSpec
from quizapp.sandbox.host.supervisor import supervise
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.jail.layers import Layers
from quizapp.sandbox.protocol import LIBRARIES, Expression, Report, Run
from quizapp.sandbox.worker import libraries
from tests.sandbox.conftest import LAYERS, started_zygote
from tests.sandbox.runs import GENEROUS_LIMITS, observe, run

pytestmark = pytest.mark.jail

LOADED = "import sys\nanswer = sorted(sys.modules)"
MAX_RUNS = 1000

NEEDED = {
    "pandas": "import pandas\nanswer = 1",
    "torch.fx.experimental.symbolic_shapes": "torch.full_like(torch.ones(2, device='meta'), 0.5)",
    "torch._dynamo": "torch.utils.checkpoint.checkpoint(torch.sin, torch.ones(1), use_reentrant=False)",
    "torch._functorch.aot_autograd": "torch.compile(torch.nn.ReLU(), backend='eager')(torch.ones(1))",
    "torch._inductor.debug": "torch.compile(torch.nn.ReLU(), backend='aot_eager')(torch.ones(1))",
}


@pytest.fixture
def zygote() -> Iterator[ZygoteClient]:
    with started_zygote() as source:
        yield source


def report_of(source: ZygoteClient, code: str, *checks: str) -> Report:
    """Run code and checks in a new worker; return the report."""
    worker = source.create_worker(WorkerSpec(), dry_run=False)
    try:
        assert worker.wait_until_ready()
        expressions = tuple(Expression(number, check) for number, check in enumerate(checks))
        return supervise(Run(code, expressions, preamble="import torch", limits=GENEROUS_LIMITS), worker)
    finally:
        worker.discard()


def modules(source: ZygoteClient) -> set[str]:
    """Return the modules that a new worker has already loaded."""
    return set(report_of(source, f"{LOADED}\nprint(*answer)").stdout.split())


def test_every_listed_library_is_covered() -> None:
    assert set(NEEDED) == set(LIBRARIES)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_a_run_needed_is_loaded_for_later_runs(own_sandbox: Sandbox, library: str) -> None:
    assert library not in observe(own_sandbox, LOADED, "answer")[0]
    assert library in run(own_sandbox, NEEDED[library], "1").libraries
    assert any(library in observe(own_sandbox, LOADED, "answer")[0] for _ in range(MAX_RUNS))


@pytest.mark.parametrize("library", ["pandas", "torch._dynamo"])
def test_only_the_listed_libraries_are_ever_loaded(zygote: ZygoteClient, library: str) -> None:
    zygote.load("antigravity")
    zygote.load("torch._inductor.compile_fx")
    assert not {"antigravity", "torch._inductor.compile_fx", *LIBRARIES} & modules(zygote)
    zygote.load(library)
    expected = {"pandas"} if library == "pandas" else {"torch._dynamo", "torch.fx.experimental.symbolic_shapes"}
    assert {"antigravity", "torch._inductor.compile_fx", *LIBRARIES} & modules(zygote) == expected


def test_a_run_may_claim_any_library_but_only_listed_ones_are_loaded(own_sandbox: Sandbox) -> None:
    code = "import sys\nsys.modules['pandas'] = sys.modules['antigravity'] = sys"
    assert run(own_sandbox, code, "1").libraries == ("pandas",)
    # The zygote loads the real library, not the module that the run has forged.
    name = "import pandas\nanswer = pandas.__name__"
    assert all(observe(own_sandbox, name, "answer") == ["pandas"] for _ in range(10))


started: list[ZygoteClient] = []


class Fragile(ZygoteClient):
    """A zygote that dies of each library that it loads."""

    def __init__(self, judge: str, layers: Layers) -> None:
        super().__init__(judge, layers)
        started.append(self)

    def load(self, library: str) -> None:
        self.process.kill()
        super().load(library)


def test_a_library_that_the_zygote_dies_of_is_loaded_only_once() -> None:
    with Sandbox(layers=LAYERS, source=Fragile) as sandbox:
        assert all(run(sandbox, NEEDED["pandas"], "1").libraries == ("pandas",) for _ in range(4))
    assert [source.loaded for source in started] == [{"pandas"}, set()]


def test_the_compiler_is_left_out_where_workers_use_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []
    monkeypatch.setattr("importlib.import_module", imported.append)
    for library in LIBRARIES:
        libraries.load(library, cuda=True)
    assert imported == ["pandas", "torch.fx.experimental.symbolic_shapes"]
