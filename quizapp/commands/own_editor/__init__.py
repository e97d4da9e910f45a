"""Answering in the learner's own editor: a file is watched, and each save is graded."""
