"""Proofs by trying: an answer or a reference that is changed in one place, and run again."""
