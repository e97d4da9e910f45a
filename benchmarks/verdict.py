"""Time from answer to verdict in a warm sandbox, beside other ways to run the answer.

    python benchmarks/verdict.py [--answers 200] [--pause 1.0] [--paced 30]

Rows are interleaved in one run: a bare fork of a process that has imported torch, a warm Jupyter cell,
a fresh `python -c "import torch; …"`, and ptquiz running and judging an answer, in a burst and after a pause.
Needs `pip install -e '.[bench]'`.
"""

from __future__ import annotations

import argparse
import time

from timing import BareFork, WarmCell, fresh_process, milliseconds, ratio, table

from quizapp.decks.card import Card, Check
from quizapp.grading.grader import JUDGE, Grader
from quizapp.sandbox.client import Sandbox

GIVEN = "import torch\nx = torch.arange(6.).reshape(2, 3)\n"
ANSWER = "answer = torch.cat((x, x), dim=0)\n"
CARD = Card("bench", "cat", "Join x to itself.", (Check("answer"),), given=GIVEN, solution=ANSWER, trusted=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--paced", type=int, default=30)
    parser.add_argument("--pause", type=float, default=1.0)
    options = parser.parse_args()
    fork, cell = BareFork(), WarmCell(GIVEN)
    names = (
        "bare fork",
        "warm Jupyter cell",
        "fresh process",
        "ptquiz, burst",
        "ptquiz, after a pause",
        "cell, after a pause",
    )
    rows: dict[str, list[float]] = {name: [] for name in names}
    with Sandbox(judge=JUDGE) as sandbox:
        grader = Grader(sandbox)
        machine = sandbox.wait(None)

        def answer() -> None:
            assert grader.grade(CARD, ANSWER).passed

        for _ in range(10):
            fork()
            cell.run(ANSWER)
            answer()
        for number in range(options.answers):
            rows["bare fork"].append(fork())
            rows["warm Jupyter cell"].append(milliseconds(lambda: cell.run(ANSWER)))
            rows["ptquiz, burst"].append(milliseconds(answer))
            if number % 20 == 0:
                rows["fresh process"].append(milliseconds(lambda: fresh_process(GIVEN + ANSWER)))
                answer()
        for _ in range(options.paced):
            time.sleep(options.pause)
            rows["ptquiz, after a pause"].append(milliseconds(answer))
            time.sleep(options.pause)
            rows["cell, after a pause"].append(milliseconds(lambda: cell.run(ANSWER)))
    fork.close()
    cell.close()
    print(f"sandbox: {machine.tier}\n{table(rows)}\n")
    burst, paced = rows["ptquiz, burst"], rows["ptquiz, after a pause"]
    print(f"burst / bare fork            {ratio(burst, rows['bare fork']):6.2f}")
    print(f"burst / warm cell            {ratio(burst, rows['warm Jupyter cell']):6.2f}")
    print(f"fresh process / burst        {1 / ratio(burst, rows['fresh process']):6.0f}")
    print(f"after a pause / warm cell    {ratio(paced, rows['warm Jupyter cell']):6.2f}")
    print(f"after a pause / paused cell  {ratio(paced, rows['cell, after a pause']):6.2f}")
    print(f"fresh process / after a pause {1 / ratio(paced, rows['fresh process']):5.0f}")


if __name__ == "__main__":
    main()
