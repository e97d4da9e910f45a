"""The end of a session: its numbers, its mistakes, tomorrow, and practice of a mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.review.memory import Rating
from quizapp.review.practice import PracticeFilter
from quizapp.review.session_summary import Summary
from quizapp.review.today import Forecast
from quizapp.tui.screens.summary_screen import SummaryScreen
from quizapp.tui.screens.summary_text import common_mistakes, render_forecast, render_summary
from tests.tui.harness import Harness, MakeHarness, card, open_app, text, until

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MISTAKE = "transposed"


def finished(harness: Harness, *answers: str, practice: PracticeFilter | None = None) -> Summary:
    """Answer the next card, rate it, and return the summary."""
    session = harness.session() if practice is None else harness.services().session(harness.settings, practice=practice)
    session.next()
    for answer in answers:
        session.submit(answer)
    session.rate(Rating.GOOD)
    return session.summary()


def test_a_session_counts_correct_cards_and_mistakes(make_harness: MakeHarness) -> None:
    summary = finished(make_harness(card("a/one")), "x", "right")
    shown = render_summary(summary, NOW).plain
    assert "✓ 1 card in 0 min" in shown and "1  correct" in shown
    assert "p practises 3 more like this" in shown
    assert common_mistakes(summary) == [(MISTAKE, 1)]


@pytest.mark.parametrize("reviews", [0, 2])
def test_practice_says_what_was_practised(reviews: int) -> None:
    shown = render_summary(Summary(reviews=reviews, is_practice=True), NOW).plain
    assert ("2 cards practised" if reviews else "No card was practised") in shown
    assert "practice changes no due date" in shown and "Nothing is due" not in shown


def test_an_empty_session_says_when_the_next_card_is_due() -> None:
    assert "no card is scheduled yet" in render_summary(Summary(), NOW).plain
    assert "next card in 3 h" in render_summary(Summary(next_due=NOW + timedelta(hours=3)), NOW).plain


def test_forecast_of_tomorrow() -> None:
    assert render_forecast(Forecast(8, 6.2)).plain == "tomorrow: 8 due, about 6 min"
    assert render_forecast(Forecast(0, 0)).plain == "tomorrow: nothing is due"


@pytest.mark.slow
async def test_a_mistake_of_the_session_is_practised(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", tags=("shapes",)), card("a/two", tags=("shapes",)), new_per_day=1)
    async with open_app(harness) as (app, pilot):
        summary = finished(harness, "x", "right")
        app.show_practice()
        await pilot.pause()
        app.show_summary(summary, controller=None)  # type: ignore[arg-type]
        await until(pilot, lambda: "tomorrow" in text(app) and "p Practise 3 more" in text(app))
        await pilot.press("down", "p")
        await until(pilot, lambda: "a · One" in text(app))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: "Everything" in text(app))


async def test_no_practice_is_offered_without_mistakes(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one"))) as (app, pilot):
        app.push_screen(SummaryScreen(Summary(), NOW, controller=None))  # type: ignore[arg-type]
        await until(pilot, lambda: "Nothing is due" in text(app))
        assert "Practise 3 more" not in text(app)
        await pilot.press("p", "enter")
        await until(pilot, lambda: "Everything" in text(app))
