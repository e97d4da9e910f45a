"""Statistics and their report."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path
from random import Random

import fsrs
import pytest

from quizapp.review.analysis.report import report
from quizapp.review.analysis.statistics import Retention, Statistics, statistics, streak
from quizapp.review.days import Days
from quizapp.review.memory import Rating
from quizapp.review.store.exchange import export_csv, import_csv
from quizapp.review.store.stats_queries import MistakeCount
from tests.review.harness import MORNING, MakeStudy, StudyHarness, make_card

TODAY = date(2026, 3, 2)


def statistics_of(study: StudyHarness) -> Statistics:
    return statistics(study.store, study.library.cards(), Days(UTC), study.clock())


def review_for_a_year(make_study: MakeStudy) -> StudyHarness:
    """Review two cards of two decks for a year; one is recalled each time, one is forgotten once."""
    study = make_study(make_card("a/one", tags=("shape",)), make_card("b/two", tags=("shape", "dtype")), "b/never")
    study.learn("a/one", "b/two")
    for gap in (8, 60, 300):
        study.clock.advance(days=gap)
        study.review("a/one", Rating.GOOD)
        study.review("b/two", Rating.GOOD if gap != 60 else Rating.AGAIN)
        study.learn("b/two")
    return study


def test_true_retention_is_grouped_by_deck_tag_age_and_time(make_study: MakeStudy) -> None:
    found = statistics_of(review_for_a_year(make_study))
    assert found.by_deck["a"] == Retention(3, 3)
    assert (found.by_deck["b"].reviews - found.by_deck["b"].recalled, found.by_tag["dtype"]) == (1, found.by_deck["b"])
    assert found.by_tag["shape"].reviews == found.overall.reviews == found.young.reviews + found.mature.reviews
    assert found.mature.reviews >= 2
    assert sum(week.reviews for week in found.by_week.values()) == found.overall.reviews
    assert date(2026, 3, 1) in found.by_month and date(2026, 3, 9) in found.by_week
    assert all(week.weekday() == 0 for week in found.by_week)


def test_undone_reviews_do_not_count(make_study: MakeStudy) -> None:
    study = review_for_a_year(make_study)
    before = statistics_of(study)
    study.review("a/one", Rating.AGAIN)
    assert statistics_of(study) != before
    study.session().undo()
    assert statistics_of(study) == before


def test_calibration_is_log_loss_and_rmse_over_bins(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    study.learn("a/one")
    study.clock.advance(days=8)
    study.review("a/one", Rating.GOOD)
    calibration = statistics_of(study).calibration
    predicted = study.store.log.reviews()[-1].predicted_recall
    assert predicted and 0.85 < predicted < 0.92
    assert calibration.reviews == 1
    assert calibration.log_loss == pytest.approx(-log(predicted), abs=2e-3)
    assert calibration.rmse == pytest.approx(1 - predicted, abs=2e-3)


def test_the_forecast_counts_cards_and_minutes_and_overdue_cards_today(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two")
    session = study.session()
    for _ in range(2):
        session.next()
        study.clock.advance(seconds=90)
        session.submit("right")
        session.rate(Rating.EASY)
    forecast = statistics_of(study).forecast
    assert len(forecast) == 30 and forecast[0].day == TODAY
    assert sum(day.cards for day in forecast) == 2 and forecast[0].cards == 0
    assert sum(day.minutes for day in forecast) == pytest.approx(3.0)
    study.clock.advance(days=40)
    assert statistics_of(study).forecast[0].cards == 2


def test_a_streak_ends_with_a_missed_day() -> None:
    days = [TODAY - timedelta(days=back) for back in (1, 2, 3, 10, 11, 12, 13)]
    assert (streak(days, TODAY).current, streak(days, TODAY).longest) == (3, 4)
    assert streak(days, TODAY + timedelta(days=1)).current == 0
    assert streak([], TODAY).longest == 0


def test_the_calendar_contains_every_day_with_reviews(make_study: MakeStudy) -> None:
    study = review_for_a_year(make_study)
    found = statistics_of(study)
    assert found.calendar[TODAY] == 2
    assert sum(found.calendar.values()) == found.reviews == len(study.store.log.reviews())


def test_hard_cards_and_mistakes_are_listed(make_study: MakeStudy) -> None:
    study = review_for_a_year(make_study)
    session = study.session(cards=["b/never"])
    session.next()
    session.submit("timeout")
    session.give_up()
    session.rate(Rating.AGAIN)
    found = statistics_of(study)
    assert [hard.card for hard in found.hardest] == ["b/two"]
    assert found.mistakes == (MistakeCount("timeout", attempts=1, reviews=1),)


def answer_wrongly(study: StudyHarness, card: str, *mistakes: str) -> None:
    """Make mistakes on a card, one answer for each, and rate it Again."""
    session = study.session(cards=[card])
    session.next()
    for mistake in mistakes:
        session.submit(mistake)
    session.rate(Rating.AGAIN)
    study.clock.advance(days=30)


def test_every_attempt_counts_as_a_mistake_and_not_only_the_first_of_a_review(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two")
    answer_wrongly(study, "a/one", "dtype", "wrong-dimension", "wrong-dimension", "transposed")
    answer_wrongly(study, "a/two", "wrong-dimension")
    found = statistics_of(study)
    assert found.mistakes == (
        MistakeCount("wrong-dimension", attempts=3, reviews=1),
        MistakeCount("dtype", attempts=1, reviews=1),
        MistakeCount("transposed", attempts=1, reviews=0),
    )
    assert found.to_json()["mistakes"][0] == {"mistake": "wrong-dimension", "attempts": 3, "reviews": 1}
    page = report(found, TODAY)
    assert re.search(r"^wrong dimension +3 +1$", page, re.MULTILINE), page


def test_attempts_that_were_never_rated_count(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two")
    answer_wrongly(study, "a/one", "dtype")
    session = study.session(cards=["a/two"])
    session.next()
    session.submit("dtype")
    assert statistics_of(study).mistakes == (MistakeCount("dtype", attempts=2, reviews=1),)


@pytest.mark.parametrize("is_answered_later", [False, True])
def test_reviews_without_stored_attempts_count_by_their_first_mistake(
    make_study: MakeStudy, tmp_path: Path, is_answered_later: bool
) -> None:
    study = make_study("a/one", "a/two", "a/three")
    answer_wrongly(study, "a/one", "dtype", "transposed")
    answer_wrongly(study, "a/two", "dtype")
    answer_wrongly(study, "a/three", "dtype")
    study.session().undo()
    log = io.StringIO()
    export_csv(study.store, log)
    (tmp_path / "imported").mkdir()
    imported = StudyHarness(tmp_path / "imported", study.library, clock=study.clock)
    import_csv(imported.store, io.StringIO(log.getvalue()))
    if is_answered_later:
        answer_wrongly(imported, "a/one", "transposed", "dtype")
    dtype, *rest = statistics_of(imported).mistakes
    later = int(is_answered_later)
    assert dtype == MistakeCount("dtype", attempts=2 + later, reviews=2)
    assert rest == [MistakeCount("transposed", attempts=1, reviews=1)] * later
    imported.store.close()


def test_keys_of_an_older_version_count_for_the_present_ones(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    answer_wrongly(study, "a/one", "dtype", "wrong-dimension", "scaled", "scaled", "sign")
    with study.store.database.transaction():
        for old, new in (("ValueError", "dtype"), ("reduced-along-other", "scaled"), ("MyError\x1b[2J", "sign")):
            study.store.database.run("update attempts set family = ? where family = ?", (old, new))
    found = statistics_of(study)
    assert {each.mistake: each.attempts for each in found.mistakes} == {
        "wrong-dimension": 3,
        "MyError\x1b[2J": 1,
        "value-error": 1,
    }
    assert "\x1b" not in report(found, TODAY)


def test_waiting_and_slow_cards_are_listed(make_study: MakeStudy) -> None:
    study = review_for_a_year(make_study)
    session = study.session(cards=["b/never"])
    session.next()
    study.clock.advance(seconds=75)
    session.submit("right")
    session.rate(Rating.GOOD)
    study.store.cards.set_waiting("a/one")
    found = statistics_of(study)
    assert found.waiting == ("a/one",)
    assert (found.slowest[0].card, found.slowest[0].reviews, found.slowest[0].seconds) == ("b/never", 1, 75.0)
    page = report(found, TODAY)
    assert "Waiting for CUDA" in page and re.search(r"^b/never +75 s +1$", page, re.MULTILINE)


def test_json_is_plain_data(make_study: MakeStudy) -> None:
    found = json.loads(json.dumps(statistics_of(review_for_a_year(make_study)).to_json()))
    assert found["by_deck"]["a"] == {"reviews": 3, "recalled": 3, "share": 1.0}
    assert found["calendar"]["2026-03-02"] == 2
    assert found["forecast"][0].keys() == {"day", "cards", "minutes"}
    assert found["calibration"]["bins"][0].keys() == {"predicted", "true", "reviews"}


def test_a_store_without_reviews_has_statistics(make_study: MakeStudy) -> None:
    found = statistics_of(make_study("a/one"))
    assert found.reviews == 0 and found.overall.share is None
    assert "No reviews yet" in report(found, TODAY)
    json.dumps(found.to_json())


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_report_fits_its_width_and_contains_every_section(make_study: MakeStudy, width: int) -> None:
    study = review_for_a_year(make_study)
    page = report(statistics_of(study), Days(UTC).day(study.clock()).end.date(), width)
    assert max(map(len, page.splitlines())) <= width
    for heading in (
        "Retention by month",
        "next 30 days",
        "True retention",
        "Calibration",
        "Next four weeks",
        "Calendar",
        "Hardest",
    ):
        assert heading in page


@pytest.mark.slow
@pytest.mark.parametrize(("desired", "seed"), [(0.9, 7), (0.9, 8), (0.8, 9)])
def test_a_simulated_year_reaches_the_desired_retention(make_study: MakeStudy, desired: float, seed: int) -> None:
    names = [f"deck/c{number:03}" for number in range(300)]
    study = make_study(*names, new_per_day=10, desired_retention=desired)
    learner = Learner(Random(seed))
    for day in range(365):
        study.clock.now = MORNING + timedelta(days=day)
        session = study.session()
        while shown := session.next():
            recalled = learner.recalls(shown.name, study.clock())
            session.submit("right") if recalled else session.give_up()
            session.rate(Rating.GOOD if recalled else Rating.AGAIN)
            study.clock.advance(minutes=1)
    found = statistics_of(study)
    assert found.overall.reviews > 1000
    assert found.overall.share == pytest.approx(desired, abs=0.02)
    assert found.calibration.rmse is not None and found.calibration.rmse < 0.06


class Learner:
    """Recalls with the probability of FSRS's default parameters, independently of ptquiz."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.scheduler = fsrs.Scheduler(enable_fuzzing=False)
        self.cards: dict[str, fsrs.Card] = {}

    def recalls(self, name: str, now: datetime) -> bool:
        # Always at the same hour, so that minutes within a session do not make the elapsed days one more or less.
        now = now.replace(hour=12, minute=0)
        card = self.cards.get(name, fsrs.Card(card_id=1, due=now))
        is_learned = card.state is fsrs.State.Review
        recalled = not is_learned or self.random.random() < self.scheduler.get_card_retrievability(card, now)
        self.cards[name], _ = self.scheduler.review_card(card, fsrs.Rating.Good if recalled else fsrs.Rating.Again, now)
        return recalled


def test_only_the_statistics_import_pandas() -> None:
    code = (
        "import sys, quizapp.review.session, quizapp.review.analysis.report, quizapp.review.store.backups;"
        "print(sorted({'pandas', 'numpy', 'torch', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
