"""Completion: names that are really in scope, asked of the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from quizapp.decks.card import Card
from quizapp.grading.grader import Grader
from quizapp.sandbox.protocol import Ending, Report
from quizapp.tui.widgets.completion_source import MARK, CompletionName, names, question, wanted
from tests.tui.harness import Harness, card, opened, text, until

MakeHarness = Callable[..., Harness]


@pytest.mark.parametrize(
    ("line", "owner", "stem"),
    [
        ("x = torch.ca", "torch", "ca"),
        ("torch.nn.functional.", "torch.nn.functional", ""),
        ("answer = fo", "", "fo"),
        ("f(x.re", "x", "re"),
        ("", "", ""),
        ("x[0].", "", ""),
    ],
)
def test_what_stands_before_the_cursor_is_completed(line: str, owner: str, stem: str) -> None:
    want = wanted([line], 0, len(line))
    assert (want.owner, want.stem) == (owner, stem)


def test_nonsense_from_a_worker_completes_nothing() -> None:
    for printed in ("", "hello", f"{MARK}not json", f"{MARK}[[1]]", f"{MARK}3"):
        assert names(Report(Ending.FINISHED, stdout=printed)) == []


def test_names_are_shown_as_text_whatever_they_hold() -> None:
    printed = MARK + json.dumps([["a\x1b[2J", "int", ""]])
    assert names(Report(Ending.FINISHED, stdout=printed)) == [CompletionName("a\\x1b[2J", "int", "")]


@pytest.mark.parametrize(
    ("above", "line", "expected"),
    [
        ("", "torch.cat", "cat"),
        ("", "x.resh", "reshape"),
        ("y = x.t()\n", "y.transp", "transpose"),
        ("mine = 3\nif mine:\n", "min", "mine"),
        ("raise ValueError\n", "isinst", "isinstance"),
    ],
)
def test_the_sandbox_knows_givens_names_torchs_members_and_what_was_written_above(
    grader: Grader, above: str, line: str, expected: str
) -> None:
    lines = [*above.splitlines(), line]
    want = wanted(lines, len(lines) - 1, len(line))
    asked = Card("a", "b", "?", preamble="import torch\n", given="x = torch.ones(2, 3)\n", trusted=True)
    found = names(grader.scratch(asked, question(want)))
    assert expected in [name.text for name in found]


def test_a_signature_stands_beside_a_function(grader: Grader) -> None:
    asked = Card("a", "b", "?", given="def double(value, times=2): return value\n", trusted=True)
    found = names(grader.scratch(asked, question(wanted(["dou"], 0, 3))))
    assert found == [CompletionName("double", "function", "(value, times=2)")]


async def test_names_are_offered_narrowed_and_taken(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one", starter=""))
    offered = MARK + json.dumps([["cat", "builtin", "(tensors, dim=0)"], ["ceil", "builtin", ""], ["chunk", "f", ""]])
    harness.grader.scratch = lambda card, answer: Report(Ending.FINISHED, stdout=offered)  # type: ignore[method-assign]
    async with opened(harness, (100, 30), start_with=()) as (app, pilot):
        await pilot.press(*"torch", "full_stop", "c", "f4")
        await until(pilot, lambda: "cat(tensors, dim=0)" in text(app))
        assert "chunk" in text(app)
        await pilot.press("h")
        assert "cat(tensors" not in text(app)
        await pilot.press("enter")
        assert "torch.chunk" in text(app)
        await pilot.press("full_stop", "ctrl+@")
        await until(pilot, lambda: "cat(tensors, dim=0)" in text(app))
        await pilot.press("down", "escape")
        assert "cat(tensors" not in text(app)
        await pilot.press("x")
        assert "torch.chunk.x" in text(app)


async def test_a_cold_sandbox_is_not_waited_for(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.sandbox.warmed.clear()
    async with opened(harness, start_with=()) as (app, pilot):
        await pilot.press("f4")
        await until(pilot, lambda: "the sandbox is still warming up" in text(app))
        harness.sandbox.warmed.set()
