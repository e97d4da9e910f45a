"""Spans of time, points and counts in words."""

from __future__ import annotations

from datetime import timedelta


def interval(span: timedelta) -> str:
    """A span until the next showing, in one number and one unit."""
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes:.0f} min"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f} h"
    days = minutes / 60 / 24
    if days < 31:
        return f"{days:.0f} d"
    return f"{days / 30.44:.1f} mo" if days < 365 else f"{days / 365.25:.1f} y"


def format_points(number: float) -> str:
    """Points without a needless `.0`."""
    return f"{number:g}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
