"""A product of a given tensor and a given weight, with or without a bias, whose weight was transposed or was not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import SMALL, Explanation, GivenValue, TensorPair, is_close, widen
from quizapp.grading.mistake import Mistake

MOST_TRIED = 4
"""Given tensors that are combined with each other."""

LARGEST_FACTOR = 16 * SMALL
"""Largest factor (in elements) that is multiplied."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain `x @ w + b` where `x @ w.T + b` is expected, and the reverse; `w` is square, or else it would raise."""
    if pair.got.shape != pair.expected.shape or pair.got.ndim == 0:
        return
    values = [
        value
        for value in pair.named
        if value.tensor.is_floating_point() and 1 <= value.tensor.ndim <= 3 and value.tensor.numel() <= LARGEST_FACTOR
    ][:MOST_TRIED]
    for x, weight in permutations(values, 2):
        if _is_square(weight.tensor) and x.tensor.shape[-1] == weight.tensor.shape[0]:
            biases = [bias for bias in values if bias not in (x, weight) and bias.tensor.ndim == 1]
            for bias in (None, *biases):
                found = next(_explain_product(pair, x, weight, bias), None)
                if found:
                    yield found
                    return


def _is_square(tensor: Tensor) -> bool:
    return tensor.ndim == 2 and tensor.shape[0] == tensor.shape[1] > 1


def _explain_product(
    pair: TensorPair, x: GivenValue, weight: GivenValue, bias: GivenValue | None
) -> Iterator[Explanation]:
    if x.tensor.shape != pair.got.shape or (bias and bias.tensor.shape[0] != weight.tensor.shape[0]):
        return
    w, sources = weight.tensor, (x.tensor, weight.tensor)
    plain, transposed = (widen(x.tensor) @ widen(side) + (widen(bias.tensor) if bias else 0.0) for side in (w, w.mT))
    tail = f" + {bias.name}" if bias else ""
    for got, expected, name, remark in (
        (plain, transposed, weight.name, "should be transposed"),
        (transposed, plain, f"{weight.name}.T", "should not be transposed"),
    ):
        if is_close(got, pair.got, *sources) and is_close(expected, pair.expected, *sources):
            clause = f"it is `{x.name} @ {name}{tail}`, but `{weight.name}` {remark}"
            yield Explanation(Mistake.OPERANDS, clause)
            return
