"""The value of the last expression as the Python prompt shows it, cut to a few thousand characters."""

from __future__ import annotations

from itertools import islice
from typing import Any

from quizapp.sandbox.worker.value_summary import class_name

MAX_ECHO = 4000
"""Characters of the echoed text."""

MAX_ITEMS = 1000
"""Items of a container, and characters of a string: one repr of everything could exceed the run's limits."""

BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}


def echo(value: Any) -> str | None:
    """Return `repr(value)`, cut; None for None. An exception in a learner's `__repr__` is named in the text."""
    if value is None:
        return None
    try:
        text = _long_repr(value) or repr(value)
    except Exception as error:
        return f"<{class_name(type(value))} object: its repr raises {class_name(type(error))}>"
    return text if len(text) <= MAX_ECHO else f"{text[:MAX_ECHO]} … {len(text) - MAX_ECHO:,} more characters"


def _long_repr(value: Any) -> str:
    """Return the start of a long built-in container or string; empty for all other values."""
    kind = type(value)
    if kind is str or kind is bytes:
        hidden = len(value) - MAX_ITEMS
        return f"{value[:MAX_ITEMS]!r} … {hidden:,} more" if hidden > 0 else ""
    # A dictionary would call the metaclass of a learner's class.
    brackets = next((pair for container, pair in BRACKETS.items() if container is kind), None)
    if brackets is None or len(value) <= MAX_ITEMS:
        return ""
    items = islice(value.items() if kind is dict else value, MAX_ITEMS)
    shown = (f"{item[0]!r}: {item[1]!r}" if kind is dict else repr(item) for item in items)
    return f"{brackets[0]}{', '.join(shown)}, … {len(value) - MAX_ITEMS:,} more{brackets[1]}"
