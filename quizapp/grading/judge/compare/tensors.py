"""Whether two tensors agree, and where they do not. Never broadcasts, never takes an integer through a float."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from quizapp.grading.findings import Difference
from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES, ComparisonOptions, Mismatch

Meta = Mapping[str, str]

PICTURE = 4096
"""Elements up to which a mask is made."""

BLOCK = 65_536
"""Elements that are compared at a time."""

DENSE_LIMIT = 1 << 24
"""Elements up to which a sparse tensor is compared, and shown, densely."""


def dtype_name(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def is_exact(tensor: Tensor) -> bool:
    """Integers and booleans, which have no tolerance."""
    return not (tensor.is_floating_point() or tensor.is_complex())


def tensor_mismatch(
    got: Tensor, expected: Tensor, rule: ComparisonOptions, metas: tuple[Meta, Meta] = ({}, {})
) -> Mismatch | None:
    """None where the tensors agree under `rule`; `metas` say where got and expected lived, and in which layout."""
    mine, theirs = layout_words(got, metas[0]), layout_words(expected, metas[1])
    if mine != theirs:
        return Mismatch(f"{mine} instead of {theirs}", "layout")
    if got.is_nested:
        return _nested_mismatch(got, expected, rule, metas)
    if got.shape != expected.shape:
        return Mismatch(f"shape {tuple(got.shape)} instead of {tuple(expected.shape)}", "shape")
    aspects = _aspects(got, expected, rule, metas)
    tolerance = rule.tolerance(dtype_name(got), dtype_name(expected))
    if got.is_meta or expected.is_meta:
        # Nothing on the meta device has a value: a check that ignores devices must not take it for any.
        values = (
            None if got.is_meta and expected.is_meta else Mismatch("there are no values on the meta device", "device")
        )
    elif got.layout is torch.strided:
        values = dense_mismatch(_dense(got), _dense(expected), tolerance, ordered="order" not in rule.ignore)
    else:
        values = _sparse_gap(got, expected, tolerance)
    return _joined(aspects, values, expected.numel())


def layout_words(tensor: Tensor, meta: Meta) -> str:
    """How a tensor was stored, as a learner would say it."""
    layout = meta.get("layout", str(tensor.layout)).removeprefix("torch.")
    if tensor.is_nested:
        return f"a nested tensor ({layout})"
    if tensor.is_quantized:
        return f"a quantised tensor ({tensor.qscheme()})".replace("torch.", "")
    return "a dense tensor" if layout == "strided" else f"a tensor of layout {layout}"


def _aspects(got: Tensor, expected: Tensor, rule: ComparisonOptions, metas: tuple[Meta, Meta]) -> list[Mismatch]:
    found = []
    if got.dtype != expected.dtype and "dtype" not in rule.ignore:
        found.append(Mismatch(f"dtype {dtype_name(got)} instead of {dtype_name(expected)}", "dtype"))
    mine, theirs = (meta.get("device", "cpu").partition(":")[0] for meta in metas)
    if mine != theirs and "device" not in rule.ignore:
        found.append(Mismatch(f"on {mine} instead of {theirs}", "device"))
    return found


def _joined(aspects: list[Mismatch], values: Mismatch | None, total: int) -> Mismatch | None:
    """The gap of the first aspect with the figures of `values`; the summary says all of them."""
    gaps = [*aspects, *([values] if values else [])]
    if not gaps:
        return None
    summary = "; ".join(gap.summary for gap in gaps)
    figures = values or Mismatch("", differing=0, total=total)
    return Mismatch(
        summary,
        gaps[0].aspect,
        figures.differing,
        figures.total,
        figures.places,
        figures.largest_absolute,
        figures.largest_relative,
        figures.mask,
    )


def _dense(tensor: Tensor) -> Tensor:
    return tensor.dequantize() if tensor.is_quantized else tensor


def _nested_mismatch(
    got: Tensor, expected: Tensor, rule: ComparisonOptions, metas: tuple[Meta, Meta]
) -> Mismatch | None:
    metas = ({**metas[0], "layout": "strided"}, {**metas[1], "layout": "strided"})
    mine, theirs = got.unbind(), expected.unbind()
    if len(mine) != len(theirs):
        return Mismatch(f"{len(mine)} tensors nested instead of {len(theirs)}", "shape")
    for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        if gap := tensor_mismatch(one, other, rule, metas):
            return gap.within(number, f"tensor {number}")
    return None


def _sparse_gap(got: Tensor, expected: Tensor, tolerance: tuple[float, float]) -> Mismatch | None:
    """Sparse values of one layout and shape; compared densely unless that would take too much memory."""
    if expected.numel() <= DENSE_LIMIT:
        return dense_mismatch(got.to_dense(), expected.to_dense(), tolerance)
    mine, theirs = (
        tensor.coalesce() if tensor.layout is torch.sparse_coo else tensor.to_sparse().coalesce()
        for tensor in (got, expected)
    )
    if not torch.equal(mine.indices(), theirs.indices()):
        return Mismatch("other elements are stored")
    return dense_mismatch(mine.values(), theirs.values(), tolerance)


def dense_mismatch(
    got: Tensor, expected: Tensor, tolerance: tuple[float, float], *, ordered: bool = True
) -> Mismatch | None:
    """None where two dense tensors of one shape are close element for element (or row for row in any order)."""
    if got.dtype == expected.dtype and torch.equal(got, expected):
        return None
    if not ordered and expected.ndim:
        got = _reordered(got, expected, tolerance)
    differs = differing(got, expected, *tolerance)
    count = int(differs.count_nonzero())
    if not count:
        return None
    total = expected.numel()
    words = "the value differs" if expected.ndim == 0 else f"{count} of {total} elements differ"
    absolute, relative = _largest(got[differs], expected[differs])
    return Mismatch(words, "value", count, total, _places(got, expected, differs), absolute, relative, _mask(differs))


def differing(got: Tensor, expected: Tensor, rtol: float, atol: float) -> Tensor:
    """Where two tensors of one shape are not close; NaN is close to NaN, and an infinity to itself."""
    if is_exact(got) and is_exact(expected):
        if got.dtype == expected.dtype:
            return got != expected
        # NumPy compares signed with unsigned integers exactly; torch would go through a float.
        return torch.from_numpy(np.asarray(got.numpy() != expected.numpy()))
    if expected.numel() <= BLOCK:
        return _apart(got, expected, rtol, atol)
    apart = [_apart(mine, theirs, rtol, atol) for mine, theirs in blocks(got, expected)]
    return torch.cat(apart).reshape(expected.shape)


def blocks(one: Tensor, other: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Two tensors of one shape piece by piece, so that what is computed of a piece stays near the processor."""
    if other.numel() <= BLOCK:
        yield one, other
        return
    if one.is_contiguous() and other.is_contiguous():
        one, other = one.view(-1), other.view(-1)
    lines = max(1, BLOCK * len(other) // other.numel())
    yield from zip(torch.split(one, lines), torch.split(other, lines), strict=True)


def _apart(got: Tensor, expected: Tensor, rtol: float, atol: float) -> Tensor:
    got, expected = _common(got, expected)
    close = torch.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if got.is_complex():
        close &= _same_special_parts(got, expected)
    return ~close


def _common(got: Tensor, expected: Tensor) -> tuple[Tensor, Tensor]:
    """Both in one dtype that arithmetic is implemented for."""
    if got.dtype == expected.dtype and got.dtype.itemsize > 1 and got.dtype != torch.complex32:
        return got, expected
    either_complex = got.is_complex() or expected.is_complex()
    wide = torch.complex128 if either_complex else torch.float64
    return got.to(wide), expected.to(wide)


def _same_special_parts(got: Tensor, expected: Tensor) -> Tensor:
    """NaN and infinities of complex numbers must match in each part, not in the number as a whole."""
    mine, theirs = torch.view_as_real(got.resolve_conj()), torch.view_as_real(expected.resolve_conj())
    special = ~(mine.isfinite() & theirs.isfinite())
    same = (mine == theirs) | (mine.isnan() & theirs.isnan()) | ~special
    return same.all(dim=-1)


def _reordered(got: Tensor, expected: Tensor, tolerance: tuple[float, float]) -> Tensor:
    """`got` with its rows in the order in which they meet `expected`'s, as far as they do."""
    rows = expected.shape[0]
    if expected.ndim == 1 and not expected.is_complex():
        ranks = _argsort(expected).argsort()
        return got[_argsort(got)][ranks]
    free = list(range(rows))
    order = []
    for row in expected[: min(rows, 512)]:
        place = next((i for i in free if not differing(got[i], row, *tolerance).any()), None)
        if place is not None:
            free.remove(place)
        order.append(place)
    order += [None] * (rows - len(order))
    spare = iter(free)
    return got[torch.tensor([next(spare) if place is None else place for place in order], dtype=torch.long)]


def _argsort(values: Tensor) -> Tensor:
    return values.argsort() if values.dtype.itemsize > 1 or is_exact(values) else values.float().argsort()


def _largest(got: Tensor, expected: Tensor) -> tuple[float | None, float | None]:
    """Largest absolute and relative difference of differing elements, where both are finite."""
    wide = torch.complex128 if got.is_complex() or expected.is_complex() else torch.float64
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
    """|got - expected| as float64, exact wherever the difference itself is not huge."""
    rough = (got.to(torch.float64) - expected.to(torch.float64)).abs()
    if torch.uint64 in (got.dtype, expected.dtype):
        return rough
    exact = (got.to(torch.int64) - expected.to(torch.int64)).to(torch.float64).abs()
    return torch.where(rough < 2.0**62, exact, rough)


def _places(got: Tensor, expected: Tensor, differs: Tensor) -> tuple[Difference, ...]:
    flat = differs.flatten().nonzero().flatten()[:SHOWN_PLACES].tolist()
    mine, theirs = got.reshape(-1), expected.reshape(-1)
    shape = tuple(expected.shape)
    places = []
    for place in flat:
        index = tuple(int(i) for i in np.unravel_index(place, shape)) if shape else ()
        places.append(Difference(index, *number_texts(theirs[place].item(), mine[place].item())))
    return tuple(places)


def number_texts(one: object, other: object) -> tuple[str, str]:
    """Both numbers in as few digits as still tell them apart."""
    texts = (number_text(one), number_text(other))
    return texts if texts[0] != texts[1] else (str(one), str(other))


def number_text(number: object) -> str:
    if isinstance(number, float) and math.isfinite(number):
        return f"{number:.6g}"
    if isinstance(number, int) and number.bit_length() > 4096:
        return f"an integer of {number.bit_length()} bits"
    return str(number)


def _mask(differs: Tensor) -> tuple[tuple[bool, ...], ...] | None:
    if differs.ndim > 2 or differs.numel() > PICTURE:
        return None
    rows = differs.reshape(1, -1) if differs.ndim < 2 else differs
    return tuple(tuple(row) for row in rows.tolist())
