"""The search for a diagnosis beside `torch.testing.assert_close` on the same pair, interleaved in one run.

    python benchmarks/diagnosis.py [--repeats 9]

Each pair has a million elements, and one given tensor, from which both sides were computed, or eight. The last rows are
four and sixteen times as large: their search is bounded, not complete. One thread, as in the judge; processor time,
which a busy machine distorts less than wall time.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from timing import ratio
from torch import Tensor

from quizapp.grading.judge.diagnosis import Question, diagnose
from quizapp.sandbox.values.model import Value

torch.set_num_threads(1)
torch.manual_seed(0)
X = torch.randn(1000, 1000)
CUBE = torch.randn(100, 100, 100)
IMAGES = torch.randn(16, 3, 125, 160)
LINE = torch.randn(1_000_000)
COUNTS = torch.randint(0, 1000, (1000, 1000))
LARGE = torch.randn(2000, 2000)
HUGE = torch.randn(4000, 4000)

MANY = {f"x{number}": torch.randn(1000, 1000) for number in range(8)}

PAIRS: dict[str, tuple[Tensor | dict[str, Tensor], Tensor, Tensor]] = {
    "nothing fits": (X, X.cos(), X.sin()),
    "nothing fits, a line": (LINE, LINE.cos(), LINE.sin()),
    "nothing fits, a cube": (CUBE, CUBE.cos(), CUBE.sin()),
    "nothing fits, four dimensions": (IMAGES, IMAGES.cos(), IMAGES.sin()),
    "nothing fits, eight given tensors": (MANY, X.cos(), X.sin()),
    "scaled, eight given tensors": (MANY, X.sin() * 2, X.sin()),
    "nothing fits, integers": (COUNTS, COUNTS % 7, COUNTS % 11),
    "transposed": (X, X.T, X),
    "permuted": (IMAGES, IMAGES.permute(0, 2, 3, 1), IMAGES),
    "reversed": (X, X.flip(1).sin(), X.sin()),
    "rolled": (LINE, LINE.roll(3).sin(), LINE.sin()),
    "in another order": (LINE, LINE[torch.randperm(1_000_000)].sin(), LINE.sin()),
    "softmax along another dimension": (X, X.softmax(0), X.softmax(1)),
    "scaled": (X, X.sin() * 2, X.sin()),
    "exp missing": (X, X * 2, (X * 2).exp()),
    "rounded": (X, (X * 9).round(), X * 9),
    "one row wrong": (X, torch.cat((X[:1].cos(), X[1:].sin())), X.sin()),
    "4,000,000 elements, nothing fits": (LARGE, LARGE.cos(), LARGE.sin()),
    "16,000,000 elements, nothing fits": (HUGE, HUGE.cos(), HUGE.sin()),
}


def value(tensor: Tensor) -> Value:
    return Value("tensor", tensor.contiguous(), "torch.Tensor", (("device", "cpu"),))


def milliseconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


def require_mismatch(got: Tensor, expected: Tensor) -> None:
    """Run `assert_close` on a pair that differs."""
    try:
        torch.testing.assert_close(got, expected)
    except AssertionError:
        return
    raise RuntimeError("the sides of this pair agree")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    print(f"{'pair':<36}{'diagnosis':<24}{'search ms':>10}{'slowest':>9}{'assert_close ms':>17}{'ratio':>7}")
    slowest, ratios = 0.0, []
    for name, (given, got, expected) in PAIRS.items():
        named = given if isinstance(given, dict) else {"x": given}
        question = Question(value(got), value(expected), {name: value(tensor) for name, tensor in named.items()})
        searches, checks = [], []
        for _ in range(repeats):
            searches.append(milliseconds(partial(diagnose, question)))
            checks.append(milliseconds(partial(require_mismatch, got, expected)))
        found = diagnose(question)
        search, check = statistics.median(searches), statistics.median(checks)
        print(f"{name:<36}{found.kind if found else '-':<24}{search:>10.1f}{max(searches):>9.1f}", end="")
        print(f"{check:>17.1f}{ratio(searches, checks):>7.2f}")
        if expected.numel() <= 1_000_000:
            slowest = max(slowest, search)
        if got.shape == expected.shape and expected.numel() <= 1_000_000:
            # For different shapes `assert_close` fails before it compares values.
            ratios.append(ratio(searches, checks))
    print(f"\nslowest median search of up to 1e6 elements: {slowest:.1f} ms (at most 50)")
    print(f"search / assert_close: median {statistics.median(ratios):.2f}, maximum {max(ratios):.2f}")


if __name__ == "__main__":
    main()
