"""Reusable widgets; none of them knows a deck, a review or a grader."""
