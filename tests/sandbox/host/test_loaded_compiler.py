"""Torch's compiler in a zygote that has loaded it: runs do the same as where they import it, and import nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.sandbox.host.usage import memory_use
from quizapp.sandbox.host.zygote_client import ZygoteClient
from quizapp.sandbox.protocol import LIBRARIES, Ending
from quizapp.sandbox.worker import libraries
from tests.sandbox.conftest import LAYERS, started_zygote
from tests.sandbox.host.test_libraries import report_of

pytestmark = [pytest.mark.jail, pytest.mark.slow]

COMPILING = {
    "a compiled function": """
answer = torch.compile(lambda x: torch.sin(x) + x, backend="eager")(torch.ones(3))
""",
    "a backend of its own": """
def backend(module, inputs):
    print(module.code, [node.name for node in module.graph.nodes], module.forward.__code__.co_filename)
    return module.forward
answer = torch.compile(lambda x: torch.sin(x) + x, backend=backend)(torch.ones(3))
""",
    "counters": """
from torch._dynamo import utils
torch.compile(lambda x: torch.sin(x) + x, backend="eager")(torch.ones(3))
counters = utils.counters
answer = counters["stats"]["unique_graphs"], dict(counters["graph_break"]), len(utils.compilation_time_metrics)
""",
    "a graph break": """
def f(x):
    print("in between")
    return x.cos() if x.sum() > 0 else x
explained = torch._dynamo.explain(f)(torch.ones(3))
answer = explained.graph_count, explained.graph_break_count, [reason.reason for reason in explained.break_reasons]
""",
    "an error": """
def f(x):
    print(x)
    return x
torch.compile(f, backend="eager", fullgraph=True)(torch.ones(3))
""",
    "a training step": """
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Dropout(), torch.nn.Linear(4, 1))
optimizer = torch.optim.Adam(net.parameters())
compiled = torch.compile(net, backend="aot_eager")
for _ in range(2):
    optimizer.zero_grad()
    loss = compiled(torch.rand(2, 3)).sum()
    loss.backward()
    optimizer.step()
answer = loss, list(net.parameters())
""",
    "graphs of autograd": """
from functorch.compile import aot_function
def show(module, inputs):
    print(module.code)
    return module
x = torch.ones(3, requires_grad=True)
aot_function(lambda x: x.sin().cos(), fw_compiler=show, bw_compiler=show)(x).sum().backward()
answer = x.grad
""",
    "an export": """
program = torch.export.export(torch.nn.Linear(3, 2), (torch.ones(4, 3),), dynamic_shapes=({0: torch.export.Dim("n")},))
print(program)
answer = program.module()(torch.ones(5, 3)).shape
""",
    "checkpoints and warnings": """
import warnings
from torch.utils.checkpoint import checkpoint
warnings.warn("twice")
warnings.warn("twice")
x = torch.ones(3, requires_grad=True)
checkpoint(torch.sin, x).sum().backward()
answer = x.grad
""",
    "a Hessian": "answer = torch.func.hessian(lambda x: (x**3).sum())(torch.ones(3))",
    "a profile": """
with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
    torch.ones(3).sin()
answer = [event.key for event in profile.key_averages()]
""",
    "state": """
import logging, os, random, signal, tempfile, threading
import numpy as np
answer = [torch.rand(1), random.random(), np.random.rand(), torch.is_grad_enabled(), torch.get_default_dtype()]
environment = lambda: {name: value.replace(tmp, "tmp") for name, value in sorted(os.environ.items())}
print(environment(), tempfile.gettempdir() == tmp, threading.active_count(), signal.getsignal(signal.SIGINT))
print([(logger.level, logger.handlers) for logger in (logging.root, logging.getLogger("torch"))])
torch.utils.checkpoint.checkpoint(torch.sin, torch.ones(1), use_reentrant=False)
print(environment(), os.listdir(tmp))
""",
}
"""Code that uses torch's compiler, or what loading it could change; `answer` and what it prints are compared."""


@pytest.fixture(scope="module")
def fresh_zygote() -> Iterator[ZygoteClient]:
    """A zygote that loads no library, because nothing asks it to."""
    with started_zygote() as source:
        yield source


@pytest.fixture(scope="module")
def loaded_zygote() -> Iterator[ZygoteClient]:
    """A zygote that has loaded every library."""
    source = ZygoteClient("", LAYERS)
    try:
        source.start()
        for library in LIBRARIES:
            source.load(library)
        yield source
    finally:
        source.close()


@pytest.mark.parametrize("name", COMPILING)
def test_code_does_the_same_before_and_after_the_compiler_is_loaded(
    fresh_zygote: ZygoteClient, loaded_zygote: ZygoteClient, name: str
) -> None:
    first, later = (
        report_of(source, COMPILING[name], "answer", "stdout", "stderr", "warned")
        for source in (fresh_zygote, loaded_zygote)
    )
    assert first.ending is later.ending is Ending.FINISHED
    assert (later.observations, later.stdout, later.raised) == (first.observations, first.stdout, first.raised)
    # Native code of the profiler writes the time of day.
    assert name == "a profile" or later.stderr == first.stderr


@pytest.mark.parametrize("name", COMPILING)
def test_no_module_is_left_to_import_once_the_compiler_is_loaded(loaded_zygote: ZygoteClient, name: str) -> None:
    code = f"import functorch.compile, torch._dynamo.utils, sys\nbefore = set(sys.modules){COMPILING[name]}"
    later = report_of(loaded_zygote, code, "sorted(name for name in set(sys.modules) - before if 'torch' in name)")
    nothing = report_of(loaded_zygote, "answer = []", "answer")
    assert later.raised or later.values == nothing.values


def test_loading_starts_no_thread(loaded_zygote: ZygoteClient) -> None:
    # A worker that is forked from a process with several threads can hang.
    assert {memory_use(pid).threads for pid in loaded_zygote.processes()} == {1}


@pytest.mark.parametrize("library", libraries.WARM_UPS)
def test_a_warm_up_runs_to_its_end(loaded_zygote: ZygoteClient, library: str) -> None:
    assert report_of(loaded_zygote, libraries.WARM_UPS[library]).raised is None


def test_optimizers_do_without_the_compiler_until_something_is_compiled(loaded_zygote: ZygoteClient) -> None:
    code = """
import sys
idle = lambda: sys.modules["quizapp.sandbox.worker.compiler"].is_idle
w = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.SGD([w], lr=0.5)
def train():
    (w * w).sum().backward()
    optimizer.step()
train()
print(idle())
optimizer.zero_grad()
torch.compile(train, backend="eager")()
print(idle(), w.tolist())
"""
    assert report_of(loaded_zygote, code).stdout == "True\nFalse [0.0, 0.0]\n"
