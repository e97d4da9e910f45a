"""When a card comes back: golden dates, FSRS's own package beside ours, days across daylight saving."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as some

from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.scheduler import Scheduler
from quizapp.settings import Settings

MIDNIGHT = Days(UTC, timedelta(0))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

GOLDEN = {
    "3333333": ["10 min", "2026-01-03", "2026-01-14", "2026-03-01", "2026-08-11", "2027-12-22", "2031-08-31"],
    "4333": ["2026-01-09", "2026-02-17", "2026-07-20", "2027-12-12"],
    "1333": ["1 min", "10 min", "2026-01-02", "2026-01-04"],
    "33133": ["10 min", "2026-01-03", "10 min", "2026-01-04", "2026-01-06"],
    "3322": ["10 min", "2026-01-03", "2026-01-11", "2026-01-30"],
}
"""Ratings, each given when the card is due -> what each leads to."""


FUZZED = ["10 min", "2026-01-03", "2026-01-14", "2026-03-04", "2026-08-12", "2028-01-01", "2031-11-25"]
"""`3333333` again, of the card `deck/card`, with the fuzz that it has on every machine."""


def history(ratings: str, scheduler: Scheduler) -> list[str]:
    memory: Memory | None = None
    now, told = NOON, []
    for each in ratings:
        memory = scheduler.review("deck/card", memory, Rating(int(each)), now)
        days = memory.state is MemoryState.REVIEW
        told.append(str(memory.due.date()) if days else f"{(memory.due - now) // timedelta(minutes=1)} min")
        # A day is due from midnight on; it is answered at the time of day of the review before.
        now = datetime.combine(memory.due.date(), now.timetz()) if days else memory.due
    return told


@pytest.mark.parametrize("ratings", GOLDEN)
def test_fixed_ratings_lead_to_exact_dates(ratings: str) -> None:
    assert history(ratings, Scheduler(MIDNIGHT, fuzz=False)) == GOLDEN[ratings]


def test_fuzzed_dates_are_as_exact() -> None:
    told = history("3333333", Scheduler(MIDNIGHT))
    assert told == FUZZED


def test_ten_thousand_histories_agree_with_the_fsrs_package() -> None:
    random = Random(20261123)
    ours = Scheduler(MIDNIGHT, fuzz=False)
    theirs = fsrs.Scheduler(enable_fuzzing=False)
    for number in range(10_000):
        memory, card = None, fsrs.Card(card_id=number, due=NOON)
        now = NOON
        for _ in range(random.randint(1, 8)):
            rating = Rating(random.choice((1, 2, 3, 3, 3, 4)))
            memory = ours.review("deck/card", memory, rating, now)
            card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
            assert (memory.state, memory.step) == (MemoryState(int(card.state)), card.step)
            assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
            # In days, ours is due from midnight on; within the steps to the second.
            due = card.due.date() if memory.state is MemoryState.REVIEW else card.due
            assert (memory.due.date() if memory.state is MemoryState.REVIEW else memory.due) == due
            # Whole days, or minutes that stay within the day: there the package's 24 hours are our days.
            early = random.choice((1, 1, 1, 2))
            if memory.state is MemoryState.REVIEW:
                now += timedelta(days=max(1, (due - now.date()).days // early))
            else:
                now = min(now + timedelta(minutes=random.randint(1, 20)), now.replace(hour=23, minute=59))


def test_fuzz_is_the_same_on_every_replay_and_differs_between_cards() -> None:
    def due(card: str) -> date:
        scheduler, memory, now = Scheduler(MIDNIGHT), None, NOON
        for _ in range(5):
            memory = scheduler.review(card, memory, Rating.EASY, now)
            now = memory.due
        return now.date()

    assert due("deck/card") == due("deck/card")
    assert len({due(f"deck/card-{number}") for number in range(50)}) > 10


@given(interval=some.integers(1, 36_499), seed=some.text(max_size=8))
def test_fuzz_stays_near_and_keeps_the_order(interval: int, seed: str) -> None:
    fuzzed = Scheduler._fuzzed(interval, seed)
    assert 1 <= fuzzed <= 36500
    assert abs(fuzzed - interval) <= 3 + 0.16 * interval
    assert fuzzed <= Scheduler._fuzzed(interval + 1, seed)


def test_an_evening_and_the_next_morning_are_a_day_apart() -> None:
    scheduler = Scheduler(Days(UTC))
    evening = datetime(2026, 1, 1, 22, tzinfo=UTC)
    memory = scheduler.review("deck/card", None, Rating.EASY, evening)
    early = scheduler.review("deck/card", memory, Rating.GOOD, evening + timedelta(hours=8))
    full = scheduler.review("deck/card", memory, Rating.GOOD, evening + timedelta(hours=24))
    assert early.stability == full.stability


def test_the_day_begins_when_the_learner_says() -> None:
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
def test_a_day_still_begins_at_four_when_the_clock_changes(before: datetime, next_start: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = Days(berlin)
    assert days.end(before.replace(tzinfo=berlin)) == next_start.replace(tzinfo=berlin)


@pytest.mark.parametrize("season", [datetime(2026, 3, 28, 4, 30), datetime(2026, 10, 24, 4, 30)])
def test_a_card_due_tomorrow_is_due_tomorrow_when_the_clock_changes(season: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    scheduler = Scheduler(Days(berlin), retention=0.99, fuzz=False, learning_steps=())
    now = season.replace(tzinfo=berlin)
    memory = scheduler.review("deck/card", None, Rating.AGAIN, now)
    assert scheduler.days.of(memory.due) == scheduler.days.of(now) + 1
    assert memory.due.astimezone(berlin).hour == 4


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_zone_of_this_machine_changes_its_clock_too(monkeypatch: pytest.MonkeyPatch, night: date) -> None:
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
    moment=some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    zone=some.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    starts=some.integers(0, 23 * 60 + 59),
)
def test_every_moment_lies_in_its_day(moment: datetime, zone: str, starts: int) -> None:
    days = Days(ZoneInfo(zone), timedelta(minutes=starts))
    now = moment.replace(tzinfo=UTC)
    day = days.of(now)
    assert days.start(day) <= now < days.start(day + 1)


def test_buttons_show_steps_and_whole_days() -> None:
    scheduler = Scheduler(Days(UTC), fuzz=False)
    assert scheduler.intervals("deck/card", None, NOON) == {
        Rating.AGAIN: timedelta(minutes=1),
        Rating.HARD: timedelta(minutes=5, seconds=30),
        Rating.GOOD: timedelta(minutes=10),
        Rating.EASY: timedelta(days=8),
    }


def test_settings_decide_steps_and_retention() -> None:
    strict = Scheduler.of(Settings(desired_retention=0.97, learning_steps=(5,)), Days(UTC))
    assert strict.intervals("deck/card", None, NOON)[Rating.AGAIN] == timedelta(minutes=5)
    lax = Scheduler.of(Settings(desired_retention=0.8), Days(UTC))
    easy = Rating.EASY
    assert strict.intervals("a", None, NOON)[easy] < lax.intervals("a", None, NOON)[easy]


def test_recall_is_predicted_from_whole_days() -> None:
    scheduler = Scheduler(Days(UTC), fuzz=False)
    memory = scheduler.review("deck/card", None, Rating.EASY, NOON)
    assert scheduler.retrievability(memory, NOON) == 1.0
    assert 0.89 < scheduler.retrievability(memory, NOON + timedelta(days=8)) < 0.91
