"""Reusable widgets, independent of decks, reviews and grading runs."""
