"""Commands are called as the shell would: arguments in, stdout, stderr and an exit code out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.cli import main

DECK = """
format: 1
deck: small
title: A small deck
preamble: |
  import torch
cards:
  - id: twice
    title: Twice
    question: Bind `y` to twice `x`.
    given: |
      x = torch.arange(3.)
    starter: |
      y = ...
    solution: |
      y = x * 2
    wrong:
      - code: y = x + 2
        says: That adds two.
    checks: [y]
    hints: [A star multiplies., Try 2 * x.]
    note: Doubling keeps the dtype.
  - id: shape
    kind: predict
    question: What shape?
    given: |
      x = torch.zeros(2, 3)
    checks: [x.shape]
  - id: pick
    kind: choice
    question: Which makes zeros?
    choices:
      - {text: torch.zeros(2), right: true}
      - {text: torch.ones(2), says: Those are ones.}
  - id: sort
    kind: order
    question: Put in order.
    solution: |
      a = 1
      b = a + 1
    checks: [b]
"""


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Command = Callable[..., Result]


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "decks" / "small.yaml"
    path.parent.mkdir()
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def ptquiz(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    def call(*arguments: str | Path, stdin: str | bytes = "") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Result(int(ended.value.code), printed.out, printed.err)

    return call
