"""`rtol: auto`: a tolerance measured on the reference itself, by running it in the card's dtype and in float64.

A correct answer may sum in another order, so its error is about as large as that of the reference; the tolerance is a
multiple of the latter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quizapp.decks.card import Card
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.runs import build_run
from quizapp.sandbox.protocol import Observation, Report, Run

SLACK = 8.0
"""Tolerance as a multiple of the reference's own error."""

MOST_ROUNDING = 1e-2
"""Largest difference that can be a rounding error, relative to the largest element."""

WIDEN = """
def _widened(value):
    import torch
    if isinstance(value, torch.nn.Module):
        return value.double()
    if isinstance(value, torch.Tensor) and value.dtype in (torch.float32, torch.float16, torch.bfloat16):
        wide = value.detach().double()
        return wide.requires_grad_(value.requires_grad)
    return value
for _name in [name for name in globals() if not name.startswith('_')]:
    globals()[_name] = _widened(globals()[_name])
import torch as _torch
_torch.set_default_dtype(_torch.float64)
def _drawing_float32(draw):
    def drawn(*size, dtype=None, requires_grad=False, **options):
        values = draw(*size, dtype=dtype or _torch.float32, **options)
        return values.to(dtype or _torch.float64).requires_grad_(requires_grad)
    return drawn
for _name in ('rand', 'randn'):
    setattr(_torch, _name, _drawing_float32(getattr(_torch, _name)))
"""
"""Code to run after `given`: converts what it bound to float64, and makes that the default dtype of the solution.

The generator gives other numbers in float64, so a check that draws must draw in float32 and convert.
"""


def needs_measuring(card: Card) -> bool:
    """Return whether any check has `rtol: auto`."""
    return any(check.rtol == "auto" for check in card.checks)


def precise_run(card: Card, trial: int, device: str) -> Run:
    """Return the run of the reference in float64, from the same random inputs."""
    run = build_run(card, card.reference, trial, device)
    return replace(run, given=f"{run.given}\n{WIDEN}", watch=())


def precision_comparisons(card: Card, reference: Report, precise: Report) -> dict[int, Comparison]:
    """Return, by check number, comparisons of the reference with itself in float64, for checks with `rtol: auto`."""
    exact = {observation.number: observation for observation in precise.observations}
    return {
        got.number: _precision_comparison(exact[got.number], got)
        for got in reference.observations
        if card.checks[got.number].rtol == "auto" and got.number in exact
    }


def _precision_comparison(expected: Observation, got: Observation) -> Comparison:
    return Comparison(got=got, expected=expected, rtol=0.0, atol=0.0, ignore=frozenset({"dtype", "type"}))


def measured_tolerances(numbers: Sequence[int], findings: Sequence[Finding]) -> Mapping[int, float]:
    """Return the absolute tolerance for each check number, given the findings of `precision_comparisons`.

    A difference that is no rounding error measures nothing, such as other random numbers: there, the dtype's own
    tolerance applies, as for numbers that are not in the result.
    """
    return {
        number: SLACK * error
        for number, finding in zip(numbers, findings, strict=True)
        if (error := _rounding_error(finding)) is not None
    }


def _rounding_error(finding: Finding) -> float | None:
    """Return the largest difference if it is small, in itself or beside the largest element; else None."""
    if finding.mismatch is None:
        return None
    error = finding.mismatch.largest_absolute or 0.0
    elements = finding.expected.values if finding.expected else None
    sizes = [abs(element) for element in elements or () if isinstance(element, int | float)]
    is_rounding = finding.mismatch.is_near_miss or not sizes or error <= MOST_ROUNDING * max(sizes)
    return error if is_rounding else None
