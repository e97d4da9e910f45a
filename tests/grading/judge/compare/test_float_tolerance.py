"""Python floats are compared like the float32 tensors that most of them come from."""

from __future__ import annotations

import pytest
import torch

from tests.grading.judge.helpers import agree, judged, mismatch_of


@pytest.mark.parametrize("difference", [0.0, 5e-7, -5e-7])
def test_a_difference_of_float32_rounding_agrees(difference: float) -> None:
    assert agree(3.0 * (1 + difference), 3.0)


@pytest.mark.parametrize(("got", "expected"), [(1.0 + 1e-5, 1.0), (1e-5, 0.0), (2e-6, 1e-6)])
def test_a_larger_difference_does_not_agree(got: float, expected: float) -> None:
    assert mismatch_of(judged(got, expected)).is_near_miss


def test_a_mean_of_items_agrees_with_the_item_of_the_mean() -> None:
    values = torch.linspace(0.1, 7.3, 1000)
    assert agree(sum(values.tolist()) / 1000, values.mean().item())
