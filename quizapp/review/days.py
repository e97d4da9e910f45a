"""Which day a moment belongs to: local days that begin when the learner says, across daylight saving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Day:
    """One local day."""

    number: int
    start: datetime
    end: datetime
    """When it is over; both UTC."""

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, numbered as `date.toordinal` numbers them."""

    zone: tzinfo | None = None
    """None: the zone of this machine."""

    starts: timedelta = timedelta(hours=4)
    """Local time after midnight at which a day begins."""

    def start(self, day: int) -> datetime:
        """The moment (UTC) at which `day` begins."""
        local = datetime.combine(date.fromordinal(day), time()) + self.starts
        return (local.replace(tzinfo=self.zone) if self.zone else local).astimezone(UTC)

    def of(self, moment: datetime) -> int:
        """The day that `moment` (with a zone) belongs to."""
        day = moment.astimezone(self.zone).toordinal()
        # Compared as moments: where the clock jumps over the start, wall times would disagree with `start`.
        return day if moment >= self.start(day) else day - 1

    def end(self, moment: datetime) -> datetime:
        """The moment (UTC) at which the day of `moment` is over."""
        return self.start(self.of(moment) + 1)

    def day(self, now: datetime) -> Day:
        """The day of `now`, with its end."""
        number = self.of(now)
        return Day(number, self.start(number), self.start(number + 1))
