"""Closes, detaches and removes the standard streams, and leaves wrappers of each other in their place."""
import io, sys
sys.stdout.close()
sys.stdout.detach()
loop = io.TextIOWrapper(io.BytesIO())
loop.close()
uninitialised = io.TextIOWrapper.__new__(io.TextIOWrapper)
sys.stdout, sys.__stdout__, sys.__stderr__ = loop, None, uninitialised.__class__.__new__(io.TextIOWrapper)
del sys.stderr
answer = x
