"""Common uses of torch work in the jail, and those that cannot work explain why."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from tests.sandbox.runs import observe, run

WORKS = {
    "operators on several threads": "torch.set_num_threads(2)\nx = torch.ones(600, 600)\nanswer = float((x @ x).sum())",
    "a long elementwise operation": "answer = float((torch.ones(3_000_000) * 2).sum())",
    "autograd": "x = torch.ones(200, 200, requires_grad=True)\n(x @ x).sum().backward()\nanswer = float(x.grad[0, 0])",
    "a convolution": "answer = float(torch.nn.Conv2d(3, 8, 3)(torch.zeros(4, 3, 32, 32)).shape[2])",
    "linear algebra": "answer = float(torch.linalg.svd(torch.eye(50))[1].sum())",
    "a Fourier transform": "answer = float(torch.fft.fft(torch.ones(64)).real[0])",
    "threads": """
import threading
answer = []
workers = [threading.Thread(target=answer.append, args=(1.0,)) for _ in range(4)]
for worker in workers: worker.start()
for worker in workers: worker.join()
answer = sum(answer)
""",
    "asyncio": "import asyncio\nasync def f(): return 5.0\nanswer = asyncio.run(f())",
    "a loader without workers": """
from torch.utils.data import DataLoader
answer = float(sum(batch.sum() for batch in DataLoader(torch.ones(10), batch_size=3)))
""",
    "saving and loading": "torch.save({'a': x}, 'f.pt')\nanswer = float(torch.load('f.pt')['a'].sum())",
    "saving a model": """
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 2)
torch.save(Net(), tmp + '/net.pt')
answer = float(torch.load(tmp + '/net.pt', weights_only=False).layer.weight.numel())
""",
    "temporary files": """
import tempfile
with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile('w+') as file:
    file.write('7'); file.seek(0)
    open(folder + '/other', 'w').close()
    answer = float(file.read())
""",
    "data parallel": "answer = float(torch.nn.DataParallel(torch.nn.Linear(2, 1))(torch.zeros(3, 2)).shape[0])",
    "pandas": "import pandas as pd\nanswer = float(pd.DataFrame({'a': [1, 2]}).a.sum())",
    "numpy": "import numpy as np\nanswer = float(np.linalg.norm(np.ones(4)) + np.random.default_rng(0).random() * 0)",
    "functional transforms": """
from torch.func import grad, vmap
answer = float(vmap(grad(lambda v: v * v))(torch.ones(3)).sum())
""",
    "the compiler's front end": "answer = float(torch.compile(lambda v: v + 1, backend='eager')(torch.ones(1)))",
    "scripting": "answer = float(torch.jit.trace(lambda v: v + 1, torch.ones(1))(torch.ones(1)))",
    "source of a function": """
import inspect
def f():
    return 1
answer = float(len(inspect.getsource(f).splitlines()))
""",
    "source of a class": "import inspect\nclass A:\n    x = 1\nanswer = float(len(inspect.getsource(A).splitlines()))",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WORKS)
def test_common_code_works_in_the_jail(name: str, sandbox: Sandbox) -> None:
    (value,) = observe(sandbox, WORKS[name], "type(answer).__name__", given="x = torch.ones(3)")
    assert value == "float"


LOADER = """
from torch.utils.data import DataLoader, Dataset
class Squares(Dataset):
    def __len__(self): return 8
    def __getitem__(self, place): return torch.tensor(place) ** 2
answer = torch.cat(list(DataLoader(Squares(), batch_size=2, num_workers=2)))
"""


def test_a_loader_with_workers_works_if_processes_may_start(sandbox: Sandbox, has_namespaces: bool) -> None:
    if has_namespaces:
        assert observe(sandbox, LOADER, "answer.tolist()") == [[0, 1, 4, 9, 16, 25, 36, 49]]
        return
    raised = run(sandbox, LOADER, "answer").raised
    assert raised is not None
    assert (raised.type, "num_workers=0" in raised.message) == ("PermissionError", True)


def test_torch_compile_explains_why_it_cannot_start(sandbox: Sandbox) -> None:
    raised = run(sandbox, "answer = torch.compile(lambda v: v * 2 + 1)(torch.ones(3))", "answer").raised
    assert raised is not None
    assert "sandbox" in raised.message


def test_a_subprocess_explains_why_it_cannot_start(sandbox: Sandbox) -> None:
    raised = run(sandbox, "import subprocess\nsubprocess.run(['ls'])", "1").raised
    assert raised is not None
    assert (raised.type, "sandbox" in raised.message) == ("PermissionError", True)


def test_the_profiler_prints_nothing_that_the_code_did_not_print(sandbox: Sandbox) -> None:
    code = "from torch.profiler import profile\nwith profile() as p:\n    x.sum()\nanswer = len(p.key_averages()) > 0"
    report = run(sandbox, f"import torch\nx = torch.ones(3)\n{code}", "answer")
    assert (report.raised, report.stdout, report.stderr) == (None, "", "")
