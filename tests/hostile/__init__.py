"""Untrusted text, streams that are closed or full, and terminals that send and accept other bytes than expected."""
