"""Completion: names in scope, listed by the sandbox."""

from __future__ import annotations

import json

import pytest

from quizapp.decks.card import Card
from quizapp.grading.grader import Grader
from quizapp.sandbox.protocol import Ending, Report
from quizapp.tui.widgets.completion_source import (
    MARKER,
    CompletionName,
    completion_code,
    completion_request,
    read_names,
)
from tests.tui.harness import MakeHarness, card, open_app, text, until


@pytest.mark.parametrize(
    ("line", "owner", "prefix"),
    [
        ("x = torch.ca", "torch", "ca"),
        ("torch.nn.functional.", "torch.nn.functional", ""),
        ("answer = fo", "", "fo"),
        ("f(x.re", "x", "re"),
        ("", "", ""),
        ("x[0].", "", ""),
    ],
)
def test_request_is_read_before_the_cursor(line: str, owner: str, prefix: str) -> None:
    request = completion_request([line], 0, len(line))
    assert (request.owner, request.prefix) == (owner, prefix)


def test_malformed_output_gives_no_names() -> None:
    for printed in ("", "hello", f"{MARKER}not json", f"{MARKER}[[1]]", f"{MARKER}3"):
        assert read_names(Report(Ending.FINISHED, stdout=printed)) == []


def test_control_characters_in_names_are_escaped() -> None:
    printed = MARKER + json.dumps([["a\x1b[2J", "int", ""]])
    assert read_names(Report(Ending.FINISHED, stdout=printed)) == [CompletionName("a\\x1b[2J", "int", "")]


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
def test_sandbox_lists_given_names_torch_members_and_the_answers_own_names(
    grader: Grader, above: str, line: str, expected: str
) -> None:
    lines = [*above.splitlines(), line]
    request = completion_request(lines, len(lines) - 1, len(line))
    completed = Card("a", "b", "?", preamble="import torch\n", given="x = torch.ones(2, 3)\n", trusted=True)
    names = read_names(grader.scratch(completed, completion_code(request)))
    assert expected in [name.text for name in names]


def test_function_has_a_signature(grader: Grader) -> None:
    completed = Card("a", "b", "?", given="def double(value, times=2): return value\n", trusted=True)
    names = read_names(grader.scratch(completed, completion_code(completion_request(["dou"], 0, 3))))
    assert names == [CompletionName("double", "function", "(value, times=2)")]


@pytest.mark.slow
async def test_names_are_listed_filtered_and_inserted(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one", starter=""))
    output = MARKER + json.dumps([["cat", "builtin", "(tensors, dim=0)"], ["ceil", "builtin", ""], ["chunk", "f", ""]])
    monkeypatch.setattr(harness.grader, "scratch", lambda card, answer: Report(Ending.FINISHED, stdout=output))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
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


async def test_completion_does_not_wait_for_the_sandbox(make_harness: MakeHarness) -> None:
    harness = make_harness(card("a/one"))
    harness.sandbox.warmed.clear()
    async with open_app(harness, start_with=()) as (app, pilot):
        await pilot.press("f4")
        await until(pilot, lambda: "the sandbox is still warming up" in text(app))
        harness.sandbox.warmed.set()
