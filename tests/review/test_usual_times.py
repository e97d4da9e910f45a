"""The usual time of similar cards."""

from __future__ import annotations

from quizapp.review.memory import Rating
from tests.review.harness import MakeStudy


def test_fast_and_slow_are_relative_to_the_learners_own_times(make_study: MakeStudy) -> None:
    names = [f"a/c{number}" for number in range(7)]
    study = make_study(*names)
    for name in names[:5]:
        session = study.session(cards=[name])
        session.next()
        study.clock.advance(seconds=60)
        session.submit("right")
        session.rate(Rating.GOOD)
    for name, seconds, rating in ((names[5], 10, Rating.EASY), (names[6], 300, Rating.HARD)):
        session = study.session(cards=[name])
        session.next()
        study.clock.advance(seconds=seconds)
        session.submit("right")
        assert session.proposal().rating is rating
