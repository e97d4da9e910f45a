"""Mistakes of masks and triangles: inverted, the boundary, one triangle for the other."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import SMALL, TensorPair, Explanation, GivenValue, sample, varied


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by a mask or a triangle that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0:
        return
    triangle = next(_triangles(pair), None)
    if triangle:
        yield triangle
    if got.dtype == expected.dtype == torch.bool and varied(expected):
        if pair.explains(~got):
            yield Explanation(
                "mask-inverted", "the mask is inverted: True stands where False was asked, and the reverse"
            )
        elif not triangle:
            yield from _boundary(pair)


def _boundary(pair: TensorPair) -> Iterator[Explanation]:
    """True and False change at one value of a given tensor, and only that value is on the wrong side."""
    differs = pair.got != pair.expected
    for given in pair.given:
        tensor = given.tensor
        if tensor.shape != differs.shape or tensor.is_complex() or tensor.dtype == torch.bool:
            continue
        edge = tensor[differs]
        if not bool((edge == edge[0]).all()) or bool((differs != (tensor == edge[0])).any()):
            continue
        if _is_threshold(pair.expected, tensor, edge[0]):
            included = bool(pair.got[differs][0])
            side = "included where it had to be left out" if included else "left out where it had to be included"
            yield Explanation(
                "boundary", f"the boundary of `{given.name}` is {side}: compare `<` with `<=`, `>` with `>=`"
            )
            return


def _is_threshold(mask: Tensor, tensor: Tensor, edge: Tensor) -> bool:
    """Whether `mask` has one truth value below `edge` and the other above it."""
    below, above = mask[tensor < edge], mask[tensor > edge]
    one_sided = [
        bool(part.all()) if part.numel() and bool(part[0]) else not bool(part.any()) for part in (below, above)
    ]
    if not all(one_sided) or not (below.numel() or above.numel()):
        return False
    return not (below.numel() and above.numel()) or bool(below[0]) != bool(above[0])


def _triangles(pair: TensorPair) -> Iterator[Explanation]:
    got, expected = pair.got, pair.expected
    if expected.ndim < 2 or min(expected.shape[-2:]) < 2:
        return
    wanted, made = _corner(expected), _corner(got)
    if not wanted or not made:
        return
    if wanted != made:
        if _complementary(pair, wanted):
            yield Explanation("triangle", f"it is the {made} triangle where the {wanted} one was asked")
    elif _differ_only_near_diagonal(pair):
        yield Explanation("triangle-boundary", f"the {made} triangle is right but for its diagonal: mind `diagonal`")


def _corner(tensor: Tensor) -> str | None:
    """`upper` or `lower` where everything on the far side of the diagonal is 0 and its own side is not."""
    rows, columns = tensor.shape[-2:]
    if tensor[..., 0, columns - 1].ne(0).any() == tensor[..., rows - 1, 0].ne(0).any():
        return None
    lower = bool(tensor[..., rows - 1, 0].ne(0).any())
    side = torch.triu(tensor, 1) if lower else torch.tril(tensor, -1)
    if side.ne(0).any():
        return None
    return "lower" if lower else "upper"


def _complementary(pair: TensorPair, wanted: str) -> bool:
    """Whether both are triangles of one matrix: a given one, its inverse mask, or each other's transpose."""
    got = pair.got
    if got.shape[-1] == got.shape[-2] and pair.explains(got.mT):
        return True
    if got.dtype == torch.bool:
        return pair.explains(~got)
    return any(_cut_from(pair, given, wanted) for given in pair.given)


def _cut_from(pair: TensorPair, given: GivenValue, wanted: str) -> bool:
    tensor = given.tensor
    if tensor.shape != pair.expected.shape:
        return False
    cuts = {"upper": torch.triu, "lower": torch.tril}
    other = "lower" if wanted == "upper" else "upper"
    return any(pair.same(cuts[wanted](tensor, k), pair.expected) for k in (0, 1, -1)) and any(
        pair.same(cuts[other](tensor, k), pair.got) for k in (0, 1, -1)
    )


def _differ_only_near_diagonal(pair: TensorPair) -> bool:
    """Whether the sides differ on one diagonal next to the edge of the triangle, and there one of them is 0."""
    got, expected = pair.got, pair.expected
    if expected.numel() > SMALL:
        places = sample(tuple(expected.shape))
        away = (places[-1] - places[-2]).abs() > 1
        if bool((got[places] != expected[places])[away].any()):
            return False
    differs = got != expected
    found = [k for k in (-1, 0, 1) if bool(differs.diagonal(k, -2, -1).any())]
    if len(found) != 1:
        return False
    k = found[0]
    rest = differs.clone()
    rest.diagonal(k, -2, -1).fill_(False)
    if rest.any():
        return False
    sides = (got.diagonal(k, -2, -1), expected.diagonal(k, -2, -1))
    return any(not bool(side.ne(0).any()) for side in sides)
