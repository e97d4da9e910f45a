"""A card's budget: what the reference uses, what an answer may use, and a verdict on each cap."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from quizapp.decks.card import Cap, Card, Check
from quizapp.grading.judge_protocol import Finding
from quizapp.grading.verdict import CheckState, CheckVerdict
from quizapp.sandbox.protocol import Ending, Report, UsageCaps
from quizapp.text.counting import format_bytes

COUNT_ALL = UsageCaps(operators=inf)
"""Counts every operator."""


def cap_names(card: Card) -> list[str]:
    """Return the caps that the card's budget sets, in the order of their verdicts."""
    return [name for name in ("operators", "memory") if card.budget and getattr(card.budget, name)]


def reference_caps(card: Card) -> UsageCaps | None:
    """Return what to count in the reference's run; None without a budget."""
    budget = card.budget
    return UsageCaps(inf if budget.operators else None, inf if budget.memory else None) if budget else None


def answer_caps(card: Card, reference: Report | None) -> UsageCaps | None:
    """Return what to count in an answer's run and up to where; None without a budget."""
    budget = card.budget
    if budget is None:
        return None
    operators, memory = (reference.operators, reference.peak_memory) if reference else (0, 0)
    return UsageCaps(_limit(budget.operators, operators), _limit(budget.memory, memory))


def _limit(cap: Cap | None, used: int) -> float | None:
    if cap is None:
        return None
    return cap.value * used if cap.is_relative else cap.value


def budget_verdicts(card: Card, report: Report | None, reference: Report | None) -> Iterator[CheckVerdict]:
    """Yield a verdict on each cap of the card, as on a check."""
    caps = answer_caps(card, reference)
    if caps is None or card.budget is None:
        return
    used = (report.operators, report.peak_memory) if report else (0, 0)
    for name, limit, count in (("operators", caps.operators, used[0]), ("memory", caps.memory, used[1])):
        if limit is not None:
            check = Check(f"{name} <= {_amount(name, limit)}", points=card.budget.points)
            state = _state(report, count <= limit)
            finding = _finding(name, limit, reference) if state is CheckState.DIFFERS else None
            yield CheckVerdict(check, state, finding)


def _state(report: Report | None, is_within: bool) -> CheckState:
    if report is None:
        return CheckState.DEFERRED
    if report.ending is not Ending.FINISHED or (report.raised and not report.observations):
        return CheckState.NOT_REACHED
    return CheckState.AGREES if is_within else CheckState.DIFFERS


def _finding(name: str, limit: float, reference: Report | None) -> Finding:
    what = "calls of torch operators" if name == "operators" else "of tensors at one time"
    summary = f"more than {_amount(name, limit)} {what}"
    if reference:
        used = reference.operators if name == "operators" else reference.peak_memory
        summary += f"; the reference needs {_amount(name, used)}"
    return Finding(False, summary)


def _amount(name: str, amount: float) -> str:
    return f"{int(amount):,}" if name == "operators" else format_bytes(amount)
