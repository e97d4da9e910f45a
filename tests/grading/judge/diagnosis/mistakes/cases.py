"""Reads the tables of mistakes, and runs a case through the judge's encoded protocol."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml

from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.runs import bound_names
from quizapp.sandbox.protocol import Observation
from quizapp.sandbox.values.model import NotSerializable
from quizapp.sandbox.values.serialise import encode
from quizapp.sandbox.worker.check_names import shares_memory
from tests.grading.judge.helpers import ask

TABLES = Path(__file__).parent
PREAMBLE = "import numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom math import pi"


@dataclass(frozen=True, slots=True)
class Case:
    """A solution, a mistake and the expected diagnosis."""

    name: str
    solution: str
    mistake: str
    given: str = ""
    see: str = "answer"
    strict: bool = False
    kind: str | None = None
    """Keys of the right diagnoses, separated by spaces; None if no diagnosis may be made."""

    silent: bool = False
    """Whether the diagnosis is still missing."""

    says: str = ""
    """A regular expression that the sentence must match."""

    never: str = ""
    """A regular expression that the sentence must not match."""


def all_cases() -> list[Case]:
    """Return every case of every table, named after its file and its key."""
    cases = []
    for path in sorted(TABLES.glob("*.yaml")):
        table: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases += [Case(f"{path.stem}/{name}", **fields) for name, fields in table.items()]
    return cases


def finding_of(case: Case, *, hidden: bool = False) -> Finding:
    """Return the judge's finding for the mistake."""
    expected, given, _ = _run(case, case.solution)
    got, _, after = _run(case, case.mistake)
    return ask(Comparison(got, expected, case.see, given=given, after=after, hidden=hidden, strict=case.strict))


def values_of(case: Case) -> tuple[object, object, dict[str, object]]:
    """Return the value of the mistake, that of the solution, and the given values; the sides are not serialized."""
    sides = []
    for code in (case.mistake, case.solution):
        namespace = _namespace(case)
        given = {name: namespace[name] for name in bound_names(case.given)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(code, namespace)
        sides.append(eval(case.see, namespace))
    return sides[0], sides[1], given


def judgement_of(case: Case, finding: Finding) -> str:
    """Return `right`, `wrong`, or `silent` for a missing diagnosis; it is `right` to make none if the case has none."""
    if finding.diagnosis is None:
        return "right" if case.kind is None else "silent"
    if case.kind is None or finding.mistake not in case.kind.split():
        return "wrong"
    if not re.search(case.says, finding.diagnosis, re.IGNORECASE):
        return "wrong"
    return "wrong" if case.never and re.search(case.never, finding.diagnosis, re.IGNORECASE) else "right"


def _run(case: Case, code: str) -> tuple[Observation, bytes, bytes]:
    """Return the value of `see` after `given` and `code`, and the given values before and after the code."""
    namespace = _namespace(case)
    names = bound_names(case.given)
    before = _encoded(namespace, names)
    with warnings.catch_warnings():
        # Torch warns about sparse, nested and quantised tensors.
        warnings.simplefilter("ignore")
        exec(code, namespace)
    return Observation(0, encode(eval(case.see, namespace))), before, _encoded(namespace, names)


def _namespace(case: Case) -> dict[str, Any]:
    """Return the names after `given`."""
    namespace: dict[str, Any] = {"shares_memory": shares_memory}
    torch.manual_seed(0)
    exec(PREAMBLE, namespace)
    exec(case.given, namespace)
    return namespace


def _encoded(namespace: dict[str, Any], names: tuple[str, ...]) -> bytes:
    serializable = {}
    for name in names:
        try:
            encode(namespace[name])
        except NotSerializable:
            continue
        serializable[name] = namespace[name]
    return encode(serializable)


__all__ = ["TABLES", "Case", "all_cases", "finding_of", "judgement_of", "values_of"]
