"""Run ptquiz in a pseudo-terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect

TIMEOUT = 60
"""Seconds to wait for a text on the screen: the real sandbox imports torch first, beside other tests."""

ALTERNATE, NO_ALTERNATE, NO_MOUSE = "\x1b[?1049h", "\x1b[?1049l", "\x1b[?1000l"
F5, F7, ESCAPE = "\x1b[15~", "\x1b[18~", "\x1b"

DECK = """\
format: 1
deck: joining
title: Joining
preamble: |
  import torch
cards:
  - id: cat-rows
    title: Join along the rows
    question: Join `x` to itself along the rows. Bind it to `answer`.
    given: |
      x = torch.ones(2, 2)
    starter: |
      answer = x
    solution: |
      answer = torch.cat((x, x), dim=0)
    checks: [answer]
"""

PROGRAM = "import sys; from quizapp.cli import main; sys.exit(main())"
COMMAND = [sys.executable, "-c", PROGRAM]


def terminal_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with a separate home for ptquiz, without the user's editor and colour settings."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR", "EDITOR")}
    kept.pop("VISUAL", None)
    return {**kept, "PTQUIZ_HOME": str(home), "TERM": "xterm-256color", **more}


def run_ptquiz(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ptquiz without a terminal."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=terminal_environment(home),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


@contextmanager
def terminal(
    home: Path, *arguments: str, size: tuple[int, int] = (30, 110), program: str = PROGRAM, **more: str
) -> Iterator[pexpect.spawn[str]]:
    """Run ptquiz in a terminal of `size` lines and columns, and kill it at the end."""
    child = pexpect.spawn(
        sys.executable,
        ["-c", program, *arguments],
        env=terminal_environment(home, **more),
        dimensions=size,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    try:
        yield child
    finally:
        child.close(force=True)


def wait_for_clean_exit(child: pexpect.spawn[str]) -> str:
    """Wait for the process to exit and check that alternate screen and mouse are off; return the last output."""
    child.expect(pexpect.EOF)
    last = str(child.before)
    child.close()
    assert NO_MOUSE in last and NO_ALTERNATE in last
    assert last.rindex(NO_ALTERNATE) > last.rfind(ALTERNATE)
    return last


def plain(text: str) -> str:
    """Return `text` without escape sequences."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]", "", text)
