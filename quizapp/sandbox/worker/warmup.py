"""Work done once ahead of all runs: bind library symbols, load modules, fault pages in."""

from __future__ import annotations

import contextlib
import importlib
import socket
import sys
import warnings
from dataclasses import replace

import torch

from quizapp.sandbox import frames, run_messages
from quizapp.sandbox.frames import FrameKind
from quizapp.sandbox.protocol import Expression, Run, UsageCaps
from quizapp.sandbox.worker import compiler, error_hints, execution

PRELOADED = (
    "torch._decomp.decompositions_for_jvp",
    "torch._subclasses.schema_check_mode",
    "torch.nn.utils.prune",
    "torch.profiler._cupti_monitor",
    "torch.utils.serialization.config",
)
"""Modules that torch loads when it prints or saves a tensor, in `DataLoader`, `jacfwd` …; not all torches have all."""

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
TRACED_RUN = replace(DRY_RUNS[1], code="x = torch.zeros(2)\n1 / 0\n", usage=UsageCaps(0), checks_after_error=True)


def load() -> None:
    """Load modules that answers would wait for, and avoid loading torch's compiler."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    error_hints.refuse_compiler()
    compiler.leave_out_compiler()
    initialise_vector_maths()


def initialise_vector_maths() -> None:
    """Make MKL detect the processor for its vector functions while this process has one thread.

    MKL stores a provisional processor type before the final one, without a lock. A second thread that reads it in
    between takes a kernel of low accuracy: `sqrt`, `exp` … are off by 2e-4 in that thread's part of the tensor. One
    call of any vector function (not `matmul` or `softmax`) stores the final type for this process and its forks.
    """
    torch.ones(1).exp()


def dry_run(run: Run) -> None:
    """Do a dry run on one thread to bind symbols and fault pages in, then restore the interpreter's state.

    The zygote calls it once, which binds symbols for all workers; a spare worker calls it again, which takes the
    page faults that the answer would wait for.
    """
    streams = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    filters, show, main, argv = warnings.filters[:], warnings.showwarning, sys.modules["__main__"], sys.argv
    link, peer = socket.socketpair()
    try:
        with link, peer:
            peer.sendall(frames.pack(FrameKind.RUN, run_messages.run_facts(run)))
            trial = execution.Execution(run_messages.read_run(frames.receive(link).facts), link, "/")
            trial.output.silence()
            trial.execute()
    finally:
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
        warnings.filters[:], warnings.showwarning = filters, show  # type: ignore[index]
        sys.modules["__main__"], sys.argv = main, argv
