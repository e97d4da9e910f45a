"""Pairs of a solution and a mistake, and what a learner who makes it must be told."""
