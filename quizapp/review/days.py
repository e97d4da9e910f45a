"""Local days that begin at a set hour, also across daylight-saving changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Day:
    """One local day."""

    number: int
    """The ordinal of the date, as in `date.toordinal`."""

    start: datetime
    """UTC."""

    end: datetime
    """UTC; the start of the next day."""

    def contains(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar of local days, numbered as `date.toordinal` numbers them."""

    zone: tzinfo | None = None
    """None: the zone of this machine."""

    starts: timedelta = timedelta(hours=4)
    """Local time after midnight at which a day begins."""

    def start(self, day: int) -> datetime:
        """Return the moment (UTC) at which `day` begins."""
        local = datetime.combine(date.fromordinal(day), time()) + self.starts
        return (local.replace(tzinfo=self.zone) if self.zone else local).astimezone(UTC)

    def of(self, moment: datetime) -> int:
        """Return the day that contains `moment`, which has a time zone."""
        day = moment.astimezone(self.zone).toordinal()
        # Compare moments, not wall times: those disagree with `start` on a day whose start the clock skips.
        return day if moment >= self.start(day) else day - 1

    def end(self, moment: datetime) -> datetime:
        """Return the moment (UTC) at which the day of `moment` ends."""
        return self.start(self.of(moment) + 1)

    def day(self, now: datetime) -> Day:
        """Return the day that contains `now`."""
        number = self.of(now)
        return Day(number, self.start(number), self.start(number + 1))
