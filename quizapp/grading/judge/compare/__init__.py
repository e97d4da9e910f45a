"""Comparison of two observed values, one module for each group of types."""
