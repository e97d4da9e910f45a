"""The judge process: compares observations and diagnoses mistakes. Runs no deck and no learner code."""
