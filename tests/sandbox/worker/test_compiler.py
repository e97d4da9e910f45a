"""Answers that compile nothing do not load torch's compiler; answers that compile can use all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.usage import memory_use
from tests.sandbox.conftest import LAYERS
from tests.sandbox.runs import observe

LOADED = "sorted(name for name in sys.modules if name.startswith('torch._dynamo'))"
BEFORE = "import sys\nbefore = set(sys.modules)\n"
STEP = """
w = torch.nn.Parameter(torch.ones(2))
o = torch.optim.{name}([w], lr=0.5)
(w * w).sum().backward()
o.step()
"""
COMMON = {
    **{name: STEP.format(name=name) for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")},
    "a schedule": STEP.format(name="SGD") + "torch.optim.lr_scheduler.StepLR(o, 1).step()",
    "an average": STEP.format(name="SGD") + "torch.optim.swa_utils.AveragedModel(torch.nn.Linear(1, 1))",
    "a gradient": "torch.func.grad(lambda v: (v * v).sum())(x)",
    "a gradient of each": "torch.vmap(torch.func.grad(lambda v: v * v))(x)",
    "a Jacobian": "torch.func.jacrev(torch.sin)(x); torch.func.jacfwd(torch.sin)(x)",
    "a gradient from outside": "v = torch.ones(3, requires_grad=True)\n(v * 2).backward(torch.ones(3))",
    "data parallel": "torch.nn.DataParallel(torch.nn.Linear(3, 1))(x)",
    "a loader": "list(torch.utils.data.DataLoader(x, batch_size=2, shuffle=True))",
    "saved and shown": "torch.save(x, tmp + '/x'); str(torch.load(tmp + '/x'))",
}


@pytest.fixture(scope="module")
def plain_sandbox() -> Iterator[Sandbox]:
    """A sandbox in which no other test uses the compiler, so that it is not loaded."""
    with Sandbox(layers=LAYERS) as started:
        yield started


@pytest.mark.jail
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", COMMON)
def test_common_answers_load_no_further_torch_modules(name: str, plain_sandbox: Sandbox) -> None:
    new = "sorted(name for name in set(sys.modules) - before if name.partition('.')[0] in ('torch', 'sympy'))"
    assert observe(plain_sandbox, BEFORE + COMMON[name], LOADED, new, given="x = torch.ones(3)") == [[], []]


def test_an_optimizer_steps_without_a_graph_unless_it_is_differentiable(sandbox: Sandbox) -> None:
    code = """
w = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
o = torch.optim.SGD([w], lr=0.5)
(w * w).sum().backward()
o.step()
inside = []
class Mine(torch.optim.SGD):
    def step(self): inside.append(torch.is_grad_enabled()); return super().step()
m = Mine([w], lr=0.0)
m.step()
v = torch.ones(1, requires_grad=True)
copy = v.clone()
copy.grad = v * 3
torch.optim.SGD([copy], lr=1.0, differentiable=True).step()
"""
    assert observe(sandbox, code, "w.tolist()", "w.grad_fn is None", "inside", "copy.grad_fn is not None") == [
        [0.0, 0.0],
        True,
        [True],
        True,
    ]


def test_a_gradient_of_the_wrong_shape_or_dtype_is_still_refused(sandbox: Sandbox) -> None:
    code = "v = torch.ones(3, requires_grad=True)"
    messages = [
        "str(caught((v * 2).backward, torch.ones(2)))[:17]",
        "str(caught((v * 2).backward, torch.ones(3, dtype=torch.complex64)))[:19]",
        "str(caught((v * 2).backward))[:15]",
    ]
    assert observe(sandbox, code, *messages) == ["Mismatch in shape", "For complex Tensors", "grad can be imp"]


def test_the_compiler_works_once_it_is_imported(sandbox: Sandbox) -> None:
    code = """
import torch._dynamo.config
import sys
w = torch.nn.Parameter(torch.ones(2))
o = torch.optim.SGD([w], lr=0.5)
def train():
    (w * w).sum().backward()
    o.step()
    o.zero_grad()
torch.compile(train, backend="eager")()
o.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))]})
g = torch.func.grad(lambda v: (v * v).sum())(torch.ones(2))
"""
    real = (
        "torch._dynamo is sys.modules['torch._dynamo'] and torch._dynamo.config is sys.modules['torch._dynamo.config']"
    )
    assert observe(sandbox, code, "w.tolist()", "len(o.param_groups)", "g.tolist()", real) == [
        [0.0, 0.0],
        2,
        [2.0, 2.0],
        True,
    ]


def test_the_attribute_of_torch_loads_the_compiler(sandbox: Sandbox) -> None:
    code = "import sys\nreset = torch._dynamo.reset"
    assert observe(sandbox, code, "callable(reset)", "torch._dynamo is sys.modules['torch._dynamo']") == [True, True]


def test_the_zygote_has_one_thread(sandbox: Sandbox) -> None:
    # A worker that is forked from a process with several threads can hang.
    source = sandbox._workers.pool._source
    assert source is not None
    assert {memory_use(pid).threads for pid in source.processes()} == {1}
