"""Golden due dates, agreement with the fsrs package, local days, desired retention."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.review.days import Days
from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.scheduler import Scheduler, desired_retention
from quizapp.settings import Settings
from tests.review.harness import MakeStudy, make_card

MIDNIGHT = Days(UTC, timedelta(0))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

GOLDEN = {
    "3333333": ["10 min", "2026-01-03", "2026-01-14", "2026-03-01", "2026-08-11", "2027-12-22", "2031-08-31"],
    "4333": ["2026-01-09", "2026-02-17", "2026-07-20", "2027-12-12"],
    "1333": ["1 min", "10 min", "2026-01-02", "2026-01-04"],
    "33133": ["10 min", "2026-01-03", "10 min", "2026-01-04", "2026-01-06"],
    "3322": ["10 min", "2026-01-03", "2026-01-11", "2026-01-30"],
}
"""Ratings, each given when the card is due -> the step or due date after each."""

FUZZED = ["10 min", "2026-01-03", "2026-01-14", "2026-03-04", "2026-08-12", "2028-01-01", "2031-11-25"]
"""The same for `3333333` with the fuzz of the card `deck/card`, which is the same on every machine."""


def due_dates(ratings: str, scheduler: Scheduler) -> list[str]:
    memory: Memory | None = None
    now, dates = NOON, []
    for digit in ratings:
        memory = scheduler.review("deck/card", memory, Rating(int(digit)), now)
        is_learned = memory.state is MemoryState.REVIEW
        dates.append(str(memory.due.date()) if is_learned else f"{(memory.due - now) // timedelta(minutes=1)} min")
        # A card is due from midnight; it is answered at the time of day of the previous review.
        now = datetime.combine(memory.due.date(), now.timetz()) if is_learned else memory.due
    return dates


@pytest.mark.parametrize("ratings", GOLDEN)
def test_ratings_lead_to_the_golden_due_dates(ratings: str) -> None:
    assert due_dates(ratings, Scheduler(MIDNIGHT, fuzz=False)) == GOLDEN[ratings]


def test_ratings_lead_to_the_golden_fuzzed_due_dates() -> None:
    assert due_dates("3333333", Scheduler(MIDNIGHT)) == FUZZED


@pytest.mark.slow
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
            # In REVIEW ours is due from midnight, else at the same second.
            due = card.due.date() if memory.state is MemoryState.REVIEW else card.due
            assert (memory.due.date() if memory.state is MemoryState.REVIEW else memory.due) == due
            # Whole days, or minutes within the day: then the package's 24 hours are our local days.
            early = random.choice((1, 1, 1, 2))
            if memory.state is MemoryState.REVIEW:
                now += timedelta(days=max(1, (due - now.date()).days // early))
            else:
                now = min(now + timedelta(minutes=random.randint(1, 20)), now.replace(hour=23, minute=59))


def test_fuzz_is_repeatable_and_differs_between_cards() -> None:
    def due(card: str) -> date:
        scheduler, memory, now = Scheduler(MIDNIGHT), None, NOON
        for _ in range(5):
            memory = scheduler.review(card, memory, Rating.EASY, now)
            now = memory.due
        return now.date()

    assert due("deck/card") == due("deck/card")
    assert len({due(f"deck/card-{number}") for number in range(50)}) > 10


@given(interval=st.integers(1, 36_499), seed=st.text(max_size=8))
def test_fuzz_is_bounded_and_keeps_the_order(interval: int, seed: str) -> None:
    fuzzed = Scheduler._apply_fuzz(interval, seed)
    assert 1 <= fuzzed <= 36500
    assert abs(fuzzed - interval) <= 3 + 0.16 * interval
    assert fuzzed <= Scheduler._apply_fuzz(interval + 1, seed)


def test_an_evening_and_the_next_morning_are_one_day_apart() -> None:
    scheduler = Scheduler(Days(UTC))
    evening = datetime(2026, 1, 1, 22, tzinfo=UTC)
    memory = scheduler.review("deck/card", None, Rating.EASY, evening)
    early = scheduler.review("deck/card", memory, Rating.GOOD, evening + timedelta(hours=8))
    full = scheduler.review("deck/card", memory, Rating.GOOD, evening + timedelta(hours=24))
    assert early.stability == full.stability


@pytest.mark.parametrize("season", [datetime(2026, 3, 28, 4, 30), datetime(2026, 10, 24, 4, 30)])
def test_a_card_due_tomorrow_is_due_tomorrow_when_the_clock_changes(season: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    scheduler = Scheduler(Days(berlin), retention=0.99, fuzz=False, learning_steps=())
    now = season.replace(tzinfo=berlin)
    memory = scheduler.review("deck/card", None, Rating.AGAIN, now)
    assert scheduler.days.of(memory.due) == scheduler.days.of(now) + 1
    assert memory.due.astimezone(berlin).hour == 4


def test_intervals_are_steps_or_whole_days() -> None:
    scheduler = Scheduler(Days(UTC), fuzz=False)
    assert scheduler.intervals("deck/card", None, NOON) == {
        Rating.AGAIN: timedelta(minutes=1),
        Rating.HARD: timedelta(minutes=5, seconds=30),
        Rating.GOOD: timedelta(minutes=10),
        Rating.EASY: timedelta(days=8),
    }


def test_settings_decide_steps_and_retention() -> None:
    strict = Scheduler.from_settings(Settings(desired_retention=0.97, learning_steps=(5,)), Days(UTC))
    assert strict.intervals("deck/card", None, NOON)[Rating.AGAIN] == timedelta(minutes=5)
    lax = Scheduler.from_settings(Settings(desired_retention=0.8), Days(UTC))
    easy = Rating.EASY
    assert strict.intervals("a", None, NOON)[easy] < lax.intervals("a", None, NOON)[easy]


def test_retrievability_depends_on_whole_days() -> None:
    scheduler = Scheduler(Days(UTC), fuzz=False)
    memory = scheduler.review("deck/card", None, Rating.EASY, NOON)
    assert scheduler.retrievability(memory, NOON) == 1.0
    assert 0.89 < scheduler.retrievability(memory, NOON + timedelta(days=8)) < 0.91


def test_desired_retention_is_that_of_the_tags_else_the_deck_else_the_general_one() -> None:
    settings = Settings(deck_retention={"a": 0.8}, tag_retention={"core": 0.95, "rare": 0.75})
    assert desired_retention(make_card("b/one"), settings) == 0.9
    assert desired_retention(make_card("a/one"), settings) == 0.8
    assert desired_retention(make_card("a/one", tags=("rare", "core")), settings) == 0.95


def test_a_card_with_higher_desired_retention_is_due_sooner(make_study: MakeStudy) -> None:
    study = make_study("a/one", "b/one", deck_retention={"a": 0.97})
    study.learn("a/one", "b/one")
    memories = study.store.cards.memories()
    assert memories["a/one"].due < memories["b/one"].due
