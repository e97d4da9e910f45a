"""Runs per second and open descriptors for 1 to 64 jobs: with runs that compute, and with runs that only wait.

Runs that wait show how far the sandbox itself scales on a machine with few processors: N jobs that wait for S seconds
could finish N / S runs per second if making a worker cost nothing.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.host.capacity import max_workers, processors
from quizapp.sandbox.protocol import Ending, Expression, Run

JOBS = (1, 2, 4, 8, 16, 32, 64)
CHECKS = (Expression(0, "answer"),)
WAIT_SECONDS = 0.5
COMPUTES = Run("import torch\nx = torch.ones(64, 64)\nfor _ in range(50): x = x @ x / 64\nanswer = 1", CHECKS)
WAITS = Run(f"import time\ntime.sleep({WAIT_SECONDS})\nanswer = 1", CHECKS)


def measure(sandbox: Sandbox, run: Run, jobs: int, count: int) -> tuple[float, int]:
    """Return runs per second, and the most descriptors that were open at the end of a run."""
    peak = 0

    def submit(_: int) -> None:
        nonlocal peak
        report = sandbox.submit(run)
        assert report.ending is Ending.FINISHED, report
        peak = max(peak, len(list(Path("/proc/self/fd").iterdir())))

    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as threads:
        list(threads.map(submit, range(count)))
    return count / (time.perf_counter() - start), peak


def main() -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    print(f"{processors()} processors, {files} open files, so at most {max_workers()} workers at a time")
    print(f"{'':>4}  {'computing':>20}  {f'waiting {WAIT_SECONDS:g} s':>30}")
    print(f"{'jobs':>4}  {'runs/s':>9}  {'files':>9}  {'runs/s':>9}  {'of ideal':>8}  {'files':>9}")
    with Sandbox() as sandbox:
        sandbox.wait()
        measure(sandbox, COMPUTES, 4, 20)
        for jobs in JOBS:
            rate, files = measure(sandbox, COMPUTES, jobs, max(50, 4 * jobs))
            waiting, waiting_files = measure(sandbox, WAITS, jobs, max(8, 4 * jobs))
            share = waiting * WAIT_SECONDS / jobs
            print(f"{jobs:>4}  {rate:>9.1f}  {files:>9}  {waiting:>9.1f}  {share:>8.0%}  {waiting_files:>9}")


if __name__ == "__main__":
    main()
