"""Counts, points and sizes as text."""

from __future__ import annotations


def format_points(points: float) -> str:
    """Format points without a trailing `.0`."""
    return f"{points:g}"


def plural(count: int, noun: str) -> str:
    """Return `1 card`, `2 cards`, `2 entries`: the count with its regular English noun."""
    if count == 1:
        return f"{count} {noun}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{count} {noun[:-1]}ies"
    return f"{count} {noun}{'es' if noun.endswith(('s', 'x', 'ch', 'sh')) else 's'}"


def format_size(size: float) -> str:
    """Return a size in bytes as it is written in a deck."""
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**power:
            return f"{size / 1024**power:g} {unit}"
    return f"{size:g}"


def format_bytes(size: float) -> str:
    """Return a size for readers: `64 MiB`, `720 bytes`, `1 byte`."""
    return format_size(size) if size >= 1024 else plural(int(size), "byte")
