"""The pane of past attempts: the list, and the difference to the current answer."""

from __future__ import annotations

from quizapp.tui.study.panes.diff import DiffLine, diff
from tests.tui.harness import MakeHarness, card, open_app, text, until


def test_common_lines_are_listed_once() -> None:
    assert list(diff("a\nb\nc\n", "a\nx\nc")) == [
        DiffLine("both", "a"),
        DiffLine("old", "b"),
        DiffLine("new", "x"),
        DiffLine("both", "c"),
    ]


async def test_any_attempt_is_compared_with_the_current_answer(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter="first = 1\n"))
    async with open_app(harness, (80, 40), start_with=()) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: len(harness.store.drafts.attempts("a/one")) == 1)
        await until(pilot, lambda: "fix it" in text(app))
        await pilot.press("ctrl+home", *"second", "f5")
        await until(pilot, lambda: len(harness.store.drafts.attempts("a/one")) == 2)
        await until(pilot, lambda: "Attempts 2" in text(app))
        await pilot.press("shift+f6")
        await until(pilot, lambda: "The same as your answer now" in text(app))
        await pilot.press("down")
        await until(pilot, lambda: "- first = 1" in text(app) and "+ secondfirst = 1" in text(app))
