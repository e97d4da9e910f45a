"""A mismatch to be explained, and its diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.mistake import Mistake
from quizapp.sandbox.values.model import Value


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A kind of mistake, and one sentence for the learner."""

    kind: Mistake
    """That of the first explanation."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A mismatch to be explained."""

    got: Value
    expected: Value
    given: Mapping[str, Value] = field(default_factory=dict)
    """Values that `given` bound, before the answer ran."""

    after: Mapping[str, Value] = field(default_factory=dict)
    """Values of the same names, after the answer ran."""

    see: str = ""
    """The expression of the check."""

    options: ComparisonOptions = ComparisonOptions()
    hidden: bool = False
    """Whether the check is hidden: then no number computed from its values is reported."""
