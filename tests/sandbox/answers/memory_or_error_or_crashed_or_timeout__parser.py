"""Deeply nested source for the compiler."""
eval("(" * 90_000 + ")" * 90_000)
