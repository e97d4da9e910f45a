"""Attention computed from given tensors: the wrong dimension, scale or fill of masked scores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import torch
from torch import Tensor

from quizapp.grading.judge.diagnosis.evidence import SMALL, Explanation, GivenValue, TensorPair, is_close, widen
from quizapp.grading.mistake import Mistake

MOST_TRIED = 4
"""Given tensors that are combined with each other."""

LARGEST = 16 * SMALL
"""Most elements of a given tensor, and of the scores."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores (..., queries, keys), and where they come from."""

    name: str
    values: Tensor
    queries: GivenValue | None = None
    """The given queries, if the scores are their product with given keys."""

    keys: GivenValue | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to turn scores into weights."""

    scale: str = "sqrt"
    """Divisor of products: `sqrt` of the size of a query, `size` or `one`."""

    dim: int = -1
    fill: str = "-inf"
    """How the mask is applied: `-inf`, `0`, `none`, `inverted`, or `after` the softmax."""


MISTAKES = (
    Variant(dim=-2),
    Variant(scale="size"),
    Variant(scale="one"),
    Variant(fill="0"),
    Variant(fill="none"),
    Variant(fill="inverted"),
    Variant(fill="after"),
)


def explain(pair: TensorPair) -> Iterator[Explanation]:
    """Explain attention weights, or their product with given values, by one mistake in the weights."""
    if pair.got.shape != pair.expected.shape or pair.got.ndim < 2 or not pair.expected.is_floating_point():
        return
    tensors = [value for value in pair.named if 1 <= value.tensor.ndim <= 4 and value.tensor.numel() <= LARGEST]
    floats = [value for value in tensors if value.tensor.is_floating_point() and value.tensor.ndim > 1][:MOST_TRIED]
    masks = [value for value in tensors if value.tensor.dtype == torch.bool][:1]
    for scores in _scores(floats):
        for values in (None, *floats):
            if _result_shape(scores, values) != pair.got.shape or (values and values in (scores.queries, scores.keys)):
                continue
            found = next(_explain_weights(pair, scores, values, masks), None)
            if found:
                yield found
                return


def _scores(floats: list[GivenValue]) -> Iterator[Scores]:
    """Yield the products of given queries and keys, then the given tensors."""
    for queries, keys in permutations(floats, 2):
        q, k = queries.tensor, keys.tensor
        is_product = q.shape[-1] == k.shape[-1] and q.shape[:-2] == k.shape[:-2]
        if is_product and q.shape[-2] * k.numel() // k.shape[-1] <= LARGEST:
            yield Scores(f"{queries.name} @ {keys.name}.mT", widen(q) @ widen(k).mT, queries, keys)
    for value in floats:
        yield Scores(value.name, widen(value.tensor))


def _result_shape(scores: Scores, values: GivenValue | None) -> torch.Size | None:
    """Return the shape of the weights, or of their product with `values`; None if they cannot be multiplied."""
    shape = scores.values.shape
    if values is None:
        return shape
    other = values.tensor.shape
    return torch.Size((*shape[:-1], other[-1])) if other[:-1] == (*shape[:-2], shape[-1]) else None


def _explain_weights(
    pair: TensorPair, scores: Scores, values: GivenValue | None, masks: list[GivenValue]
) -> Iterator[Explanation]:
    rights = [(Variant(), mask, is_kept) for mask in masks for is_kept in (True, False)]
    for right, mask, is_kept in [*rights, (Variant(fill="none"), None, True)]:
        if mask and not _fits(mask.tensor, scores.values):
            continue
        if not is_close(_result(right, scores, values, mask, is_kept), pair.expected):
            continue
        for wrong in MISTAKES:
            is_of_mask, is_of_scale = wrong.fill in ("0", "inverted", "after"), wrong.scale != "sqrt"
            if (mask is None and is_of_mask) or (scores.queries is None and is_of_scale):
                continue
            variant = wrong if mask else Variant(wrong.scale, wrong.dim, "none")
            if variant != right and is_close(_result(variant, scores, values, mask, is_kept), pair.got):
                yield _explanation(wrong, scores, mask)
                return


def _fits(mask: Tensor, scores: Tensor) -> bool:
    return mask.ndim <= scores.ndim and all(
        size in (1, wanted) for size, wanted in zip(reversed(mask.shape), reversed(scores.shape), strict=False)
    )


def _result(
    variant: Variant, scores: Scores, values: GivenValue | None, mask: GivenValue | None, is_kept: bool
) -> Tensor:
    weights = _weights(variant, scores, mask, is_kept)
    return weights @ widen(values.tensor) if values else weights


def _weights(variant: Variant, scores: Scores, mask: GivenValue | None, is_kept: bool) -> Tensor:
    """Return the weights; `is_kept` is whether the mask is True at the scores that count."""
    logits = scores.values
    if scores.queries is not None:
        size = scores.queries.tensor.shape[-1]
        logits = logits / {"sqrt": math.sqrt(size), "size": size, "one": 1}[variant.scale]
    if mask is None or variant.fill == "none":
        return logits.softmax(variant.dim)
    is_masked = mask.tensor if is_kept == (variant.fill == "inverted") else ~mask.tensor
    if variant.fill == "after":
        return logits.softmax(variant.dim).masked_fill(is_masked, 0.0)
    return logits.masked_fill(is_masked, 0.0 if variant.fill == "0" else -math.inf).softmax(variant.dim)


def _explanation(wrong: Variant, scores: Scores, mask: GivenValue | None) -> Explanation:
    ndim = scores.values.ndim
    if wrong.dim == -2:
        where = f"over dimension {ndim - 2} (the queries) instead of {ndim - 1} (the keys)"
        return Explanation(Mistake.WRONG_DIMENSION, f"the softmax of the scores was taken {where}")
    if wrong.scale != "sqrt" and scores.queries is not None:
        source = f"where d is the size of the last dimension of `{scores.queries.name}`"
        how = "were divided by d instead of √d" if wrong.scale == "size" else "were not divided by √d"
        return Explanation(Mistake.WRONG_SCALE, f"the scores {how}, {source}")
    name = mask.name if mask else ""
    if wrong.fill == "0":
        clause = f"scores that `{name}` excludes were set to 0 instead of -inf, so they still get weight"
        return Explanation(Mistake.MASK_FILL, clause)
    if wrong.fill == "after":
        clause = f"`{name}` was applied after the softmax, so the weights do not sum to 1"
        return Explanation(Mistake.MASK_FILL, clause)
    if wrong.fill == "inverted":
        return Explanation(Mistake.MASK_INVERTED, f"`{name}` was applied inverted: the wrong scores were excluded")
    return Explanation(Mistake.LEFT_OUT, f"`{name}` was not applied to the scores")
