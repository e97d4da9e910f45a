"""Mistakes of order and extent: reversed, rolled, sorted the other way, an element short, off by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import BLOCK, is_exact
from quizapp.grading.judge.diagnosis.evidence import SMALL, TensorPair, Explanation, close, sample, varied, wide

COMPARED = 8
"""Entries along a dimension by which shifts are found."""

MOST_SHIFTS = 4
"""Shifts along one dimension that are tried in full."""


MOST_SORTED = 100_000
"""Elements up to which values are sorted to be compared in any order."""

WHOLE = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
"""Integers by their bytes."""


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by the order or the extent of the elements that holds."""
    got, expected = pair.got, pair.expected
    if got.ndim == 0 or got.ndim != expected.ndim or 0 in (got.numel(), expected.numel()):
        return
    if got.shape != expected.shape:
        yield from _extent(pair)
    elif varied(expected):
        reversed_ = list(_reversed(pair))
        yield from reversed_
        yield from _rolled(pair)


def leftover(pair: TensorPair) -> Iterator[Explanation]:
    """What can still be said of the order where nothing else explains it."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or not varied(expected):
        return
    yield from _window(pair)
    if _same_values(got, expected):
        yield _reordered(pair)


def _axis(pair: TensorPair, dim: int) -> str:
    return "" if pair.got.ndim == 1 else f" along dimension {dim}"


def _reversed(pair: TensorPair) -> Iterator[Explanation]:
    got = pair.got
    dims = [dim for dim in range(got.ndim) if got.shape[dim] > 1 and _is_flipped(pair, dim)]
    if not dims:
        if got.ndim > 1 and _is_flipped(pair, *range(got.ndim)):
            yield Explanation("reversed", "it is reversed along every dimension")
        return
    dim = dims[0]
    if got.shape[dim] > 2 and _is_sorted(pair.expected, dim):
        yield Explanation("sorted-other-way", f"it is sorted the other way{_axis(pair, dim)}")
    elif len(dims) == 1:
        yield Explanation("reversed", f"it is reversed{_axis(pair, dim)}")
    else:
        yield Explanation("reversed", "it is reversed along one of its dimensions")


def _is_flipped(pair: TensorPair, *dims: int) -> bool:
    """Whether the elements run the other way; a sample of both decides before a copy is made."""
    got, expected = pair.got, pair.expected
    if got.numel() > SMALL:
        places = sample(tuple(got.shape))
        turned = tuple(got.shape[dim] - 1 - place if dim in dims else place for dim, place in enumerate(places))
        if not close(got[turned], expected[places]):
            return False
    return pair.explains(got.flip(dims))


def _is_sorted(tensor: Tensor, dim: int) -> bool:
    if tensor.dtype == torch.bool or tensor.is_complex():
        return False
    steps = tensor.narrow(dim, 1, tensor.shape[dim] - 1) >= tensor.narrow(dim, 0, tensor.shape[dim] - 1)
    return bool(steps.all()) or not bool(steps.any())


def _rolled(pair: TensorPair) -> Iterator[Explanation]:
    found = [(dim, shifts) for dim in range(pair.got.ndim) if (shifts := list(_shifts(pair, dim)))]
    if len(found) > 1:
        yield Explanation("rolled", "it is rolled along one of its dimensions")
        return
    for dim, shifts in found:
        size = pair.got.shape[dim]
        if len(shifts) > 1:
            yield Explanation("rolled", f"it is rolled{_axis(pair, dim)}")
        elif size > 2 or pair.got.ndim == 1:
            # Written as the roll that was made, not the one that would undo it.
            made = -shifts[0] if shifts[0] <= size // 2 else size - shifts[0]
            yield Explanation("rolled", f"it is rolled by {made}{_axis(pair, dim)}")


def _shifts(pair: TensorPair, dim: int) -> Iterator[int]:
    """Shifts other than 0 that roll what was got onto what was expected."""
    got, expected = pair.got, pair.expected
    size = got.shape[dim]
    if size < 2:
        return
    lines, wanted = _lines(got, dim), _lines(expected, dim)
    # Where the first entries of got follow each other in what was expected.
    starts = _near(wanted, lines[0]).nonzero().flatten()
    starts = starts[starts > 0]
    for step in range(1, min(size, COMPARED)):
        starts = starts[_near(wanted[(starts + step) % size], lines[step])]
    for shift in starts[: MOST_SHIFTS + 1].tolist():
        if pair.explains(got.roll(shift, dim)):
            yield int(shift)


def _near(lines: Tensor, line: Tensor) -> Tensor:
    """Which of the lines are roughly `line`."""
    if is_exact(lines) and is_exact(line):
        return (lines == line).all(dim=1)
    if lines.dtype != line.dtype or lines.dtype.itemsize < 4:
        lines, line = wide(lines), wide(line)
    if not bool(line.isfinite().all()):
        return torch.isclose(lines, line, rtol=1e-4, atol=1e-12, equal_nan=True).all(dim=1)
    return ((lines - line).abs_() <= line.abs() * 1e-4 + 1e-12).all(dim=1)


def _lines(tensor: Tensor, dim: int) -> Tensor:
    """(size of `dim`, a few): the same few lines of a tensor along `dim`."""
    others = tuple(tensor.shape[:dim] + tensor.shape[dim + 1 :])
    moved = tensor.movedim(dim, 0)
    if not others:
        return moved.reshape(-1, 1)
    places: list[slice | Tensor] = [slice(None), *(place[:8] for place in sample(others))]
    return moved[tuple(places)]


def _extent(pair: TensorPair) -> Iterator[Explanation]:
    """Some elements short or long along one dimension."""
    got, expected = pair.got, pair.expected
    dims = [dim for dim in range(got.ndim) if got.shape[dim] != expected.shape[dim]]
    if len(dims) != 1:
        return
    dim = dims[0]
    many = abs(got.shape[dim] - expected.shape[dim])
    long, short = (got, expected) if got.shape[dim] > expected.shape[dim] else (expected, got)
    size = short.shape[dim]
    if size == 0 or (size == 1 and short.numel() == 1):
        return
    at_end, at_start = (pair.same(long.narrow(dim, start, size), short) for start in (0, many))
    if not at_end and not at_start:
        return
    counted = "one element" if many == 1 else f"{many} elements"
    place = "" if at_end and at_start else " at the end" if at_end else " at the beginning"
    what = "too many" if long is got else "short"
    family = "off-by-one" if many == 1 else "extent"
    yield Explanation(family, f"it is {counted} {what}{place}{_axis(pair, dim)}, and otherwise right")


def _window(pair: TensorPair) -> Iterator[Explanation]:
    """The right values, one step early or late along a dimension."""
    got, expected = pair.got, pair.expected
    for dim in range(got.ndim):
        size = got.shape[dim]
        if size < 4 or not varied(got.narrow(dim, 1, size - 2)):
            continue
        if pair.same(got.narrow(dim, 0, size - 1), expected.narrow(dim, 1, size - 1)):
            yield Explanation("off-by-one", f"it is off by one: it begins one element too late{_axis(pair, dim)}")
        elif pair.same(got.narrow(dim, 1, size - 1), expected.narrow(dim, 0, size - 1)):
            yield Explanation("off-by-one", f"it is off by one: it begins one element too early{_axis(pair, dim)}")


def _same_values(got: Tensor, expected: Tensor) -> bool:
    """Whether both hold the same values, each as often; of many, exactly the same."""
    if torch.bool in (got.dtype, expected.dtype) or got.is_complex() or expected.is_complex():
        return False
    # Sorting is dear: extremes or sums that differ by more than rounding spare it.
    ends = [torch.stack(torch.aminmax(side)).to(torch.float64) for side in (got, expected)]
    if not torch.allclose(ends[0], ends[1], rtol=1e-2, atol=1e-4, equal_nan=True):
        return False
    wide_enough = None if is_exact(got) else torch.promote_types(got.dtype, torch.float32)
    sums = [float(side.sum(dtype=wide_enough)) for side in (got, expected)]
    if abs(sums[0] - sums[1]) > 1e-4 * float(expected.abs().sum(dtype=wide_enough)):
        return False
    if got.numel() > MOST_SORTED:
        return got.dtype == expected.dtype and _fingerprint(got) == _fingerprint(expected)
    return close(*(torch.from_numpy(np.sort(_numbers(side))) for side in (got, expected)))


def _fingerprint(tensor: Tensor) -> int:
    """The same for the same values in any order, and for hardly any others: a sum of their scattered bits."""
    # -0 and 0 are one value.
    values = tensor.flatten() if is_exact(tensor) else tensor.flatten() + 0.0
    return sum(_scattered(piece) for piece in torch.split(values.view(WHOLE[values.dtype.itemsize]), BLOCK)) % 2**64


def _scattered(whole: Tensor) -> int:
    bits = whole.to(torch.int64, copy=True)
    for factor in (0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9):
        bits.mul_(factor)
        bits.bitwise_xor_(bits >> 29)
    return int(bits.sum())


def _numbers(tensor: Tensor) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    exact = tensor if is_exact(tensor) or tensor.dtype in (torch.float32, torch.float64) else tensor.float()
    numbers: np.ndarray[tuple[int], np.dtype[np.generic]] = exact.flatten().numpy()
    return numbers


def _reordered(pair: TensorPair) -> Explanation:
    got, expected = pair.got, pair.expected
    for dim in range(got.ndim):
        ordered = got.shape[dim] > 2 and _is_sorted(expected, dim)
        if ordered and pair.same(got.sort(dim).values, expected.sort(dim).values):
            return Explanation("unsorted", f"the values are right, but they are not sorted{_axis(pair, dim)}")
    return Explanation("reordered", "the values are right, but they are in another order")
