"""Mistakes of order and extent: reversed, rolled, sorted in the opposite order, elements missing, off by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.tensors import BLOCK, is_exact
from quizapp.grading.judge.diagnosis.evidence import (
    SMALL,
    Explanation,
    TensorPair,
    has_telling_order,
    is_close,
    is_same,
    is_varied,
    sample_index,
    widen,
)
from quizapp.grading.mistake import Mistake

MOST_MATCHED = 8
"""Entries along a dimension that must match before a shift is tried in full."""

MOST_SHIFTS = 4
"""Shifts along one dimension that are tried in full."""

MOST_SORTED = 100_000
"""Elements up to which values are sorted to be compared in any order; above, fingerprints are compared."""

INTEGERS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
"""Item size in bytes -> integer dtype."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by the order or the extent of the elements that holds."""
    got, expected = pair.got, pair.expected
    if got.ndim == 0 or got.ndim != expected.ndim or 0 in (got.numel(), expected.numel()):
        return
    if got.shape != expected.shape:
        yield from _explain_extent(got, expected)
    elif has_telling_order(expected):
        yield from _explain_reversal(pair)
        yield from _explain_roll(pair)


def explain_rest(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a shifted window, or the right values in any other order."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.ndim == 0 or not has_telling_order(expected):
        return
    yield from _explain_window(got, expected)
    if _have_same_values(got, expected):
        yield _explain_order(got, expected)


def _along(tensor: Tensor, dim: int) -> str:
    return "" if tensor.ndim == 1 else f" along dimension {dim}"


def _explain_reversal(pair: TensorPair) -> Iterator[Explanation]:
    got = pair.got
    dims = [dim for dim in range(got.ndim) if got.shape[dim] > 1 and _is_reversed(pair, dim)]
    if not dims:
        if got.ndim > 1 and _is_reversed(pair, *range(got.ndim)):
            yield Explanation(Mistake.REVERSED, "it is reversed along every dimension")
        return
    dim = dims[0]
    if got.shape[dim] > 2 and _is_sorted(pair.expected, dim):
        yield Explanation(Mistake.SORTED_OTHER_WAY, f"it is sorted in the opposite order{_along(got, dim)}")
    elif len(dims) == 1:
        yield Explanation(Mistake.REVERSED, f"it is reversed{_along(got, dim)}")
    else:
        yield Explanation(Mistake.REVERSED, "it is reversed along one of its dimensions")


def _is_reversed(pair: TensorPair, *dims: int) -> bool:
    """Return whether the elements are reversed along `dims`; a sample is compared before a copy is made."""
    got, expected = pair.got, pair.expected
    if got.numel() > SMALL:
        index = sample_index(tuple(got.shape))
        flipped = tuple(got.shape[dim] - 1 - places if dim in dims else places for dim, places in enumerate(index))
        if not is_close(got[flipped], expected[index]):
            return False
    return pair.explains(got.flip(dims))


def _is_sorted(tensor: Tensor, dim: int) -> bool:
    """Return whether a tensor is sorted along `dim`, in ascending or strictly descending order."""
    if tensor.dtype == torch.bool or tensor.is_complex():
        return False
    is_ascending = tensor.narrow(dim, 1, tensor.shape[dim] - 1) >= tensor.narrow(dim, 0, tensor.shape[dim] - 1)
    return bool(is_ascending.all()) or not bool(is_ascending.any())


def _explain_roll(pair: TensorPair) -> Iterator[Explanation]:
    found = [(dim, shifts) for dim in range(pair.got.ndim) if (shifts := list(_shifts(pair, dim)))]
    if len(found) > 1:
        yield Explanation(Mistake.ROLLED, "it is rolled along one of its dimensions")
        return
    for dim, shifts in found:
        size = pair.got.shape[dim]
        if len(shifts) > 1:
            yield Explanation(Mistake.ROLLED, f"it is rolled{_along(pair.got, dim)}")
        elif size > 2 or pair.got.ndim == 1:
            # The roll that was made is the opposite of the shift that undoes it.
            made = -shifts[0] if shifts[0] <= size // 2 else size - shifts[0]
            yield Explanation(Mistake.ROLLED, f"it is rolled by {made}{_along(pair.got, dim)}")


def _shifts(pair: TensorPair, dim: int) -> Iterator[int]:
    """Yield the shifts other than 0 that roll the answer's tensor onto the expected one."""
    got, expected = pair.got, pair.expected
    size = got.shape[dim]
    if size < 2:
        return
    got_lines, expected_lines = _lines(got, dim), _lines(expected, dim)
    # The places in `expected` where the first entries of `got` follow each other.
    starts = _matches(expected_lines, got_lines[0]).nonzero().flatten()
    starts = starts[starts > 0]
    for step in range(1, min(size, MOST_MATCHED)):
        starts = starts[_matches(expected_lines[(starts + step) % size], got_lines[step])]
    for shift in starts[: MOST_SHIFTS + 1].tolist():
        if pair.explains(got.roll(shift, dim)):
            yield int(shift)


def _matches(lines: Tensor, line: Tensor) -> Tensor:
    """Return (n,): which of the lines (n, k) are roughly equal to `line` (k,)."""
    if is_exact(lines) and is_exact(line):
        return (lines == line).all(dim=1)
    if lines.dtype != line.dtype or lines.dtype.itemsize < 4:
        lines, line = widen(lines), widen(line)
    if not bool(line.isfinite().all()):
        return torch.isclose(lines, line, rtol=1e-4, atol=1e-12, equal_nan=True).all(dim=1)
    return ((lines - line).abs() <= line.abs() * 1e-4 + 1e-12).all(dim=1)


def _lines(tensor: Tensor, dim: int) -> Tensor:
    """Return (size of `dim`, at most 8): a few lines along `dim`, the same for every tensor of one shape."""
    other_sizes = tuple(tensor.shape[:dim] + tensor.shape[dim + 1 :])
    moved = tensor.movedim(dim, 0)
    if not other_sizes:
        return moved.reshape(-1, 1)
    index: list[slice | Tensor] = [slice(None), *(places[:8] for places in sample_index(other_sizes))]
    return moved[tuple(index)]


def _explain_extent(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    """Explain missing or extra elements at one end of a dimension."""
    dims = [dim for dim in range(got.ndim) if got.shape[dim] != expected.shape[dim]]
    if len(dims) != 1:
        return
    dim = dims[0]
    count = abs(got.shape[dim] - expected.shape[dim])
    long, short = (got, expected) if got.shape[dim] > expected.shape[dim] else (expected, got)
    size = short.shape[dim]
    if size == 0 or (size == 1 and short.numel() == 1):
        return
    is_at_end, is_at_beginning = (is_same(long.narrow(dim, start, size), short) for start in (0, count))
    if not is_at_end and not is_at_beginning:
        return
    amount = "one element" if count == 1 else f"{count} elements"
    end = "" if is_at_end and is_at_beginning else " at the end" if is_at_end else " at the beginning"
    what = "too long" if long is got else "too short"
    kind = Mistake.OFF_BY_ONE if count == 1 else Mistake.EXTENT
    yield Explanation(kind, f"it is {amount} {what}{end}{_along(got, dim)}, but otherwise right")


def _explain_window(got: Tensor, expected: Tensor) -> Iterator[Explanation]:
    """Explain the right values that start one element early or late along a dimension."""
    for dim in range(got.ndim):
        size = got.shape[dim]
        if size < 4 or not is_varied(got.narrow(dim, 1, size - 2)):
            continue
        if is_same(got.narrow(dim, 0, size - 1), expected.narrow(dim, 1, size - 1)):
            yield Explanation(Mistake.OFF_BY_ONE, f"it is off by one: it starts one element too late{_along(got, dim)}")
        elif is_same(got.narrow(dim, 1, size - 1), expected.narrow(dim, 0, size - 1)):
            yield Explanation(
                Mistake.OFF_BY_ONE, f"it is off by one: it starts one element too early{_along(got, dim)}"
            )


def _have_same_values(got: Tensor, expected: Tensor) -> bool:
    """Return whether both contain the same values, each equally often; many values must be exactly the same."""
    if torch.bool in (got.dtype, expected.dtype) or got.is_complex() or expected.is_complex():
        return False
    # Sorting is slow: most pairs already differ in their extremes or sums.
    ends = [torch.stack(torch.aminmax(side)).to(torch.float64) for side in (got, expected)]
    if not torch.allclose(ends[0], ends[1], rtol=1e-2, atol=1e-4, equal_nan=True):
        return False
    sum_dtype = None if is_exact(got) else torch.promote_types(got.dtype, torch.float32)
    sums = [float(side.sum(dtype=sum_dtype)) for side in (got, expected)]
    if abs(sums[0] - sums[1]) > 1e-4 * float(expected.abs().sum(dtype=sum_dtype)):
        return False
    if got.numel() > MOST_SORTED:
        return got.dtype == expected.dtype and _fingerprint(got) == _fingerprint(expected)
    return is_close(*(torch.from_numpy(np.sort(_to_numpy(side))) for side in (got, expected)))


def _fingerprint(tensor: Tensor) -> int:
    """Return a hash of a tensor's values that does not depend on their order: the sum of the hashed elements."""
    # Adding 0.0 turns -0.0 into 0.0: they are the same value.
    values = tensor.flatten() if is_exact(tensor) else tensor.flatten() + 0.0
    return (
        sum(_sum_of_hashes(part) for part in torch.split(values.view(INTEGERS[values.dtype.itemsize]), BLOCK)) % 2**64
    )


def _sum_of_hashes(integers: Tensor) -> int:
    bits = integers.to(torch.int64, copy=True)
    # Multiply and xor-shift, with the constants of splitmix64 without their sign bits.
    for factor in (0x1E3779B97F4A7C15, 0x3F58476D1CE4E5B9):
        bits.mul_(factor)
        bits.bitwise_xor_(bits >> 29)
    return int(bits.sum())


def _to_numpy(tensor: Tensor) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    """Return (number of elements,); dtypes that NumPy lacks, such as bfloat16, as float32."""
    supported = tensor if is_exact(tensor) or tensor.dtype in (torch.float32, torch.float64) else tensor.float()
    numbers: np.ndarray[tuple[int], np.dtype[np.generic]] = supported.flatten().numpy()
    return numbers


def _explain_order(got: Tensor, expected: Tensor) -> Explanation:
    for dim in range(got.ndim):
        is_ordered = got.shape[dim] > 2 and _is_sorted(expected, dim)
        if is_ordered and is_same(got.sort(dim).values, expected.sort(dim).values):
            return Explanation(Mistake.UNSORTED, f"the values are right, but not sorted{_along(got, dim)}")
    return Explanation(Mistake.REORDERED, "the values are right, but in the wrong order")
