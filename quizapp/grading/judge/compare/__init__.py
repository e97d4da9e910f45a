"""Comparison of two observed values, by type."""
