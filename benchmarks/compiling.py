"""Time of a run that uses torch's compiler: the first, and later ones, for which the zygote has loaded it.

python benchmarks/compiling.py [--runs 7]. A later run must take at most 100 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import LIBRARIES, Ending, Limits, Report, Run

FEATURES = {
    'torch.compile, "eager"': "torch.compile(lambda x: torch.sin(x) + x, backend='eager')(torch.ones(3))",
    'torch.compile, "aot_eager"': "torch.compile(torch.nn.Linear(3, 2), backend='aot_eager')(torch.ones(4, 3))",
    "torch._dynamo.explain": "torch._dynamo.explain(lambda x: torch.sin(x) + x)(torch.ones(3))",
    "torch.export.export": "torch.export.export(torch.nn.Linear(3, 2), (torch.ones(4, 3),))",
    "torch.func.hessian": "torch.func.hessian(lambda x: (x**3).sum())(torch.ones(3))",
    "torch.func.jacfwd": "torch.func.jacfwd(torch.sin)(torch.ones(3))",
    "torch.func.linearize": "torch.func.linearize(torch.sin, torch.ones(3))",
    "vmap of grad": "torch.vmap(torch.func.grad(lambda x: x * x))(torch.ones(3))",
    "checkpoint": "torch.utils.checkpoint.checkpoint(torch.sin, torch.ones(3), use_reentrant=False)",
    "profiler": "with torch.profiler.profile() as profile: torch.ones(3).sin()\nprofile.key_averages()",
}
OTHERS = {
    "nothing": "pass",
    "an optimizer": """
w = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.Adam([w])
for _ in range(20):
    optimizer.zero_grad()
    (w * w).sum().backward()
    optimizer.step()
""",
}
"""Code that does not use the compiler, and must not become slower."""

WAIT_SECONDS = 120.0


def submit(sandbox: Sandbox, code: str) -> Report:
    report = sandbox.submit(Run(code, (), preamble="import torch, sys", limits=Limits(seconds=60)))
    assert report.ending is Ending.FINISHED and report.raised is None, report
    return report


def milliseconds(sandbox: Sandbox, code: str, runs: int) -> float:
    """Return the median time of a run."""
    return statistics.median(submit(sandbox, code).seconds for _ in range(runs)) * 1000


def first_run(code: str) -> float:
    """Return the milliseconds of a run in a new sandbox, which has loaded nothing."""
    with Sandbox() as sandbox:
        sandbox.wait(None)
        return submit(sandbox, code).seconds * 1000


def wait_until_loaded(sandbox: Sandbox, library: str) -> None:
    """Wait until new workers have a library, which a run has needed."""
    deadline = time.monotonic() + WAIT_SECONDS
    while submit(sandbox, f"print({library!r} in sys.modules)").stdout.strip() != "True":
        assert time.monotonic() < deadline, f"{library} was not loaded"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    first = {name: first_run(code) for name, code in FEATURES.items()}
    with Sandbox() as sandbox:
        sandbox.wait(None)
        before = {name: milliseconds(sandbox, code, runs) for name, code in OTHERS.items()}
        needed = {library for code in FEATURES.values() for library in submit(sandbox, code).libraries}
        for library in sorted(needed, key=LIBRARIES.index):
            wait_until_loaded(sandbox, library)
        later = {name: milliseconds(sandbox, code, runs) for name, code in (FEATURES | OTHERS).items()}
    print(f"{'':28}{'first ms':>10}{'later ms':>10}")
    for name, value in (first | before).items():
        print(f"{name:28}{value:10.0f}{later[name]:10.1f}")
    sys.exit(any(later[name] > 100 for name in FEATURES))


if __name__ == "__main__":
    main()
