"""What kind of mistake it was: the smallest explanation that really maps what was got to what was expected.

Each family of mistakes has a module of its own whose `fits` yields the explanations that hold; here they are
put in order. Nothing is said that was not tried, and no expected value is ever said.
"""

from __future__ import annotations

from quizapp.grading.judge.diagnosis.search import Diagnosis, Question, diagnose

__all__ = ["Diagnosis", "Question", "diagnose"]
