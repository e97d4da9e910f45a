"""Medians, tables, and the baselines that several benchmarks share."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence


def milliseconds(action: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def p95(samples: Sequence[float]) -> float:
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * 0.95))]


def table(rows: Mapping[str, Sequence[float]]) -> str:
    """Return a table: name, median and p95 in milliseconds, and count of each row."""
    width = max(map(len, rows))
    lines = [f"{'':<{width}}  {'median ms':>10}  {'p95 ms':>10}  {'n':>5}"]
    for name, samples in rows.items():
        lines.append(f"{name:<{width}}  {statistics.median(samples):>10.2f}  {p95(samples):>10.2f}  {len(samples):>5}")
    return "\n".join(lines)


def ratio(samples: Sequence[float], baseline: Sequence[float]) -> float:
    """Return the median of `samples` divided by that of `baseline`."""
    return statistics.median(samples) / statistics.median(baseline)


FORKER = """
import os, sys, time
import torch
torch.set_num_threads(1)
sys.stdout.write("ready\\n"); sys.stdout.flush()
for _ in sys.stdin:
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    sys.stdout.write(f"{(time.perf_counter() - start) * 1000}\\n"); sys.stdout.flush()
"""


class BareFork:
    """A process that has imported torch and, when called, forks a child that exits at once."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", FORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout and self.process.stdout.readline() == "ready\n"

    def __call__(self) -> float:
        """Return the milliseconds of one fork, measured by that process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


class WarmCell:
    """A Jupyter kernel that has imported torch and runs one cell at a time."""

    def __init__(self, setup: str) -> None:
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel()
        self.run(setup)

    def run(self, code: str) -> None:
        reply = self.client.execute_interactive(code, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply["content"]

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def fresh_process(code: str) -> None:
    """Run code in a new Python, as a grader without a sandbox would."""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
