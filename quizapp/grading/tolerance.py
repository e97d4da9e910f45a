"""`rtol: auto`: a tolerance measured on the reference itself, in the card's dtype against float64.

A correct answer may sum in another order, so it is off by about as much as the reference is off from the exact value;
the tolerance is a multiple of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quizapp.decks.card import Card
from quizapp.grading.findings import Comparison, Finding
from quizapp.grading.runs import run_of
from quizapp.sandbox.protocol import Observation, Report, Run

SLACK = 8.0
"""Times the reference's own error."""

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
"""
"""Runs after `given`: what it bound, and what the solution makes, is float64."""


def wants_measure(card: Card) -> bool:
    return any(check.rtol == "auto" for check in card.checks)


def precise_run(card: Card, trial: int, device: str) -> Run:
    """The reference in float64, from the same random inputs."""
    run = run_of(card, card.reference, trial, device)
    return replace(run, given=f"{run.given}\n{WIDEN}", watch=())


def questions(card: Card, reference: Report, precise: Report) -> dict[int, Comparison]:
    """For each check that asks for it: how far is the reference from itself in float64?"""
    exact = {observation.number: observation for observation in precise.observations}
    return {
        seen.number: _question(exact[seen.number], seen)
        for seen in reference.observations
        if card.checks[seen.number].rtol == "auto" and seen.number in exact
    }


def _question(expected: Observation, got: Observation) -> Comparison:
    return Comparison(got=got, expected=expected, rtol=0.0, atol=0.0, ignore=frozenset({"dtype", "type"}))


def tolerances(numbers: Sequence[int], findings: Sequence[Finding]) -> Mapping[int, float]:
    """The absolute tolerance of each of those checks."""
    return {
        number: SLACK * (finding.largest_absolute or 0.0) for number, finding in zip(numbers, findings, strict=True)
    }
