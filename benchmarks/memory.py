"""Memory of the idle sandbox beside a bare `import torch`, and what each of its workers adds.

    python benchmarks/memory.py

A bare process is counted with every page that it has in memory. Of the sandbox, the zygote is counted so too, and of
each other process the pages that nobody shares with it. Needs /proc, and root where the sandbox gives root up.
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
    """The sum of these fields of a process's maps."""
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
    beside = bare()
    with Sandbox(judge=JUDGE) as sandbox:
        tier = sandbox.wait().tier
        # Until every spare is there and has rehearsed.
        time.sleep(3)
        source = sandbox._pool._source
        assert source is not None
        own = source.processes()
        zygote = max(own, key=lambda pid: mebibytes(pid, "Rss"))
        workers = {str(pid): private(pid) for pid in sandbox.processes() - own}
        waiting = sum(map(private, own - {zygote}))
        forked = mebibytes(zygote, "Rss")
    total = forked + waiting + sum(workers.values())
    print(f"bare import torch           {beside:8.1f} MiB")
    print(f"zygote, {tier:<20}{forked:8.1f}\nits process 0               {waiting:8.1f}")
    for pid, memory in workers.items():
        print(f"worker {pid:<21}{memory:8.1f} of its own (at most {WORKER_AT_MOST})")
    print(f"the idle sandbox            {total:8.1f}\n\nsandbox / bare {total / beside:6.3f} (at most {AT_MOST})")


if __name__ == "__main__":
    main()
