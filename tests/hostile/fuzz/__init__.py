"""A fuzzer for all code that reads foreign bytes in the app or the judge; `python -m tests.hostile.fuzz` runs it."""
