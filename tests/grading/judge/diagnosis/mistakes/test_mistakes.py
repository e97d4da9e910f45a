"""Every mistake in the tables is named for what it is, or not at all."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.grading.judge.diagnosis.mistakes.cases import Case, all_cases, finding_of, verdict_on

CASES = all_cases()
ENOUGH = 120
NAMELESS = 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mistake_is_named_rightly_or_not_at_all(case: Case):
    finding = finding_of(case)
    assert not finding.agrees, "the mistake is none"
    assert finding.error is None
    assert verdict_on(case, finding) != "wrong", f"{finding.family}: {finding.diagnosis}"


def test_at_least_95_of_100_mistakes_are_named_and_none_wrongly(capsys: pytest.CaptureFixture[str]):
    counts: dict[str, Counter[str]] = {}
    for case in CASES:
        counts.setdefault(case.name.partition("/")[0], Counter())[verdict_on(case, finding_of(case))] += 1
    total = sum(counts.values(), Counter[str]())
    lines = [f"{'family':<12}{'right':>7}{'wrong':>7}{'silent':>8}"]
    for name, count in {**counts, "all": total}.items():
        lines.append(f"{name:<12}{count['right']:>7}{count['wrong']:>7}{count['silent']:>8}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert len(CASES) >= ENOUGH
    assert sum(case.family is None for case in CASES) >= NAMELESS
    assert total["wrong"] == 0
    assert total["right"] >= 0.95 * len(CASES)
