"""Evidence and the proposed rating."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.review.memory import Rating
from quizapp.review.rating import Evidence, propose

TABLE = [
    (Evidence(passed=True), Rating.GOOD, "first try, no hints"),
    (Evidence(passed=True, seconds=20, usual_seconds=60), Rating.EASY, "first try, fast, no hints"),
    (Evidence(passed=True, seconds=60, usual_seconds=60), Rating.GOOD, "first try, no hints"),
    (Evidence(passed=True, seconds=130, usual_seconds=60), Rating.HARD, "first try, slow"),
    (Evidence(passed=True, hints=1), Rating.HARD, "first try, 1 hint"),
    (Evidence(passed=True, hints=2), Rating.AGAIN, "first try, 2 hints"),
    (Evidence(passed=True, tries=2), Rating.HARD, "2 tries, no hints"),
    (Evidence(passed=True, tries=3), Rating.AGAIN, "3 tries, no hints"),
    (Evidence(passed=True, tries=2, seconds=10, usual_seconds=60), Rating.HARD, "2 tries, no hints"),
    (Evidence(passed=False, tries=2), Rating.AGAIN, "no right answer yet"),
    (Evidence(passed=False, gave_up=True), Rating.AGAIN, "gave up"),
]


@pytest.mark.parametrize(("evidence", "rating", "why"), TABLE)
def test_the_proposal_follows_from_the_evidence(evidence: Evidence, rating: Rating, why: str) -> None:
    proposal = propose(evidence)
    assert (proposal.rating, proposal.why) == (rating, why)


evidences = st.builds(
    Evidence,
    passed=st.booleans(),
    tries=st.integers(1, 99),
    hints=st.integers(0, 20),
    gave_up=st.booleans(),
    seconds=st.none() | st.floats(0, 1800),
    usual_seconds=st.none() | st.floats(1, 1800),
)


@given(evidences)
def test_the_reason_has_at_most_five_words(evidence: Evidence) -> None:
    assert 1 <= len(propose(evidence).why.split()) <= 5


@given(evidences)
def test_two_buttons_propose_again_or_good(evidence: Evidence) -> None:
    four, two = propose(evidence).rating, propose(evidence, two_buttons=True).rating
    assert two is (Rating.AGAIN if four is Rating.AGAIN else Rating.GOOD)
