"""Grading: runs and comparisons -> verdicts, and diagnoses of mistakes."""
