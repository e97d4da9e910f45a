"""What the runs themselves say of a wrong answer: names missed, inputs unused, luck with one seed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from quizapp.decks.card import Card
from quizapp.grading.runs import bound_names, names
from quizapp.grading.scoring import Trial
from quizapp.sandbox.protocol import Observation, Report

MISSING = re.compile(r"name '(\w+)' is not defined")


def run_notes(card: Card, answer: str, trials: Sequence[Trial], again: Report | None = None) -> list[str]:
    """One sentence each, the most telling first; `again` is the first trial's run repeated from the same seed."""
    return [*_missing_names(card, trials[0]), *_seeds(trials, again), *_unused(card, answer)]


def _missing_names(card: Card, trial: Trial) -> Iterator[str]:
    """Names that checks look for and the code never bound."""
    bound = [name for report in trial.reports for name in report.bound]
    told: set[str] = set()
    for number, observation in trial.observations.items():
        name = _missing(observation)
        check = card.checks[number]
        if name is None or name in told or check.hidden or name not in names(check.see) | names(check.run):
            continue
        told.add(name)
        near = get_close_matches(name, bound, 1)
        yield f"Your code never binds `{name}`." + (f" It binds `{near[0]}`: is that the one?" if near else "")


def _missing(observation: Observation) -> str | None:
    raised = observation.raised
    found = MISSING.search(raised.message) if raised and raised.type == "NameError" else None
    return found[1] if found else None


def _seeds(trials: Sequence[Trial], again: Report | None) -> Iterator[str]:
    """What comes of other seeds, or of the same seed twice."""
    first = trials[0]
    if again is not None and first.reports and _values(again) != _values(first.reports[0]):
        yield "Run twice from the same seed, your answer gives two results: it draws from an unseeded source."
        return
    if len(trials) < 2:
        return
    if _same_everywhere(trials):
        yield "Your answer gives the same values for every random input: does it use the input at all?"
    elif len({_passes(trial) for trial in trials}) == 2:
        yield "Your answer is right for one random input and wrong for another."


def _values(report: Report) -> list[tuple[int, bytes | None]]:
    return [(observation.number, observation.value) for observation in report.observations]


def _passes(trial: Trial) -> bool:
    return bool(trial.findings) and all(finding.agrees for finding in trial.findings.values())


def _same_everywhere(trials: Sequence[Trial]) -> bool:
    """Where the reference's values differ from trial to trial, the answer's never do; one that raised has none."""
    answers = [dict(_values(trial.reports[0])) for trial in trials if trial.reports]
    references = [dict(_values(trial.references[0])) for trial in trials if trial.references]
    if len(answers) < 2 or not references:
        return False
    varied = [number for number, value in references[0].items() if any(one.get(number) != value for one in references)]
    values = [[one.get(number) for one in answers] for number in varied]
    return bool(values) and all(first is not None and set(rest) == {first} for first, *rest in values)


def _unused(card: Card, answer: str) -> Iterator[str]:
    """Given names that the reference reads and the answer does not."""
    wanted = [name for name in bound_names(card.given) if name in names(card.reference)]
    missed = [name for name in wanted if name not in names(answer)]
    if missed and len(missed) < len(wanted):
        yield "Your answer never uses " + ", ".join(f"`{name}`" for name in missed) + ", which the card gives."
