"""The wrong function of each window of a given tensor: the mean for the maximum in pooling."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import (
    SMALL,
    Explanation,
    GivenValue,
    TensorPair,
    is_close,
    sample_index,
    widen,
)
from quizapp.grading.mistake import Mistake

KERNELS = (2, 3, 4)
FEWEST_WINDOWS = 2

WINDOW_DIMENSIONS = {1: (1,), 2: (2,), 3: (1, 2), 4: (2,)}
"""Number of dimensions of a given tensor -> of its windows: (L,), (H, W), (N, C, L) or (C, H, W), (N, C, H, W)."""

FUNCTIONS = ("maximum", "minimum", "mean", "sum")


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain two results that are different functions of the same windows of a given tensor."""
    if pair.got.shape != pair.expected.shape or pair.got.numel() < FEWEST_WINDOWS:
        return
    for given in pair.named:
        if given.tensor.ndim == pair.got.ndim and not given.is_item:
            found = next(_explain_windows(pair, given), None)
            if found:
                yield found
                return


def _explain_windows(pair: TensorPair, given: GivenValue) -> Iterator[Explanation]:
    for count, kernel in product(WINDOW_DIMENSIONS.get(given.tensor.ndim, ()), KERNELS):
        for stride in (kernel, 1):
            windows = _windows(given.tensor, count, kernel, stride)
            if windows is None or windows.shape[: pair.got.ndim] != pair.got.shape:
                continue
            got, expected = ([*_functions(windows, count, side)] for side in (pair.got, pair.expected))
            if len(got) == len(expected) == 1 and got != expected:
                size = " x ".join([str(kernel)] * count)
                what = f"it is the {got[0]} of each window of `{given.name}` (size {size})"
                yield Explanation(Mistake.OTHER_FUNCTION, f"{what} instead of the {expected[0]}")
                return


def _windows(tensor: Tensor, count: int, kernel: int, stride: int) -> Tensor | None:
    """Return a view (..., windows, kernel …) over the last `count` dimensions; None if the kernel is larger."""
    if min(tensor.shape[-count:]) < kernel:
        return None
    for dim in range(tensor.ndim - count, tensor.ndim):
        tensor = tensor.unfold(dim, kernel, stride)
    return tensor


def _functions(windows: Tensor, count: int, result: Tensor) -> Iterator[str]:
    """Yield the functions of the windows that give `result`."""
    for name in FUNCTIONS:
        if result.numel() > SMALL:
            index = sample_index(tuple(result.shape))
            if not is_close(_apply(name, windows[index], count), result[index], windows):
                continue
        if is_close(_apply(name, windows, count), result, windows):
            yield name


def _apply(name: str, windows: Tensor, count: int) -> Tensor:
    dims = tuple(range(-count, 0))
    if name in ("maximum", "minimum"):
        return windows.amax(dims) if name == "maximum" else windows.amin(dims)
    windows = widen(windows)
    return windows.mean(dims) if name == "mean" else windows.sum(dims)
