"""Times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta


def local_time(moment: datetime) -> str:
    """`2026-03-01 09:30`, in this machine's own time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def short_duration(interval: timedelta) -> str:
    """`10 min`, `3 d`, `2.1 mo`: one number, one unit."""
    minutes = interval.total_seconds() / 60
    if minutes < 60:
        return f"{max(minutes, 1):.0f} min"
    if minutes < 60 * 24:
        return f"{minutes / 60:.0f} h"
    days = minutes / 60 / 24
    if days < 31:
        return f"{days:.0f} d"
    return f"{days / 30.44:.1f} mo" if days < 365 else f"{days / 365.25:.1f} y"
