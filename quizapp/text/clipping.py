"""Limits for untrusted text: a forged message may be much longer than the honest one that it imitates."""

from __future__ import annotations

MAX_NAME = 120
"""Characters of a class, a variable or a shape."""

MAX_SENTENCE = 2000
"""Characters of a sentence that explains a verdict."""

MAX_MESSAGE = 4000
"""Characters of an exception's message; the worker's own limit."""


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, and how many more there are."""
    return text if len(text) <= limit else f"{text[:limit]} … {len(text) - limit:,} more characters"
