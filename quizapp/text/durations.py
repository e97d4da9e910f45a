"""Times and durations as text."""

from __future__ import annotations

from datetime import datetime, timedelta

DAYS_PER_MONTH = 30.44
DAYS_PER_YEAR = 365.25


def local_time(moment: datetime) -> str:
    """Return `2026-03-01 09:30`, in this machine's time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def short_duration(duration: timedelta) -> str:
    """Return `now`, `10 min`, `5 h`, `3 d`, `2.1 mo` or `1.5 y`: one number with one unit."""
    minutes = duration.total_seconds() / 60
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes:.0f} min"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f} h"
    days = minutes / 60 / 24
    if days < 31:
        return f"{days:.0f} d"
    return f"{days / DAYS_PER_MONTH:.1f} mo" if days < 365 else f"{days / DAYS_PER_YEAR:.1f} y"
