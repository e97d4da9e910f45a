"""A bug in grading gives the outcome `internal` and an entry in the log, and never ends the program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quizapp.decks.card import Card, CardKind, Check, Choice
from quizapp.error_log import ErrorLog
from quizapp.errors import SandboxError
from quizapp.grading import grader as grading
from quizapp.grading.grader import JUDGE, Grader
from quizapp.grading.verdict import Outcome
from quizapp.sandbox import client
from quizapp.sandbox.client import Sandbox

pytestmark = [pytest.mark.jail, pytest.mark.torch]

CARD = Card("deck", "card", "?", (Check("a"),), solution="a = 1", trusted=True)
PREDICT = Card("deck", "predict", "?", (Check("a"),), kind=CardKind.PREDICT, given="a = 1", trusted=True)
CHOICE = Card("deck", "choice", "?", (), kind=CardKind.CHOICE, choices=(Choice("a", right=True), Choice("b")))


@pytest.fixture
def log(tmp_path: Path) -> ErrorLog:
    return ErrorLog(tmp_path / "errors.log", lambda: datetime(2026, 1, 2, tzinfo=UTC))


def break_(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make the grader raise `error` for every kind of card."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Grader, "_judged", fail)
    monkeypatch.setattr(Grader, "_predicted", fail)
    monkeypatch.setattr(grading, "grade_choice", fail)


@pytest.mark.parametrize("card", [CARD, PREDICT, CHOICE], ids=lambda card: card.id)
@pytest.mark.parametrize("error", [RecursionError("deep"), KeyError("lost"), StopIteration(), OSError(5, "broken")])
def test_a_bug_is_internal_and_logged(
    sandbox: Sandbox, log: ErrorLog, monkeypatch: pytest.MonkeyPatch, card: Card, error: Exception
) -> None:
    break_(monkeypatch, error)
    verdict = Grader(sandbox, errors=log).grade(card, "a = 12345678")
    assert (verdict.outcome, verdict.mistake) == (Outcome.INTERNAL, None)
    assert "bug in ptquiz" in verdict.detail and str(log.path) in verdict.detail
    text = log.path.read_text(encoding="utf-8")
    assert f"during: grade {card.name}" in text and type(error).__name__ in text and "in fail" in text
    assert "12345678" not in text


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_an_interruption_passes_through(
    sandbox: Sandbox, log: ErrorLog, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    break_(monkeypatch, error)
    with pytest.raises(type(error)):
        Grader(sandbox, errors=log).grade(CARD, "a = 2")
    assert log.count() is None


def test_without_a_log_a_bug_is_raised(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    break_(monkeypatch, KeyError("lost"))
    with pytest.raises(KeyError, match="lost"):
        Grader(sandbox).grade(CARD, "a = 2")


def test_a_judge_without_an_answer_is_logged(sandbox: Sandbox, log: ErrorLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ask_judge", lambda *_: None)
    verdict = Grader(sandbox, errors=log).grade(CARD, "a = 2")
    assert verdict.outcome is Outcome.INTERNAL and "JudgeFailed was written to" in verdict.detail
    assert log.count() == 1


@pytest.mark.slow
def test_a_sandbox_that_is_closed_meanwhile_is_no_bug(log: ErrorLog, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(judge=JUDGE) as closing:
        # Closing ends the judge that is being asked.
        monkeypatch.setattr(client, "ask_judge", lambda *_: closing.close())
        verdict = Grader(closing, errors=log).grade(CARD, "a = 2")
    assert verdict.outcome is Outcome.INTERNAL and "bug" not in verdict.detail
    assert log.count() is None


@pytest.mark.slow
def test_an_error_of_the_machine_is_no_bug(log: ErrorLog) -> None:
    with Sandbox(judge=JUDGE) as closed:
        grader = Grader(closed, errors=log)
        assert grader.grade(CARD, "a = 1").passed
    with pytest.raises(SandboxError, match="closed"):
        grader.grade(CARD, "a = 2")
    assert log.count() is None
