"""Comparison of tensors: whether they agree, and where they differ. No broadcasting, no integers as floats.

The rule and the tolerances are those of `torch.testing.assert_close` with `equal_nan=True`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES, ComparisonOptions
from quizapp.grading.judge_protocol import Difference, Mismatch

Meta = Mapping[str, str]
"""`device` and `layout` of a tensor in its run; the judge decodes CUDA tensors to the CPU."""

MAX_DRAWN = 4096
"""Number of elements up to which a mask, or the values for a heatmap, are returned."""

BLOCK = 65_536
"""Number of elements that are compared at a time, so that intermediate results fit into the cache."""

MAX_REORDERED = 512
"""Number of rows that are matched in any order, in quadratic time."""

DENSE_LIMIT = 1 << 24
"""Number of elements up to which a sparse tensor is converted to a dense one."""


def dtype_name(tensor: Tensor) -> str:
    """Return the dtype without `torch.`."""
    return str(tensor.dtype).removeprefix("torch.")


def is_exact(tensor: Tensor) -> bool:
    """Return whether the dtype is integer or bool, which have no tolerance."""
    return not (tensor.is_floating_point() or tensor.is_complex())


def tensor_mismatch(
    got: Tensor, expected: Tensor, options: ComparisonOptions, metas: tuple[Meta, Meta] = ({}, {})
) -> Mismatch | None:
    """Return how the tensors differ under `options`; None if they agree. `metas` belong to got and expected."""
    got_layout, expected_layout = describe_layout(got, metas[0]), describe_layout(expected, metas[1])
    if got_layout != expected_layout:
        return Mismatch(f"{got_layout} instead of {expected_layout}", "layout")
    if got.is_nested:
        return _nested_mismatch(got, expected, options, metas)
    if got.shape != expected.shape:
        return Mismatch(f"shape {tuple(got.shape)} instead of {tuple(expected.shape)}", "shape")
    aspects = _aspect_mismatches(got, expected, options, metas)
    tolerance = options.tolerance(dtype_name(expected), dtype_name(got))
    if got.is_meta or expected.is_meta:
        # Tensors on the meta device have no values, so one cannot agree with a real tensor even if devices are ignored.
        both = got.is_meta and expected.is_meta
        values = None if both else Mismatch("there are no values on the meta device", "device")
    elif got.layout is torch.strided:
        values = dense_mismatch(_dense(got), _dense(expected), tolerance, ordered="order" not in options.ignore)
    else:
        values = _sparse_mismatch(got, expected, tolerance)
    return _join(aspects, values, expected.numel())


def describe_layout(tensor: Tensor, meta: Meta) -> str:
    """Return how a tensor was stored in its run: dense, sparse, nested or quantised."""
    layout = meta.get("layout", str(tensor.layout)).removeprefix("torch.")
    if tensor.is_nested:
        return f"a nested tensor ({layout})"
    if tensor.is_quantized:
        return f"a quantised tensor ({tensor.qscheme()})".replace("torch.", "")
    return "a dense tensor" if layout == "strided" else f"a tensor of layout {layout}"


def _aspect_mismatches(
    got: Tensor, expected: Tensor, options: ComparisonOptions, metas: tuple[Meta, Meta]
) -> list[Mismatch]:
    """Return the mismatches of dtype and device."""
    found = []
    if got.dtype != expected.dtype and "dtype" not in options.ignore:
        found.append(Mismatch(f"dtype {dtype_name(got)} instead of {dtype_name(expected)}", "dtype"))
    got_device, expected_device = (meta.get("device", "cpu").partition(":")[0] for meta in metas)
    if got_device != expected_device and "device" not in options.ignore:
        found.append(Mismatch(f"on {got_device} instead of {expected_device}", "device"))
    return found


def _join(aspects: list[Mismatch], values: Mismatch | None, total: int) -> Mismatch | None:
    """Return one mismatch: the first aspect, the numbers of `values`, and a summary of all."""
    mismatches = [*aspects, *([values] if values else [])]
    if not mismatches:
        return None
    summary = "; ".join(mismatch.summary for mismatch in mismatches)
    return replace(values or Mismatch("", differing=0, total=total), summary=summary, aspect=mismatches[0].aspect)


def _dense(tensor: Tensor) -> Tensor:
    return tensor.dequantize() if tensor.is_quantized else tensor


def _nested_mismatch(
    got: Tensor, expected: Tensor, options: ComparisonOptions, metas: tuple[Meta, Meta]
) -> Mismatch | None:
    metas = ({**metas[0], "layout": "strided"}, {**metas[1], "layout": "strided"})
    got_parts, expected_parts = got.unbind(), expected.unbind()
    if len(got_parts) != len(expected_parts):
        return Mismatch(f"{len(got_parts)} tensors nested instead of {len(expected_parts)}", "shape")
    for number, pair in enumerate(zip(got_parts, expected_parts, strict=True)):
        if mismatch := tensor_mismatch(*pair, options, metas):
            return mismatch.within(number, f"tensor {number}")
    return None


def _sparse_mismatch(got: Tensor, expected: Tensor, tolerance: tuple[float, float]) -> Mismatch | None:
    """Compare sparse tensors of one layout and shape: as dense ones, unless those need too much memory."""
    if expected.numel() <= DENSE_LIMIT:
        return dense_mismatch(got.to_dense(), expected.to_dense(), tolerance)
    got, expected = (
        tensor.coalesce() if tensor.layout is torch.sparse_coo else tensor.to_sparse().coalesce()
        for tensor in (got, expected)
    )
    if not torch.equal(got.indices(), expected.indices()):
        return Mismatch("different elements are stored")
    return dense_mismatch(got.values(), expected.values(), tolerance)


def dense_mismatch(
    got: Tensor, expected: Tensor, tolerance: tuple[float, float], *, ordered: bool = True
) -> Mismatch | None:
    """Return how two dense tensors of one shape differ; None if all elements are close.

    `tolerance` is (rtol, atol). Unless `ordered`, the rows (dimension 0) may be in any order.
    """
    if got.dtype == expected.dtype and torch.equal(got, expected):
        return None
    if not ordered and expected.ndim:
        got = _reordered(got, expected, tolerance)
    differs = differing(got, expected, *tolerance)
    count = int(differs.count_nonzero())
    if not count:
        return None
    total = expected.numel()
    summary = "the value differs" if expected.ndim == 0 else f"{count} of {total} elements differ"
    absolute, relative = _largest(got[differs], expected[differs])
    return Mismatch(summary, "value", count, total, _places(got, expected, differs), absolute, relative, _mask(differs))


def differing(got: Tensor, expected: Tensor, rtol: float, atol: float) -> Tensor:
    """Return a bool mask, of the same shape as both tensors, of elements that are not close.

    NaN is close to NaN, and an infinity to itself.
    """
    if is_exact(got) and is_exact(expected):
        if got.dtype == expected.dtype:
            return got != expected
        # NumPy compares uint64 with signed integers exactly; torch converts both to a float.
        return torch.from_numpy(np.asarray(got.numpy() != expected.numpy()))
    if expected.numel() <= BLOCK:
        return _block_differs(got, expected, rtol, atol)
    masks = [_block_differs(*block, rtol, atol) for block in blocks(got, expected)]
    return torch.cat(masks).reshape(expected.shape)


def blocks(got: Tensor, expected: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield two tensors of one shape in pairs of blocks of about `BLOCK` elements, along dimension 0."""
    if expected.numel() <= BLOCK:
        yield got, expected
        return
    if got.is_contiguous() and expected.is_contiguous():
        got, expected = got.view(-1), expected.view(-1)
    rows = max(1, BLOCK * len(expected) // expected.numel())
    yield from zip(torch.split(got, rows), torch.split(expected, rows), strict=True)


def _block_differs(got: Tensor, expected: Tensor, rtol: float, atol: float) -> Tensor:
    got, expected = _to_common_dtype(got, expected)
    close = torch.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if got.is_complex():
        close &= _have_same_special_parts(got, expected)
    return ~close


def _to_common_dtype(got: Tensor, expected: Tensor) -> tuple[Tensor, Tensor]:
    """Return both in one dtype for which torch implements arithmetic."""
    if got.dtype == expected.dtype and got.dtype.itemsize > 1 and got.dtype != torch.complex32:
        return got, expected
    wide = _wide_dtype(got, expected)
    return got.to(wide), expected.to(wide)


def _wide_dtype(got: Tensor, expected: Tensor) -> torch.dtype:
    return torch.complex128 if got.is_complex() or expected.is_complex() else torch.float64


def _have_same_special_parts(got: Tensor, expected: Tensor) -> Tensor:
    """Return a mask of complex numbers whose NaN and infinities match in both parts.

    `isclose` treats a complex number with one NaN part as NaN as a whole.
    """
    # (..., 2): real and imaginary part
    got, expected = torch.view_as_real(got.resolve_conj()), torch.view_as_real(expected.resolve_conj())
    is_special = ~(got.isfinite() & expected.isfinite())
    is_same = (got == expected) | (got.isnan() & expected.isnan()) | ~is_special
    return is_same.all(dim=-1)


def _reordered(got: Tensor, expected: Tensor, tolerance: tuple[float, float]) -> Tensor:
    """Return `got` with its rows, as far as possible, in the order of the close rows of `expected`."""
    rows = expected.shape[0]
    if expected.ndim == 1 and not expected.is_complex():
        ranks = _argsort(expected).argsort()
        return got[_argsort(got)][ranks]
    unmatched = list(range(rows))
    order = []
    for row in expected[: min(rows, MAX_REORDERED)]:
        place = next((i for i in unmatched if not differing(got[i], row, *tolerance).any()), None)
        if place is not None:
            unmatched.remove(place)
        order.append(place)
    order += [None] * (rows - len(order))
    remaining = iter(unmatched)
    return got[torch.tensor([next(remaining) if place is None else place for place in order], dtype=torch.long)]


def _argsort(values: Tensor) -> Tensor:
    return values.argsort() if values.dtype.itemsize > 1 or is_exact(values) else values.float().argsort()


def _largest(got: Tensor, expected: Tensor) -> tuple[float | None, float | None]:
    """Return the largest finite absolute and relative difference of elements of shape (n,); None if there are none."""
    wide = _wide_dtype(got, expected)
    if is_exact(got) and is_exact(expected):
        difference = _integer_difference(got, expected)
    else:
        difference = (got.to(wide) - expected.to(wide)).abs()
    size = expected.to(wide).abs()
    finite = difference.isfinite()
    if not finite.any():
        return None, None
    relative = (difference / size)[finite & (size > 0)]
    return float(difference[finite].max()), float(relative.max()) if relative.numel() else None


def _integer_difference(got: Tensor, expected: Tensor) -> Tensor:
    """Return |got - expected| as float64, exact unless the difference is larger than 2**62."""
    rough = (got.to(torch.float64) - expected.to(torch.float64)).abs()
    if torch.uint64 in (got.dtype, expected.dtype):
        return rough
    exact = (got.to(torch.int64) - expected.to(torch.int64)).to(torch.float64).abs()
    return torch.where(rough < 2.0**62, exact, rough)


def _places(got: Tensor, expected: Tensor, differs: Tensor) -> tuple[Difference, ...]:
    flat_indices = differs.flatten().nonzero().flatten()[:SHOWN_PLACES].tolist()
    shape = tuple(expected.shape)
    got, expected = got.reshape(-1), expected.reshape(-1)
    places = []
    for flat_index in flat_indices:
        index = tuple(int(i) for i in np.unravel_index(flat_index, shape)) if shape else ()
        places.append(Difference(index, *distinct_texts(expected[flat_index].item(), got[flat_index].item())))
    return tuple(places)


def distinct_texts(expected: object, got: object) -> tuple[str, str]:
    """Return both numbers with six digits, or with all digits if they would look the same."""
    texts = (_number_text(expected), _number_text(got))
    return texts if texts[0] != texts[1] else (str(expected), str(got))


def _number_text(number: object) -> str:
    if isinstance(number, float) and math.isfinite(number):
        return f"{number:.6g}"
    if isinstance(number, int) and number.bit_length() > 4096:
        return f"an integer of {number.bit_length()} bits"
    return str(number)


def _mask(differs: Tensor) -> tuple[tuple[bool, ...], ...] | None:
    if differs.ndim > 2 or differs.numel() > MAX_DRAWN:
        return None
    rows = differs.reshape(1, -1) if differs.ndim < 2 else differs
    return tuple(tuple(row) for row in rows.tolist())
