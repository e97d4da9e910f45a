"""Notes on a wrong answer from its runs: names never bound, inputs never used, results that depend on the seed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from quizapp.decks.card import Card
from quizapp.grading.mistake import Mistake
from quizapp.grading.runs import bound_names, loaded_names, reads_name
from quizapp.grading.scoring import Trial
from quizapp.sandbox.protocol import Observation, Report

NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


CONSTANT = "Your answer gives the same values for every random input: does it use the input at all?"
UNUSED = "Your answer never uses "


def without_guesses(notes: Sequence[str], mistake: Mistake) -> tuple[str, ...]:
    """Return the notes that still help where a mistake is proved."""
    superfluous = (CONSTANT, UNUSED) if mistake is Mistake.ARGUMENT_IGNORED else (CONSTANT,)
    return tuple(note for note in notes if not note.startswith(superfluous))


def find_run_notes(card: Card, answer: str, trials: Sequence[Trial], repeated: Report | None = None) -> list[str]:
    """Return notes of one sentence each, the most specific first.

    `repeated` is the first trial's run, repeated from the same seed.
    """
    return [
        *_missing_name_notes(card, trials[0]),
        *_changed_value_notes(card, trials[0]),
        *_seed_notes(trials, repeated),
        *_unused_name_notes(card, answer),
    ]


def _missing_name_notes(card: Card, trial: Trial) -> Iterator[str]:
    """Yield a note for each name that a check reads and the code never bound."""
    bound = [name for report in trial.reports for name in report.bound]
    # A name that a check binds is missing because that check's statements failed.
    noted = {name for check in card.checks for name in bound_names(check.run)}
    for number, observation in trial.observations.items():
        name = _undefined_name(observation)
        check = card.checks[number]
        if name is None or name in noted or check.hidden or not reads_name(check, name):
            continue
        noted.add(name)
        similar = get_close_matches(name, bound, 1)
        yield f"Your code never binds `{name}`." + (f" It binds `{similar[0]}`: did you mean that?" if similar else "")


def _changed_value_notes(card: Card, trial: Trial) -> Iterator[str]:
    """Yield a note for each given value that the answer changed in place, where a check that differs reads it."""
    kept = {name for report in trial.references for name in report.changed}
    changed = [name for report in trial.reports for name in report.changed if name not in kept]
    for name in dict.fromkeys(changed):
        for number, finding in trial.findings.items():
            check = card.checks[number]
            if not finding.agrees and not check.hidden and reads_name(check, name):
                yield f"Your code changes `{name}` in place, so `{check.see}` sees the changed values."
                break


def _undefined_name(observation: Observation) -> str | None:
    raised = observation.raised
    match = NOT_DEFINED.search(raised.message) if raised and raised.type == "NameError" else None
    return match[1] if match else None


def _seed_notes(trials: Sequence[Trial], repeated: Report | None) -> Iterator[str]:
    """Yield a note on results that differ for the same seed, or do not differ between seeds as they should."""
    first = trials[0]
    if repeated is not None and first.reports and repeated.values != first.reports[0].values:
        yield "Run twice from the same seed, your answer gives different results: it uses unseeded randomness."
        return
    if len(trials) < 2:
        return
    is_explained = any(finding.diagnosis for trial in trials for finding in trial.findings.values())
    if _is_constant(trials) and not is_explained:
        yield CONSTANT
    elif len({_has_passed(trial) for trial in trials}) == 2:
        yield "Your answer is right for one random input and wrong for another."


def _has_passed(trial: Trial) -> bool:
    return bool(trial.findings) and all(finding.agrees for finding in trial.findings.values())


def _is_constant(trials: Sequence[Trial]) -> bool:
    """Return whether the answer's values are the same in all trials wherever the reference's differ.

    An observation without a value, such as an exception, is not constant.
    """
    answers = [trial.reports[0].values for trial in trials if trial.reports]
    references = [trial.references[0].values for trial in trials if trial.references]
    if len(answers) < 2 or not references:
        return False
    first, *others = references
    varied = [number for number, value in first.items() if any(other.get(number) != value for other in others)]
    values = [[answer.get(number) for answer in answers] for number in varied]
    return bool(values) and all(value is not None and set(rest) == {value} for value, *rest in values)


def _unused_name_notes(card: Card, answer: str) -> Iterator[str]:
    """Yield a note on given names that the reference reads and the answer does not."""
    expected = [name for name in bound_names(card.given) if name in loaded_names(card.reference)]
    unused = [name for name in expected if name not in loaded_names(answer)]
    if unused and len(unused) < len(expected):
        yield UNUSED + ", ".join(f"`{name}`" for name in unused) + ", which the card gives."
