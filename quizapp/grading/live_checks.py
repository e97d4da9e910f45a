"""The states of the visible checks while an answer is being written: one run, no verdict and no diagnosis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quizapp.decks.card import Card, CardKind
from quizapp.errors import PtquizError
from quizapp.grading.judge_protocol import AGREES, Finding, is_identical
from quizapp.grading.pasted_answers import clean_pasted_answer
from quizapp.grading.runs import build_run, reference_run
from quizapp.grading.scoring import Trial
from quizapp.grading.verdict import CheckState

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader

MAX_LIVE_ANSWER = 1 << 14
"""Characters of an answer that is run without a request of the learner."""

LEAST_SECONDS, PATIENCE = 1.0, 4
"""Time limit of the run, to which `PATIENCE` times the time of the reference is added."""

NOT_RUN = Trial(0, devices=frozenset({"cpu"}))


def find_check_states(grader: Grader, card: Card, answer: str) -> tuple[CheckState, ...]:
    """Return the state of each visible check in the first trial on the CPU; none if the answer is not code.

    Checks on a GPU are deferred. Checks are not reached if the answer raises, is too long or too slow, or is
    cancelled, or if nothing can be run.
    """
    if card.kind not in (CardKind.CODE, CardKind.ORDER):
        return ()
    try:
        trial = NOT_RUN if len(answer) > MAX_LIVE_ANSWER else _judge(grader, card, clean_pasted_answer(answer)[0])
    except PtquizError:
        trial = NOT_RUN
    states = trial.checks(replace(card, budget=None))
    return tuple(verdict.state for verdict in states if not verdict.check.hidden)


def _judge(grader: Grader, card: Card, answer: str) -> Trial:
    """Return the first trial with its findings. Raises UntrustedError and SandboxError."""
    grader.prepare(card)
    reference = grader.reference(reference_run(card)) if card.reference else None
    # The hidden checks run too, because later checks may depend on their statements.
    run = replace(build_run(card, answer), watch=(), calls=())
    seconds = LEAST_SECONDS + PATIENCE * (reference.seconds if reference else card.limits.seconds)
    limits = replace(card.limits, seconds=min(seconds, card.limits.seconds))
    report = grader.sandbox.submit(replace(run, limits=limits))
    tolerances = grader.tolerances(card, 0, "cpu", reference) if reference else None
    trial = Trial(0).add(card, "cpu", reference, report, tolerances)
    return replace(trial, findings=_findings(grader, trial, card.limits.seconds))


def _findings(grader: Grader, trial: Trial, seconds: float) -> dict[int, Finding]:
    """Return the findings by check number; the judge is asked only about values whose bytes differ."""
    undecided = {number: c for number, c in trial.comparisons.items() if not is_identical(c)}
    # What is not shown is not diagnosed.
    questions = [replace(c, shown=False, given=None, after=None) for c in undecided.values()]
    findings = dict(zip(undecided, grader.compare(questions, seconds), strict=True))
    return {number: findings.get(number, AGREES) for number in trial.comparisons}
