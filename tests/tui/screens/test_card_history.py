"""A card's reviews and answers as a timeline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.review.memory import Rating, Review
from quizapp.tui.screens.card_history import render_history
from tests.review.harness import MORNING

REVIEW = Review("a/one", Rating.AGAIN, Rating.AGAIN, MORNING, MORNING.toordinal(), outcome="wrong", tries=1)


@pytest.mark.parametrize(
    ("mistake", "shown"),
    [("wrong-dimension", " · wrong dimension"), ("My\x1b[2JError", " · My\\x1b[2JError"), (None, " · 1 answer")],
)
def test_a_review_shows_its_mistake_in_words(mistake: str | None, shown: str) -> None:
    history = render_history([replace(REVIEW, mistake=mistake)], [])
    assert history.plain.rstrip("\n").endswith(shown)
