"""How it goes, in numbers and in plots of text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import log
from random import Random

import fsrs
import pytest

from quizapp.review.charts import bars, columns, heat_map
from quizapp.review.days import Days
from quizapp.review.memory import Rating
from quizapp.review.report import report
from quizapp.review.statistics import Retention, Statistics, statistics, streak
from tests.review.world import MORNING, World, card

Make = Callable[..., World]
TODAY = date(2026, 3, 2)


def numbers(here: World) -> Statistics:
    return statistics(here.store, here.library.cards(), Days(UTC), here.clock())


def months_of_reviews(world: Make) -> World:
    """Two decks, one card recalled ever longer, one forgotten at its third review."""
    here = world(card("a/one", tags=("shape",)), card("b/two", tags=("shape", "dtype")), "b/never")
    here.learn("a/one", "b/two")
    for gap in (8, 60, 300):
        here.clock.pass_(days=gap)
        here.review("a/one", Rating.GOOD)
        here.review("b/two", Rating.GOOD if gap != 60 else Rating.AGAIN)
        here.learn("b/two")
    return here


def test_true_retention_is_told_by_deck_tag_age_and_time(world: Make) -> None:
    found = numbers(months_of_reviews(world))
    assert found.by_deck["a"] == Retention(3, 3)
    assert (found.by_deck["b"].reviews - found.by_deck["b"].recalled, found.by_tag["dtype"]) == (1, found.by_deck["b"])
    assert found.by_tag["shape"].reviews == found.overall.reviews == found.young.reviews + found.mature.reviews
    assert found.mature.reviews >= 2
    assert sum(week.reviews for week in found.by_week.values()) == found.overall.reviews
    assert date(2026, 3, 1) in found.by_month and date(2026, 3, 9) in found.by_week
    assert all(week.weekday() == 0 for week in found.by_week)


def test_undone_reviews_do_not_count(world: Make) -> None:
    here = months_of_reviews(world)
    before = numbers(here)
    here.review("a/one", Rating.AGAIN)
    assert numbers(here) != before
    here.session().undo()
    assert numbers(here) == before


def test_calibration_is_log_loss_and_rmse_over_bins(world: Make) -> None:
    here = world("a/one")
    here.learn("a/one")
    here.clock.pass_(days=8)
    here.review("a/one", Rating.GOOD)
    calibration = numbers(here).calibration
    predicted = here.store.log.reviews()[-1].predicted
    assert predicted and 0.85 < predicted < 0.92
    assert calibration.reviews == 1
    assert calibration.log_loss == pytest.approx(-log(predicted), abs=2e-3)
    assert calibration.rmse == pytest.approx(1 - predicted, abs=2e-3)


def test_the_forecast_counts_cards_and_minutes_and_puts_what_is_overdue_on_today(world: Make) -> None:
    here = world("a/one", "a/two")
    session = here.session()
    for _ in range(2):
        session.next()
        here.clock.pass_(seconds=90)
        session.submit("right")
        session.rate(Rating.EASY)
    forecast = numbers(here).forecast
    assert len(forecast) == 28 and forecast[0].day == TODAY
    assert sum(day.cards for day in forecast) == 2 and forecast[0].cards == 0
    assert sum(day.minutes for day in forecast) == pytest.approx(3.0)
    here.clock.pass_(days=40)
    assert numbers(here).forecast[0].cards == 2


def test_a_streak_lives_until_a_day_was_missed() -> None:
    days = [TODAY - timedelta(days=back) for back in (1, 2, 3, 10, 11, 12, 13)]
    assert (streak(days, TODAY).current, streak(days, TODAY).longest) == (3, 4)
    assert streak(days, TODAY + timedelta(days=1)).current == 0
    assert streak([], TODAY).longest == 0


def test_the_calendar_has_every_day_with_reviews(world: Make) -> None:
    here = months_of_reviews(world)
    found = numbers(here)
    assert found.calendar[TODAY] == 2
    assert sum(found.calendar.values()) == found.reviews == len(here.store.log.reviews())


def test_hard_cards_and_mistakes_are_listed(world: Make) -> None:
    here = months_of_reviews(world)
    session = here.session(cards=["b/never"])
    session.next()
    session.submit("timeout")
    session.give_up()
    session.rate(Rating.AGAIN)
    found = numbers(here)
    assert [hard.card for hard in found.hardest] == ["b/two"]
    assert found.mistakes == (("timeout", 1),)


def test_waiting_and_slow_cards_are_listed(world: Make) -> None:
    here = months_of_reviews(world)
    session = here.session(cards=["b/never"])
    session.next()
    here.clock.pass_(seconds=75)
    session.submit("right")
    session.rate(Rating.GOOD)
    here.store.cards.wait("a/one")
    found = numbers(here)
    assert found.waiting == ("a/one",)
    assert (found.slowest[0].card, found.slowest[0].reviews, found.slowest[0].seconds) == ("b/never", 1, 75.0)
    page = report(found, TODAY)
    assert "Waiting for CUDA" in page and "b/never: 75 s, 1 review" in page


def test_as_json_it_is_plain_data(world: Make) -> None:
    found = json.loads(json.dumps(numbers(months_of_reviews(world)).to_json()))
    assert found["by_deck"]["a"] == {"reviews": 3, "recalled": 3, "share": 1.0}
    assert found["calendar"]["2026-03-02"] == 2
    assert found["forecast"][0].keys() == {"day", "cards", "minutes"}
    assert found["calibration"]["bins"][0].keys() == {"predicted", "true", "reviews"}


def test_nothing_reviewed_yet_is_no_error(world: Make) -> None:
    found = numbers(world("a/one"))
    assert found.reviews == 0 and found.overall.share is None
    assert "No reviews yet" in report(found, TODAY)
    json.dumps(found.to_json())


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_report_fits_its_width_and_has_every_section(world: Make, width: int) -> None:
    here = months_of_reviews(world)
    page = report(numbers(here), Days(UTC).day(here.clock()).end.date(), width)
    assert max(map(len, page.splitlines())) <= width
    for heading in ("True retention", "Calibration", "coming four weeks", "Calendar", "Hardest cards", "mistakes"):
        assert heading in page


def test_bars_carry_their_numbers() -> None:
    assert bars([("shape", 4, "4"), ("dtype", 1, "1")], 22) == "shape  ████████████  4\ndtype  ███           1"
    assert bars([], 20) == "nothing yet"


def test_columns_have_an_axis() -> None:
    assert columns([4, 1, 0], 2, ["02", "", "04"]) == "4 ┤██\n0 ┤██▄▄\n   02  04"


def test_a_heat_map_is_a_week_a_column() -> None:
    counts = {TODAY: 8, TODAY - timedelta(days=1): 2, TODAY - timedelta(days=7): 4}
    lines = heat_map(counts, TODAY, 11).splitlines()
    assert lines[1] == "Mon  · ▒ █"
    assert lines[7] == "Sun  · ░"


@pytest.mark.parametrize(("desired", "seed"), [(0.9, 7), (0.9, 8), (0.8, 9)])
def test_a_year_of_a_learner_is_retained_as_desired(world: Make, desired: float, seed: int) -> None:
    names = [f"deck/c{number:03}" for number in range(300)]
    here = world(*names, new_per_day=10, desired_retention=desired)
    learner = Learner(Random(seed))
    for day in range(365):
        here.clock.now = MORNING + timedelta(days=day)
        session = here.session()
        while shown := session.next():
            recalled = learner.answers(shown.name, here.clock())
            session.submit("right") if recalled else session.give_up()
            session.rate(Rating.GOOD if recalled else Rating.AGAIN)
            here.clock.pass_(minutes=1)
    found = numbers(here)
    assert found.overall.reviews > 1000
    assert found.overall.share == pytest.approx(desired, abs=0.02)
    assert found.calibration.rmse is not None and found.calibration.rmse < 0.06


class Learner:
    """Forgets as FSRS's default parameters say, and knows nothing of ptquiz: its memory is a card of the package."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.brain = fsrs.Scheduler(enable_fuzzing=False)
        self.cards: dict[str, fsrs.Card] = {}

    def answers(self, name: str, now: datetime) -> bool:
        # Whole days at one hour of the day: minutes within a sitting do not count as a day more or less.
        now = now.replace(hour=12, minute=0)
        card = self.cards.get(name, fsrs.Card(card_id=1, due=now))
        learned = card.state is fsrs.State.Review
        recalled = not learned or self.random.random() < self.brain.get_card_retrievability(card, now)
        self.cards[name], _ = self.brain.review_card(card, fsrs.Rating.Good if recalled else fsrs.Rating.Again, now)
        return recalled


def test_only_the_statistics_load_pandas() -> None:
    code = (
        "import sys, quizapp.review.session, quizapp.review.report, quizapp.review.store.backups;"
        "print(sorted({'pandas', 'numpy', 'torch', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
