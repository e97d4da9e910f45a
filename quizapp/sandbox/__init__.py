"""Runs untrusted code in jailed processes."""
