"""Loads slow libraries in the zygote, for all later workers: imports each, and does what its first use would do."""

from __future__ import annotations

import importlib
import os
import tempfile

from quizapp.sandbox.protocol import Run
from quizapp.sandbox.worker import compiler, warmup
from quizapp.sandbox.worker.saved_state import saved_state

COMPILING = """
def f(x):
    return torch.relu(torch.sin(x) + x.shape[0]).sum()

def broken(x):
    print("graph break")
    return f(x) if x.sum() > 0 else x

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU(), torch.nn.Dropout())

    def forward(self, x):
        return self.layers(x)

x = torch.ones(4, 3)
torch.compile(f, backend="eager")(x)
torch.compile(Net(), backend="eager")(x)
torch.compile(broken, backend="eager", dynamic=True)(x)
torch.compile(torch.vmap(torch.func.grad(f)), backend="eager")(x)
torch._dynamo.explain(broken)(x)
for options in ({}, {"strict": True}, {"dynamic_shapes": ({0: torch.export.Dim("n")},)}):
    str(torch.export.export(Net(), (x,), **options))
"""
AOT = """
net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(2, 1))
compiled = torch.compile(net, backend="aot_eager")
compiled(torch.ones(4, 3)).sum().backward()
with torch.no_grad():
    compiled(torch.ones(4, 3))
"""
WARM_UPS = {"torch._dynamo": "", "torch._functorch.aot_autograd": COMPILING, "torch._inductor.debug": AOT}
"""Library of torch's compiler -> code that uses it."""

NO_FOLDER = "/proc"
"""A folder in which no file can be created: torch makes the folder of its compiler's cache when it is imported."""

ENVIRONMENT = {
    # The compiler counts the devices, and the autograd engine starts a thread for each.
    "CUDA_VISIBLE_DEVICES": "",
    # Pandas imports numexpr if it is installed, which starts threads by default.
    "NUMEXPR_NUM_THREADS": "1",
    "TORCHINDUCTOR_CACHE_DIR": NO_FOLDER,
    # Otherwise some versions of torch start processes to compile in, and a thread that waits for them.
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
}


def load(library: str, cuda: bool) -> None:
    """Import a library and warm it up; only modules and caches are different afterwards.

    With `cuda`, workers can use the device: then the compiler is left out, because compiling asks for the state of
    the device's generator, which starts CUDA. Raises what the import raises.
    """
    if cuda and library in WARM_UPS:
        return
    with saved_state():
        os.environ.update(ENVIRONMENT)
        tempfile.tempdir = NO_FOLDER
        importlib.import_module(library)
        if library in WARM_UPS:
            compiler.leave_out_guard_timing()
            warmup.dry_run(Run(WARM_UPS[library], (), preamble="import torch"))
            compiler.forget_compilations()
