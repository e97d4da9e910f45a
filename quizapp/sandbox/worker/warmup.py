"""What every run needs, done once beforehand: library symbols bound, modules loaded, pages touched."""

from __future__ import annotations

import contextlib
import importlib
import socket
import sys
import warnings
from dataclasses import replace

from quizapp.sandbox import frames, run_messages
from quizapp.sandbox.frames import FrameKind
from quizapp.sandbox.protocol import Expression, Run
from quizapp.sandbox.worker import compiler, error_hints, execution

PRELOADED = (
    "torch._decomp.decompositions_for_jvp",
    "torch._subclasses.schema_check_mode",
    "torch.nn.utils.prune",
    "torch.profiler._cupti_monitor",
    "torch.utils.serialization.config",
)
"""What torch loads when a tensor is shown or saved, by `DataLoader`, `jacfwd` … Some are not in every torch."""

DRY_RUNS = (
    Run("answer = torch.ones(2, 3)\n", (Expression(0, "answer"),), preamble="import torch"),
    Run(
        "x = torch.arange(6.0).reshape(2, 3)\nanswer = torch.softmax(x @ x.T + 1, dim=1)\nprint(answer)\n",
        (
            Expression(0, "answer"),
            Expression(1, "answer.shape"),
            Expression(2, "stdout"),
        ),
        preamble="import torch",
        watch=("x",),
    ),
)
TRACED_RUN = replace(DRY_RUNS[1], code="x = torch.zeros(2)\n1 / 0\n", trace=True, checks_after_error=True)


def load() -> None:
    """Have loaded, or do without, what answers would wait for."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    error_hints.refuse_compiler()
    compiler.leave_out_compiler()


def dry_run(run: Run) -> None:
    """Walk the way of a run, on one thread and without a trace left behind.

    The zygote calls it once, a spare worker again: the first binds symbols for all, the second
    takes the page faults that the answer would wait for.
    """
    streams = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    filters, show, main, argv = warnings.filters[:], warnings.showwarning, sys.modules["__main__"], sys.argv
    mine, theirs = socket.socketpair()
    try:
        with mine, theirs:
            theirs.sendall(frames.pack(FrameKind.RUN, run_messages.run_facts(run)))
            trial = execution.Execution(run_messages.read_run(frames.receive(mine).facts), mine, "/")
            trial.output.silence()
            trial.execute()
    finally:
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
        warnings.filters[:], warnings.showwarning = filters, show  # type: ignore[index]
        sys.modules["__main__"], sys.argv = main, argv
