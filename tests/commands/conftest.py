"""Calls of commands as from a shell: arguments in; stdout, stderr and the exit code out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.cli import main
from quizapp.sandbox import client
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER
from tests.review.harness import StudyHarness, make_library

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
    """What one call printed, and its exit code."""

    code: int
    out: str
    err: str


NAMES = [f"small/c{number}" for number in range(30)]


@pytest.fixture
def store(home: Path) -> Path:
    """The file of a closed store with thirty reviews."""
    home.mkdir()
    study = StudyHarness(home, make_library(*NAMES))
    study.learn(*NAMES)
    study.store.close()
    return home / "reviews.db"


Command = Callable[..., Result]
"""Arguments, and `stdin=` -> result."""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """The file of DECK, alone in its folder."""
    path = tmp_path / "decks" / "small.yaml"
    path.parent.mkdir()
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.fixture
def ptquiz(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in this process."""

    def call(*arguments: str | Path, stdin: str | bytes = "") -> Result:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Result(int(ended.value.code), printed.out, printed.err)

    return call


CUDA_DECK = """
format: 1
deck: gpu
preamble: import torch
cards:
  - id: all
    question: Move `x` to `device`.
    given: x = torch.ones(3)
    solution: out = x.to(device)
    checks:
      - {see: out, device: cuda}
      - {see: out.device.type, device: cuda}
  - id: some
    question: Bind `y`.
    given: x = torch.ones(3)
    starter: y = ...
    solution: y = x + 1
    checks:
      - y
      - {see: (y.to(device) * 2).device.type, device: cuda}
"""


@pytest.fixture
def without_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every sandbox of the test behave as on a machine without a GPU."""
    monkeypatch.setattr(client, "find_driver", lambda environment: NO_DRIVER)


@pytest.fixture
def cuda_deck(tmp_path: Path, without_gpu: None) -> Path:
    """The file of CUDA_DECK, on a machine without a GPU."""
    path = tmp_path / "gpu" / "gpu.yaml"
    path.parent.mkdir()
    path.write_text(CUDA_DECK, encoding="utf-8")
    return path


BROKEN_DECK = """
format: 1
deck: broken
cards:
  - id: sum
    question: Bind the sum of `x` to `s`.
    given: x = [1, 2]
    solution: s = sum(x)
    checks: [max(s, s)]
  - id: other
    question: q
    solution: s = 1
    chekcs: [s]
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The file of BROKEN_DECK, in the folder of the fixture `deck`; its name is not its slug."""
    path = tmp_path / "decks" / "unfinished.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(BROKEN_DECK, encoding="utf-8")
    return path


def review_one_card(ptquiz: Command, deck: Path) -> None:
    """Pass the card `small/twice` and rate it as proposed: one review."""
    result = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="y = x * 2\n.\n\nq\n")
    assert "1 reviewed" in result.out


def count_learned(ptquiz: Command, deck: Path) -> int:
    """Return how many cards of DECK `ptquiz due` counts as learned."""
    counts = json.loads(ptquiz("--decks", deck, "due", "--json").out)["decks"]
    return int(next(entry["learned"] for entry in counts if entry["deck"] == "small"))
