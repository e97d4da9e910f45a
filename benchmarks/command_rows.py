"""Process start to end of commands, beside a process that only imports torch."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import milliseconds

PROGRAM = [sys.executable, "-c", "from quizapp.cli import main; main()"]
CARD = "tensors/one-float-is-enough"


def commands(count: int) -> dict[str, list[float]]:
    """Time `ptquiz try` on a shipped card, `ptquiz due` and the import of torch, in turn, with warm caches."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"PTQUIZ_HOME": home}
        answer = Path(home, "answer.py")
        answer.write_text("answer = ...\n")
        lines = {
            "import torch": [sys.executable, "-c", "import torch"],
            "ptquiz try": [*PROGRAM, "try", CARD, str(answer)],
            "ptquiz due": [*PROGRAM, "due"],
        }
        rows: dict[str, list[float]] = {name: [] for name in lines}
        for number in range(count + 1):
            for name, line in lines.items():
                taken = milliseconds(lambda: subprocess.run(line, env=environment, capture_output=True))  # noqa: B023
                if number:
                    rows[name].append(taken)
    return rows
