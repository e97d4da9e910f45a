"""Mistakes of masks and triangular matrices: inverted, the boundary value, the wrong triangle."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import (
    SMALL,
    Explanation,
    GivenValue,
    TensorPair,
    is_same,
    is_varied,
    sample_index,
)
from quizapp.grading.mistake import Mistake

SMALLEST_TRIANGLE = 3
"""Rows and columns from which on zeros on one side of the diagonal are no coincidence."""

FEWEST_INVERTED = 6
"""Bools from which on it is no coincidence that all are wrong."""


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Yield every explanation by a mask or a triangle that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0:
        return
    triangle = next(_explain_triangle(pair), None)
    if triangle:
        yield triangle
    if got.dtype == expected.dtype == torch.bool and is_varied(expected):
        if got.numel() >= FEWEST_INVERTED and pair.explains(~got):
            yield Explanation(Mistake.MASK_INVERTED, "the mask is inverted: True and False are swapped")
        elif not triangle:
            yield from _explain_boundary(pair)


def _explain_boundary(pair: TensorPair) -> Iterator[Explanation]:
    """Explain a threshold of a given tensor where only the elements equal to the threshold are wrong."""
    differs = pair.got != pair.expected
    for given in pair.named:
        tensor = given.tensor
        if tensor.shape != differs.shape or tensor.is_complex() or tensor.dtype == torch.bool:
            continue
        edge = tensor[differs]
        if not bool((edge == edge[0]).all()) or bool((differs != (tensor == edge[0])).any()):
            continue
        if _is_threshold(pair.expected, tensor, edge[0]):
            is_included = bool(pair.got[differs][0])
            what = "included, but should be excluded" if is_included else "excluded, but should be included"
            clause = f"the boundary value of `{given.name}` is {what}: check `<` and `<=`, `>` and `>=`"
            yield Explanation(Mistake.BOUNDARY, clause)
            return


def _is_threshold(mask: Tensor, tensor: Tensor, edge: Tensor) -> bool:
    """Return whether `mask` has one truth value where `tensor` is below `edge` and the other where it is above."""
    below, above = mask[tensor < edge], mask[tensor > edge]
    is_uniform = [
        bool(part.all()) if part.numel() and bool(part[0]) else not bool(part.any()) for part in (below, above)
    ]
    if not all(is_uniform) or not (below.numel() or above.numel()):
        return False
    return not (below.numel() and above.numel()) or bool(below[0]) != bool(above[0])


def _explain_triangle(pair: TensorPair) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    if expected.ndim < 2 or min(expected.shape[-2:]) < SMALLEST_TRIANGLE:
        return
    expected_triangle, got_triangle = _triangle(expected), _triangle(got)
    if not expected_triangle or not got_triangle:
        return
    if expected_triangle != got_triangle:
        if _is_complementary(pair, expected_triangle):
            yield Explanation(
                Mistake.TRIANGLE, f"it is the {got_triangle} triangle instead of the {expected_triangle} one"
            )
    elif _differ_only_near_diagonal(pair):
        clause = f"the {got_triangle} triangle is right except for its diagonal: check the argument `diagonal`"
        yield Explanation(Mistake.TRIANGLE_BOUNDARY, clause)


def _triangle(tensor: Tensor) -> str | None:
    """Return which triangle of (..., n, m) is non-zero, `upper` or `lower`, if the other one is all 0; else None."""
    rows, columns = tensor.shape[-2:]
    if tensor[..., 0, columns - 1].ne(0).any() == tensor[..., rows - 1, 0].ne(0).any():
        return None
    is_lower = bool(tensor[..., rows - 1, 0].ne(0).any())
    opposite = torch.triu(tensor, 1) if is_lower else torch.tril(tensor, -1)
    if opposite.ne(0).any():
        return None
    return "lower" if is_lower else "upper"


def _is_complementary(pair: TensorPair, triangle: str) -> bool:
    """Return whether both are triangles of one matrix: a given one, its inverse mask, or each other's transpose."""
    got = pair.got
    if got.shape[-1] == got.shape[-2] and pair.explains(got.mT):
        return True
    if got.dtype == torch.bool:
        return pair.explains(~got)
    return any(_is_cut_from(pair, given, triangle) for given in pair.named)


def _is_cut_from(pair: TensorPair, given: GivenValue, triangle: str) -> bool:
    tensor = given.tensor
    if tensor.shape != pair.expected.shape:
        return False
    cuts = {"upper": torch.triu, "lower": torch.tril}
    opposite = "lower" if triangle == "upper" else "upper"
    return any(is_same(cuts[triangle](tensor, k), pair.expected) for k in (0, 1, -1)) and any(
        is_same(cuts[opposite](tensor, k), pair.got) for k in (0, 1, -1)
    )


def _differ_only_near_diagonal(pair: TensorPair) -> bool:
    """Return whether the tensors differ on one diagonal at the edge of the triangle, where one of them is all 0."""
    got, expected = pair.got, pair.expected
    if expected.numel() > SMALL:
        index = sample_index(tuple(expected.shape))
        is_far = (index[-1] - index[-2]).abs() > 1
        if bool((got[index] != expected[index])[is_far].any()):
            return False
    differs = got != expected
    diagonals = [k for k in (-1, 0, 1) if bool(differs.diagonal(k, -2, -1).any())]
    if len(diagonals) != 1:
        return False
    k = diagonals[0]
    rest = differs.clone()
    rest.diagonal(k, -2, -1).fill_(False)
    if rest.any():
        return False
    sides = (got.diagonal(k, -2, -1), expected.diagonal(k, -2, -1))
    return any(not bool(side.ne(0).any()) for side in sides)
