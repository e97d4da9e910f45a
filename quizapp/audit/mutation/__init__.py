"""Mutations of a solution that make it wrong."""
