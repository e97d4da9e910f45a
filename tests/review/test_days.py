"""Local days, also across daylight-saving changes."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.review.days import Days


def test_a_day_begins_at_the_set_hour() -> None:
    days = Days(UTC, timedelta(hours=4))
    assert days.of(datetime(2026, 1, 2, 3, 59, tzinfo=UTC)) == date(2026, 1, 1).toordinal()
    assert days.of(datetime(2026, 1, 2, 4, 0, tzinfo=UTC)) == date(2026, 1, 2).toordinal()


@pytest.mark.parametrize(
    ("before", "next_start"),
    [
        (datetime(2026, 3, 28, 20), datetime(2026, 3, 29, 4)),  # the clock goes forward that night
        (datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 4)),  # and back
    ],
)
def test_a_day_begins_at_the_set_hour_when_the_clock_changes(before: datetime, next_start: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = Days(berlin)
    assert days.end(before.replace(tzinfo=berlin)) == next_start.replace(tzinfo=berlin)


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_zone_of_this_machine_is_handled_like_a_named_one(monkeypatch: pytest.MonkeyPatch, night: date) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        ours, theirs = Days(), Days(berlin)
        noon = datetime(night.year, night.month, night.day, 12, tzinfo=UTC)
        for hour in range(-36, 36):
            moment = noon + timedelta(hours=hour)
            assert ours.day(moment) == theirs.day(moment)
        assert ours.start(night.toordinal()) == datetime(night.year, night.month, night.day, 4, tzinfo=berlin)
        before, after = ours.start(night.toordinal() - 1), ours.start(night.toordinal())
        assert (after - before) == timedelta(hours=23 if night.month == 3 else 25)
    finally:
        monkeypatch.undo()
        time.tzset()


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    starts=st.integers(0, 23 * 60 + 59),
)
def test_every_moment_is_between_the_start_and_end_of_its_day(moment: datetime, zone: str, starts: int) -> None:
    days = Days(ZoneInfo(zone), timedelta(minutes=starts))
    now = moment.replace(tzinfo=UTC)
    day = days.of(now)
    assert days.start(day) <= now < days.start(day + 1)
