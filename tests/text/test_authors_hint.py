"""The author's hint of a check is shown only where nothing is proved and the value of that check differs."""

from __future__ import annotations

from quizapp.decks.card import Check
from quizapp.grading.judge_protocol import Finding, Mismatch
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Raised
from quizapp.text.verdict_lines import verdict_lines

HINT = "Look at the order of the dimensions."
DIFFERS = Finding(False, "4 of 6 elements differ", mismatch=Mismatch("4 of 6 elements differ"))
MISSING = Finding(False, "NameError was raised: name 'f' is not defined")


def lines(finding: Finding, error: Raised | None = None, says: str | None = None) -> str:
    check = CheckVerdict(Check("f(x)", says=HINT), CheckState.DIFFERS, finding)
    return "\n".join(verdict_lines(Verdict("d/c", Outcome.WRONG, of=1, checks=(check,), error=error, says=says)))


def test_the_hint_is_labelled_as_the_authors() -> None:
    assert f"  The author's hint: {HINT}" in lines(DIFFERS).splitlines()


def test_a_proved_cause_replaces_the_hint() -> None:
    diagnosed = Finding(False, "4 of 6 elements differ", "It is transposed.", mismatch=DIFFERS.mismatch)
    assert HINT not in lines(diagnosed)
    assert HINT not in lines(DIFFERS, Raised("ValueError", "no"))


def test_an_answer_that_defines_nothing_gets_no_hint_about_values() -> None:
    assert HINT not in lines(MISSING)


def test_the_explanation_of_a_known_wrong_answer_is_shown() -> None:
    assert "  `chunk` takes the number." in lines(MISSING, says="`chunk` takes the number.").splitlines()
