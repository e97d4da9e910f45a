"""Cancelled runs raise; earlier and later ones return their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from quizapp.decks.card import Card
from quizapp.grading.cancellable_grader import CancellableGrader, Cancelled
from quizapp.grading.verdict import Outcome, Verdict
from tests.tui.harness import FakeGrader, FakeSandbox, card

if TYPE_CHECKING:
    from quizapp.grading.grader import Grader


class CancellingGrader(FakeGrader):
    """A grader that is cancelled during the run of the answer `cancel`."""

    cancellable: CancellableGrader | None = None

    def grade(self, card: Card, answer: str) -> Verdict:
        verdict = super().grade(card, answer)
        if answer == "cancel" and self.cancellable is not None:
            self.cancellable.cancel()
            self.cancelled = False
        return verdict


def test_only_the_cancelled_run_raises() -> None:
    sandbox = FakeSandbox()
    sandbox.warmed.set()
    fake = CancellingGrader(sandbox)
    grader = fake.cancellable = CancellableGrader(cast("Grader", fake))
    assert grader.grade(card("a/one"), "right").outcome is Outcome.PASSED
    with pytest.raises(Cancelled):
        grader.grade(card("a/one"), "cancel")
    assert grader.grade(card("a/one"), "right").outcome is Outcome.PASSED


def test_a_cancel_without_a_run_affects_no_later_run() -> None:
    sandbox = FakeSandbox()
    sandbox.warmed.set()
    fake = FakeGrader(sandbox)
    grader = CancellableGrader(cast("Grader", fake))
    grader.cancel()
    fake.cancelled = False
    assert grader.grade(card("a/one"), "right").outcome is Outcome.PASSED
