"""Today within its limits, the forecast for tomorrow, and the line at the end of the program."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from quizapp.decks.card import CardKind
from quizapp.review.days import Days
from quizapp.review.today import MoreNew, Today, closing_line, read_more_new, save_more_new, today, tomorrow
from quizapp.settings import Settings
from tests.review.harness import MakeStudy, StudyHarness, make_card

FIVE = [f"joining/c{number}" for number in range(5)]
DAYS = Days(UTC, timedelta(hours=4))


def now(study: StudyHarness) -> Today:
    study.session()
    return today(study.store, study.settings, DAYS, study.clock(), study.library.card)


def test_new_and_due_cards_are_counted_within_their_limits(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, new_per_day=2, reviews_per_day=1)
    first = now(study)
    assert (first.due, first.new, first.next_new) == (0, 2, FIVE[0])
    study.learn(*FIVE[:2])
    assert (now(study).new, now(study).offers_more_new) == (0, True)
    study.clock.advance(days=60)
    later = now(study)
    assert (later.due, later.new, later.offers_more_new) == (1, 2, False)


def test_more_new_cards_are_not_offered_if_there_are_none(make_study: MakeStudy) -> None:
    study = make_study(*FIVE[:2], new_per_day=2)
    study.learn(*FIVE[:2])
    assert not now(study).offers_more_new


def test_only_cards_within_their_steps_are_left_when_the_minutes_are_spent(make_study: MakeStudy) -> None:
    study = make_study(*FIVE, minutes_per_day=1)
    session = study.session()
    session.next()
    study.clock.advance(minutes=2)
    session.submit("right")
    session.rate(session.proposal().rating)
    assert (now(study).new, now(study).minutes) == (0, 0)


def test_time_is_estimated_by_the_mean_of_earlier_reviews(make_study: MakeStudy) -> None:
    study = make_study(*FIVE)
    assert now(study).minutes == 5
    session = study.session()
    session.next()
    study.clock.advance(seconds=120)
    session.submit("right")
    session.rate(session.proposal().rating)
    left = now(study)
    assert left.minutes == pytest.approx(2 * left.cards)


def test_first_card_of_an_empty_store_is_a_code_card(make_study: MakeStudy) -> None:
    study = make_study(make_card("a/shape", kind=CardKind.PREDICT), "a/code", "a/more")
    assert now(study).next_new == "a/code"
    assert study.shown_cards() == ["a/code", "a/shape", "a/more"]


def test_tomorrow_counts_the_cards_due_until_its_end(make_study: MakeStudy) -> None:
    study = make_study(*FIVE)
    study.learn(*FIVE[:2])
    dues = sorted(memory.due for memory in study.store.cards.memories().values())
    study.clock.now = dues[0] - timedelta(days=1)
    assert tomorrow(study.store, DAYS, study.clock()).cards >= 1
    study.clock.now = dues[0] - timedelta(days=3)
    assert tomorrow(study.store, DAYS, study.clock()).cards == 0


def test_closing_line_says_what_was_done_and_what_is_due(make_study: MakeStudy) -> None:
    study = make_study(*FIVE)
    study.session()
    assert closing_line(study.store, study.settings, study.clock()) == ""
    study.review(FIVE[0])
    line = closing_line(study.store, study.settings, study.clock())
    assert line == "1 card in 0 min; 1 more due today, nothing due tomorrow."


@pytest.mark.parametrize("content", ["", "[]", '{"day": "x", "cards": 1}', '{"day": 1, "cards": -5}', '{"other": 1}'])
def test_a_damaged_file_of_added_cards_adds_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "more-new.json"
    file.write_text(content, encoding="utf-8")
    assert read_more_new(file) == MoreNew()


def test_added_new_cards_outlast_the_program(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "more-new.json"
    assert read_more_new(file) == MoreNew()
    save_more_new(file, MoreNew().add(10, day=7))
    assert read_more_new(file).raise_limit(Settings(new_per_day=5), day=7).new_per_day == 15


def test_added_new_cards_last_for_their_day_only() -> None:
    more = MoreNew().add(10, day=7).add(10, day=7)
    assert more.raise_limit(Settings(new_per_day=5), day=7).new_per_day == 25
    assert more.raise_limit(Settings(new_per_day=5), day=8).new_per_day == 5
    assert more.add(10, day=8).cards == 10
