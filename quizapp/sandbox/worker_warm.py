"""What every run needs, done once beforehand: library symbols bound, modules loaded, pages touched."""

from __future__ import annotations

import socket
import sys
import warnings

from quizapp.sandbox import frames, messages, values, worker
from quizapp.sandbox.frames import Kind
from quizapp.sandbox.protocol import Expression, Run

REHEARSAL = Run(
    code="x = torch.arange(6.0).reshape(2, 3)\nanswer = torch.softmax(x @ x.T + 1, dim=1)\nprint(answer)\n",
    checks=(
        Expression(0, "answer"),
        Expression(1, "answer.shape"),
        Expression(2, "stdout"),
        Expression(3, "caught(torch.cat, [])", "y = answer.tolist()"),
    ),
    preamble="import torch",
    trace=True,
)


def rehearse() -> None:
    """Walk the way of a run, on one thread and without a trace left behind.

    The zygote calls it once, a spare worker again: the first binds symbols for all, the second
    takes the page faults that the answer would wait for.
    """
    streams = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__
    filters, show, main, argv = warnings.filters[:], warnings.showwarning, sys.modules["__main__"], sys.argv
    try:
        _walk()
    finally:
        sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__ = streams  # type: ignore[misc]
        warnings.filters[:], warnings.showwarning = filters, show  # type: ignore[index]
        sys.modules["__main__"], sys.argv = main, argv


def _walk() -> None:
    mine, theirs = socket.socketpair()
    with mine, theirs:
        theirs.sendall(frames.pack(Kind.RUN, messages.run_facts(REHEARSAL)))
        run = messages.read_run(frames.receive(mine).facts)
        execution = worker.Execution(run, mine, "/")
        execution.output.silence()
        execution.execute()
        for kind in (Kind.CODE, *[Kind.OBSERVED] * len(run.checks), Kind.ENDED):
            frame = frames.receive(theirs)
            assert frame.kind is kind
            for blob in frame.blobs:
                if kind is Kind.OBSERVED:
                    values.decode(blob)
