"""Text of strangers on the screen: every place of a verdict that an answer can fill with what a terminal obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from quizapp.decks.card import Check
from quizapp.grading.findings import Difference, Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Ending, Raised, Report
from tests.tui.harness import Harness, card, opened, raised, text, until

MakeHarness = Callable[..., Harness]

# Half characters never come so far: `sandbox.messages` and `said` see to that.
HOSTILE = "[red]a[/] [@click=app.quit]b[/] \x1b]0;t\x07\x1b]52;c;eA==\x07\x1b[2J\x9b1m \u202e\u200b\x7f\r"
SHOWN = (
    "[red]a[/]",
    "[@click=app.quit]b[/]",
    "\\x1b]0;t\\x07\\x1b]52;c;eA==\\x07\\x1b[2J\\x9b1m",
    "\\u202e\\u200b\\x7f\\x0d",
)
"""The same, as it must stand there; lines may be broken at its blanks."""


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
    return replace(raised(), error=error, cause=HOSTILE, notes=(HOSTILE,), stdout=HOSTILE, stderr=HOSTILE)


def hostile_finding() -> Verdict:
    sides = [Side(HOSTILE, HOSTILE, (1,), HOSTILE, HOSTILE, (HOSTILE,)) for _ in range(2)]
    places = (Difference((HOSTILE, 0), HOSTILE, HOSTILE),)
    finding = Finding(False, HOSTILE, HOSTILE, "transposed", *sides, 1, 1, places, 1.0, 1.0, ((True,),))
    checks = (CheckVerdict(Check("answer"), CheckState.DIFFERS, finding),)
    return Verdict("", Outcome.WRONG, of=1.0, checks=checks, says=HOSTILE, notes=(HOSTILE,), detail=HOSTILE)


def all_there(shown: str) -> bool:
    return all(part in shown for part in SHOWN)


def harmless(shown: str) -> bool:
    return not [line for line in shown.splitlines() if not line.isprintable()]


@pytest.mark.parametrize("verdict", [hostile_error(), hostile_finding()], ids=["error", "finding"])
async def test_a_verdict_shows_it_as_text(make_harness: MakeHarness, verdict: Verdict) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = verdict
    async with opened(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "not right yet" in text(app) or "raised an error" in text(app))
        await pilot.press("ctrl+f5")
        await until(pilot, lambda: all_there(text(app)))
        assert harmless(text(app)) and app.is_running
        assert harmless(app.title + app.sub_title)


async def test_what_was_tried_out_shows_it_as_text(make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = make_harness(card("joining/one"))
    report = Report(Ending.CRASHED, stdout=HOSTILE, stderr=HOSTILE, detail=HOSTILE, raised=Raised(HOSTILE, HOSTILE))
    monkeypatch.setattr(harness.grader, "scratch", lambda card, answer: report)
    async with opened(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f6")
        await until(pilot, lambda: all_there(text(app)))
        assert harmless(text(app))


async def test_the_list_of_past_attempts_shows_it_as_text(make_harness: MakeHarness) -> None:
    harness = make_harness(card("joining/one"))
    harness.grader.verdicts["answer"] = hostile_error()
    async with opened(harness, (260, 60), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: all_there(text(app)))
        (attempt,) = harness.store.work.attempts("joining/one")
    assert attempt.said is not None and all_there(attempt.said) and harmless(attempt.said)
