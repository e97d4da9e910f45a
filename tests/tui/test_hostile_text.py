"""Untrusted text on the screen: every field of a verdict that an answer can fill with control characters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Static

from quizapp.decks.card import Check
from quizapp.grading.judge_protocol import Difference, Finding, Mismatch, Side
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.host.run_reports import MAX_TEXT
from quizapp.sandbox.protocol import Ending, Raised, Report
from tests.tui.harness import MakeHarness, card, error_verdict, open_app, text, until

pytestmark = pytest.mark.slow

# Lone surrogates are removed earlier, when the sandbox's reports are decoded.
HOSTILE = "[red]a[/] [@click=app.quit]b[/] \x1b]0;t\x07\x1b]52;c;eA==\x07\x1b[2J\x9b1m \u202e\u200b\x7f\r"
SHOWN = (
    "[red]a[/]",
    "[@click=app.quit]b[/]",
    "\\x1b]0;t\\x07\\x1b]52;c;eA==\\x07\\x1b[2J\\x9b1m",
    "\\u202e\\u200b\\x7f\\x0d",
)
"""The parts of `HOSTILE` as they must be shown; lines may be wrapped between them."""


def hostile_error() -> Verdict:
    error = Raised(
        f"E{HOSTILE}",
        HOSTILE,
        bases=(HOSTILE,),
        line=1,
        column=0,
        end_column=1 << 20,
        source=HOSTILE,
        shapes=((HOSTILE, HOSTILE),),
        trace=HOSTILE,
    )
    return replace(error_verdict(), error=error, cause=HOSTILE, notes=(HOSTILE,), stdout=HOSTILE, stderr=HOSTILE)


def hostile_finding() -> Verdict:
    expected, got = (Side(HOSTILE, HOSTILE, (1,), HOSTILE, HOSTILE, (HOSTILE,)) for _ in range(2))
    places = (Difference((HOSTILE, 0), HOSTILE, HOSTILE, HOSTILE, HOSTILE),)
    mismatch = Mismatch(HOSTILE, "value", 1, 1, places, 1.0, 1.0, ((True,),), (HOSTILE,))
    finding = Finding(False, HOSTILE, HOSTILE, Mistake.TRANSPOSED, expected, got, mismatch)
    checks = (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),)
    return Verdict("", Outcome.WRONG, of=1.0, checks=checks, says=HOSTILE, notes=(HOSTILE,), detail=HOSTILE)


def is_complete(shown: str) -> bool:
    """Return whether the screen shows every part of `HOSTILE`."""
    return all(part in shown for part in SHOWN)


def is_harmless(shown: str) -> bool:
    """Return whether every line is printable."""
    return not [line for line in shown.splitlines() if not line.isprintable()]


@pytest.mark.parametrize("verdict", [hostile_error(), hostile_finding()], ids=["error", "finding"])
async def test_verdict_shows_hostile_text_escaped(make_harness: MakeHarness, verdict: Verdict) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = verdict
    async with open_app(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "not right yet" in text(app) or "raised an error" in text(app))
        await pilot.press("ctrl+f5")
        await until(pilot, lambda: is_complete(text(app)))
        assert is_harmless(text(app)) and app.is_running
        assert is_harmless(app.title + app.sub_title)


async def test_scratch_run_shows_hostile_text_escaped(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("joining/one"))
    report = Report(Ending.CRASHED, stdout=HOSTILE, stderr=HOSTILE, detail=HOSTILE, raised=Raised(HOSTILE, HOSTILE))
    monkeypatch.setattr(harness.grader, "scratch", lambda card, answer, **_: report)
    async with open_app(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f6")
        await until(pilot, lambda: is_complete(text(app)))
        assert is_harmless(text(app))


async def test_attempts_show_hostile_text_escaped(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = hostile_error()
    async with open_app(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: is_complete(text(app)))
        (attempt,) = harness.store.drafts.attempts("joining/one")
    assert attempt.summary is not None and is_complete(attempt.summary) and is_harmless(attempt.summary)


async def test_a_forged_traceback_is_clipped(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = make_harness(card("joining/one"))
    raised = Raised("E" * MAX_TEXT, "m", trace="t" * MAX_TEXT)
    report = Report(Ending.CRASHED, detail="d" * MAX_TEXT, raised=raised)
    monkeypatch.setattr(harness.grader, "scratch", lambda card, answer, **_: report)
    async with open_app(harness, (120, 40), start_with=()) as (app, pilot):
        await pilot.press("f6")
        await until(pilot, lambda: "Ran without grading" in text(app))
        shown = str(app.screen.query_one("#printed", Static).content)
        assert "more characters" in shown and len(shown) < 30_000
