"""Values of the size that a run may return are copied only where the app cannot avoid it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.sandbox.host.usage import HAS_PROC

CHECKS, MIB = 3, 16
GRADE = """
import json, sys
from pathlib import Path
from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Limits

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

checks, mib = map(int, sys.argv[1:3])
solution = f"answer = [torch.arange({mib} << 18, dtype=torch.float32) + i for i in range({checks})]"
card = Card(
    "large", "x", "?", tuple(Check(f"answer[{number}]") for number in range(checks)), preamble="import torch",
    given="x = 1", solution=solution, limits=Limits(seconds=30),
)
with Sandbox(judge=JUDGE) as sandbox:
    sandbox.wait()
    grader = Grader(sandbox, trust=True, report_folder=Path(sys.argv[3]))
    before = peak()
    verdict = grader.grade(card, solution.replace("+ i", "+ i + 1"))
    print(json.dumps([verdict.outcome, peak() - before]))
"""


@pytest.mark.jail
@pytest.mark.slow
@pytest.mark.skipif(not HAS_PROC, reason="needs /proc")
def test_the_app_holds_large_values_once_and_copies_a_part_of_them_at_a_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GRADE, str(CHECKS), str(MIB), str(tmp_path)]
    outcome, grown = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    of_both_sides = 2 * CHECKS * MIB
    assert outcome == "wrong" and grown < 2 * of_both_sides
