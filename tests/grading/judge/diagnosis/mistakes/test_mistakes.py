"""Every mistake in the tables gets the right diagnosis or none."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.grading.judge.diagnosis.mistakes.cases import Case, all_cases, finding_of, judgement_of

CASES = all_cases()
FEWEST_CASES = 120
FEWEST_WITHOUT_DIAGNOSIS = 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_gets_the_right_diagnosis_or_none(case: Case) -> None:
    finding = finding_of(case)
    assert not finding.agrees, "the mistake agrees with the solution"
    assert finding.error is None
    assert judgement_of(case, finding) != "wrong", f"{finding.family}: {finding.diagnosis}"


@pytest.mark.slow
def test_at_least_95_of_100_mistakes_are_named_and_none_wrongly() -> None:
    counts: dict[str, Counter[str]] = {}
    for case in CASES:
        counts.setdefault(case.name.partition("/")[0], Counter())[judgement_of(case, finding_of(case))] += 1
    total = sum(counts.values(), Counter[str]())
    table = [f"{'family':<12}{'right':>7}{'wrong':>7}{'silent':>8}"]
    for name, count in {**counts, "all": total}.items():
        table.append(f"{name:<12}{count['right']:>7}{count['wrong']:>7}{count['silent']:>8}")
    # pytest shows captured output only if the test fails.
    print("\n".join(table))
    assert len(CASES) >= FEWEST_CASES
    assert sum(case.family is None for case in CASES) >= FEWEST_WITHOUT_DIAGNOSIS
    assert total["wrong"] == 0
    assert total["right"] >= 0.95 * len(CASES)
