"""Mistakes with complex numbers: the conjugate, the sign, one factor."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from quizapp.grading.judge.diagnosis.evidence import TensorPair, Explanation


def fits(pair: TensorPair) -> Iterator[Explanation]:
    """Every explanation by one change of each complex element that holds."""
    got, expected = pair.got, pair.expected
    if got.shape != expected.shape or got.numel() == 0 or not (got.is_complex() and expected.is_complex()):
        return
    if pair.maps(torch.conj_physical, got, expected):
        yield Explanation(
            "conjugate", "it is the complex conjugate of what was asked: the imaginary parts have the other sign"
        )
    if pair.maps(torch.neg, got, expected):
        yield Explanation("sign", "the sign is flipped")
