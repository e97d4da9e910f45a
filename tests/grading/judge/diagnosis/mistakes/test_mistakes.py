"""Every mistake in the tables gets the right diagnosis or none."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest

from quizapp.grading.judge.diagnosis import families
from tests.grading.judge.diagnosis.mistakes.cases import TABLES, Case, all_cases, finding_of, judgement_of

CASES = all_cases()
DOCUMENTATION = Path(__file__).parents[5] / "docs" / "diagnosis.md"
FEWEST_CASES = 280
FEWEST_WITHOUT_DIAGNOSIS = 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_gets_the_right_diagnosis_or_none(case: Case) -> None:
    finding = finding_of(case)
    assert not finding.agrees, "the mistake agrees with the solution"
    assert finding.error is None
    wanted = "silent" if case.silent else "right"
    assert judgement_of(case, finding) == wanted, f"{finding.mistake}: {finding.diagnosis}"


def test_every_family_has_a_table_and_a_row_in_the_documentation() -> None:
    modules = {module.name for module in pkgutil.iter_modules(families.__path__)}
    assert {path.stem for path in TABLES.glob("*.yaml")} == modules | {"search", "no_diagnosis"}
    rows = re.findall(r"^\|.*\|$", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)\.py`", "\n".join(rows))) == modules


def test_cases_without_a_diagnosis_are_in_one_table() -> None:
    for case in CASES:
        assert (case.kind is None) == case.name.startswith("no_diagnosis/"), case.name


@pytest.mark.slow
def test_at_least_95_of_100_mistakes_are_named_and_none_wrongly() -> None:
    counts: dict[str, Counter[str]] = {}
    for case in CASES:
        counts.setdefault(case.name.partition("/")[0], Counter())[judgement_of(case, finding_of(case))] += 1
    total = sum(counts.values(), Counter[str]())
    table = [f"{'table':<16}{'right':>7}{'wrong':>7}{'silent':>8}"]
    for name, count in {**counts, "all": total}.items():
        table.append(f"{name:<16}{count['right']:>7}{count['wrong']:>7}{count['silent']:>8}")
    # pytest shows captured output only if the test fails.
    print("\n".join(table))
    assert len(CASES) >= FEWEST_CASES
    assert sum(case.kind is None for case in CASES) >= FEWEST_WITHOUT_DIAGNOSIS
    assert total["wrong"] == 0
    assert total["right"] >= 0.95 * len(CASES)
