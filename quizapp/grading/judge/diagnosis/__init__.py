"""Name the kind of mistake: the most specific transformation that maps the answer's value to the expected one.

A family is a module of `families`, whose `explain…` functions yield the explanations that hold; `search` tries them
in order. A kind is a member of `Mistake` (`Explanation.kind`), which becomes `Finding.mistake`. An explanation is only
reported after it was computed on the actual values, and never contains an expected value.
"""

from __future__ import annotations

from quizapp.grading.judge.diagnosis.question import Diagnosis, Question
from quizapp.grading.judge.diagnosis.search import diagnose

__all__ = ["Diagnosis", "Question", "diagnose"]
