"""The module that the judge process imports: a name, because the app itself must not import torch."""

from __future__ import annotations

JUDGE = "quizapp.grading.judge.judge"
