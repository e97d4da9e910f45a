"""The search for one change that explains a wrong answer.

A *repair* is a change of the answer after which every check agrees. An *imitation* is a change of the reference that
then gives the answer's values. Both are found by running the changed programs in the sandbox, each in a fresh worker,
so what is reported is a fact about these programs, not a guess from the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from quizapp.grading.code_changes.changed_programs import (
    MOST_CHANGES,
    ChangedProgram,
    ChangeSearch,
    changed_programs,
)
from quizapp.grading.code_changes.edits import Said
from quizapp.grading.code_changes.ignored_arguments import find_ignored_argument
from quizapp.grading.code_changes.proved_mistake import ProvedMistake
from quizapp.grading.mistake import Mistake

OF_REMOVED_CODE = frozenset([Mistake.EXTRA_TERM, Mistake.STEP_TOO_MANY, Mistake.ARGUMENT_VALUE])
"""Mistakes that are repaired by removing code, which helps by accident more often than a change does."""

LESS_THAN_IGNORED = frozenset(
    [Mistake.WRONG_NAME, Mistake.WRONG_CONSTANT, Mistake.ARGUMENT_VALUE, Mistake.STEP_MISSING, Mistake.OPERANDS]
)
"""Mistakes that an argument which is never read explains better."""


def find_proof(answer: str, search: ChangeSearch, *, is_explained: bool = False) -> ProvedMistake | None:
    """Return the mistake that one change of the answer or of the reference proves; None if there is none.

    If `is_explained`, because the values show a mistake already, changes that help by accident are not tried.
    """
    reference = search.card.reference
    ignored = find_ignored_argument(answer, reference)
    repairs = list(islice(changed_programs(answer, lambda edit: edit.repaired, reference), MOST_CHANGES))
    found = search.first_repair(program for program in repairs if not _is_risky(program))
    if found and not (ignored and found.said[0] in LESS_THAN_IGNORED):
        return _with_line(found)
    if search.can_imitate:
        imitations = search.imitations(changed_programs(reference, lambda edit: edit.imitated))
        if imitations and (not ignored or imitations[0].said[0] is Mistake.MISSING_BIAS):
            return _without_line([program.said for program in imitations])
    if ignored or is_explained:
        return ignored
    found = search.first_repair(program for program in repairs if _is_risky(program))
    return _with_line(found) if found else None


def _is_risky(program: ChangedProgram) -> bool:
    return program.is_risky or program.said[0] in OF_REMOVED_CODE


def _without_line(said: Sequence[Said]) -> ProvedMistake:
    texts = list(dict.fromkeys(text for _, text in said))
    doubt = "; these values do not show which" if len(texts) > 1 else ""
    return ProvedMistake(said[0][0], ", or ".join(texts) + doubt)


def _with_line(found: ChangedProgram) -> ProvedMistake:
    return ProvedMistake(*found.said, found.line)
