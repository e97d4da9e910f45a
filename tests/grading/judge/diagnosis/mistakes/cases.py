"""Reads the tables of mistakes beside it, and runs a case through the judge's own bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml

from quizapp.grading.findings import Comparison, Finding
from quizapp.grading.runs import bound_names
from quizapp.sandbox.protocol import Observation
from quizapp.sandbox.values.model import NotSerializable, encode
from tests.grading.judging import ask

HERE = Path(__file__).parent
PREAMBLE = "import numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom math import pi"


@dataclass(frozen=True, slots=True)
class Case:
    """One mistake."""

    name: str
    solution: str
    mistake: str
    given: str = ""
    see: str = "answer"
    family: str | None = None
    """Slugs that name it rightly, separated by blanks; None where nothing may be said."""

    says: str = ""
    """A pattern that the sentence must match."""

    never: str = ""
    """A pattern that it must not match."""


def all_cases() -> list[Case]:
    """Every case of every table, named after its file and its key."""
    cases = []
    for path in sorted(HERE.glob("*.yaml")):
        table: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases += [Case(f"{path.stem}/{name}", **fields) for name, fields in table.items()]
    return cases


def finding_of(case: Case, *, hidden: bool = False) -> Finding:
    """What the judge finds when the mistake is made."""
    expected, given, _ = _run(case, case.solution)
    got, _, after = _run(case, case.mistake)
    return ask(Comparison(got, expected, case.see, given=given, after=after, hidden=hidden))


def verdict_on(case: Case, finding: Finding) -> str:
    """`right`, `wrong` or `silent`; silence is right where nothing may be said."""
    if finding.diagnosis is None:
        return "right" if case.family is None else "silent"
    if case.family is None or finding.family not in case.family.split():
        return "wrong"
    if not re.search(case.says, finding.diagnosis, re.IGNORECASE):
        return "wrong"
    return "wrong" if case.never and re.search(case.never, finding.diagnosis, re.IGNORECASE) else "right"


def _run(case: Case, code: str) -> tuple[Observation, bytes, bytes]:
    """What `see` gives after `given` and `code`, and what `given` bound before and after the code."""
    space: dict[str, Any] = {"shares_memory": _shares_memory}
    torch.manual_seed(0)
    exec(PREAMBLE, space)
    exec(case.given, space)
    names = bound_names(case.given)
    before = _encoded(space, names)
    exec(code, space)
    return Observation(0, encode(eval(case.see, space))), before, _encoded(space, names)


def _encoded(space: dict[str, Any], names: tuple[str, ...]) -> bytes:
    kept = {}
    for name in names:
        try:
            encode(space[name])
        except NotSerializable:
            continue
        kept[name] = space[name]
    return encode(kept)


def _shares_memory(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()


__all__ = ["Case", "all_cases", "finding_of", "verdict_on"]
