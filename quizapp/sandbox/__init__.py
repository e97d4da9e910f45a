"""Where untrusted code runs, and what it may do there."""
