"""Run the fuzzer outside of the tests.

python -m tests.hostile.fuzz SECONDS [TARGET]…   explore targets in turn with random seeds; a fault ends its target
python -m tests.hostile.fuzz TARGET FILE         read one input again
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from collections import deque
from pathlib import Path
from tempfile import mkdtemp

from tests.hostile.fuzz.runner import Fuzzer, Hang, limit_memory, limited
from tests.hostile.fuzz.target import NAMES, load

EXAMPLES = 200
"""Inputs of one target before the next one's turn."""


def main(arguments: list[str]) -> int:
    """Return the exit code: 1 at a fault."""
    if len(arguments) == 2 and arguments[0] in NAMES:
        target = load(arguments[0])
        with limited(target.seconds):
            target(Path(arguments[1]).read_bytes())
        return 0
    if not arguments or not arguments[0].isdecimal() or not set(arguments[1:]) <= {*NAMES}:
        print(__doc__, "targets: " + ", ".join(NAMES), sep="\n")
        return 2
    return fuzz(float(arguments[0]), arguments[1:] or list(NAMES))


def fuzz(seconds: float, names: list[str]) -> int:
    """Explore the targets in turn for some seconds; print each fault, and how many inputs were read."""
    fuzzer = Fuzzer(Path(mkdtemp(prefix="ptquiz-fuzz-inputs-")))
    for name in names:
        load(name)
    limit_memory()
    print(f"inputs are in {fuzzer.folder}", flush=True)
    end, exploring = time.monotonic() + seconds, deque(names)
    while exploring and time.monotonic() < end:
        name, number = exploring.popleft(), random.SystemRandom().getrandbits(32)
        try:
            fuzzer.explore(name, number, EXAMPLES)
            exploring.append(name)
        except (Exception, Hang):
            traceback.print_exc()
            print(f"FAULT: {name}, seed {number}: the input is {fuzzer.file(name)}", flush=True)
    print(*fuzzer.report(), sep="\n", flush=True)
    return int(len(exploring) < len(names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
