"""Memory of the idle sandbox beside a bare `import torch`, and of each of its workers.

    python benchmarks/memory.py

The bare process and the zygote are measured by their resident pages, every other process of the sandbox by its private
pages. Needs /proc, and root where the sandbox drops root.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from quizapp.grading.grader import JUDGE
from quizapp.sandbox.client import Sandbox

BARE = "import torch, sys; print(flush=True); sys.stdin.read()"
AT_MOST, WORKER_AT_MOST = 1.25, 5.0


def mebibytes(pid: int, *fields: str) -> float:
    """Return the sum of these fields of `/proc/PID/smaps_rollup`, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in fields) / 1024


def private(pid: int) -> float:
    return mebibytes(pid, "Private_Clean", "Private_Dirty")


def bare() -> float:
    with subprocess.Popen([sys.executable, "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        memory = mebibytes(process.pid, "Rss")
        process.communicate()
    return memory


def main() -> None:
    baseline = bare()
    with Sandbox(judge=JUDGE) as sandbox:
        tier = sandbox.wait().tier
        # Until every spare worker is forked and warmed up.
        time.sleep(3)
        source = sandbox._workers.pool._source
        assert source is not None
        own = source.processes()
        zygote = max(own, key=lambda pid: mebibytes(pid, "Rss"))
        workers = {str(pid): private(pid) for pid in sandbox.processes() - own}
        waiting = sum(map(private, own - {zygote}))
        forked = mebibytes(zygote, "Rss")
    total = forked + waiting + sum(workers.values())
    print(f"bare import torch           {baseline:8.1f} MiB")
    print(f"zygote, {tier:<20}{forked:8.1f}\nits process 0               {waiting:8.1f}")
    for pid, memory in workers.items():
        print(f"worker {pid:<21}{memory:8.1f} private (at most {WORKER_AT_MOST})")
    print(f"the idle sandbox            {total:8.1f}\n\nsandbox / bare {total / baseline:6.3f} (at most {AT_MOST})")


if __name__ == "__main__":
    main()
