"""Families of changes; each yields edits at one node of a program."""
