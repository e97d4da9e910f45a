"""Documentation of a name: read in the sandbox, with the address of its page."""

from __future__ import annotations

import json

import pytest

from quizapp.decks.card import Card
from quizapp.grading.grader import Grader
from quizapp.sandbox.protocol import Ending, Report
from quizapp.tui.widgets.documentation import (
    MARKER,
    docs_address,
    documentation_code,
    first_part,
    plain_text,
    read_documentation,
    split_signature_line,
)
from quizapp.tui.widgets.editing import name_around
from tests.tui.harness import MakeHarness, card, open_app, text, until

PAGE = "https://docs.pytorch.org/docs/stable/generated/"


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("torch.cat", "torch.cat.html"),
        ("torch.nn.Linear", "torch.nn.Linear.html"),
        ("torch.nn.functional.relu", "torch.nn.functional.relu.html"),
        ("torch.Tensor.add_", "torch.Tensor.add_.html"),
        ("torch.nn.modules.linear.Linear", None),
        ("numpy.ones", None),
        ("torch", None),
        ("", None),
        ("torch.x/../y", None),
    ],
)
def test_public_names_have_an_address(name: str, page: str | None) -> None:
    assert docs_address(name) == (PAGE + page if page else "")


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [
        ("x = torch.cat((a, b))", 12, "torch.cat"),
        ("x = torch.cat((a, b))", 6, "torch"),
        ("x = torch.cat((a, b))", 15, "a"),
        ("x = torch.cat((a, b))", 21, ""),
        ("f(x).sum", 8, ""),
    ],
)
def test_dotted_name_at_the_cursor_is_found(line: str, column: int, name: str) -> None:
    assert name_around(line, column) == name


def test_docstring_ends_before_its_sections() -> None:
    assert first_part("cat(x) -> Tensor\n\nJoins.\n\nArgs:\n    x: a list") == "cat(x) -> Tensor\n\nJoins."
    assert first_part("Joins.\n\nExamples::\n\n    >>> f()") == "Joins."


@pytest.mark.parametrize(
    ("text", "signature", "rest"),
    [
        ("cat(x, dim=0) -> Tensor\n\nJoins.", "(x, dim=0) -> Tensor", "Joins."),
        ("torch.cat(x)", "(x)", ""),
        ("Joins.", "", "Joins."),
        ("concat(x)", "", "concat(x)"),
    ],
)
def test_signature_of_a_docstring_is_split_off(text: str, signature: str, rest: str) -> None:
    assert split_signature_line("torch.cat", text) == (signature, rest)


def test_markup_of_sphinx_is_removed() -> None:
    assert (
        plain_text("Joins :attr:`x` with :class:`~torch.Tensor` and ``y``.") == "Joins `x` with `torch.Tensor` and `y`."
    )


def test_malformed_output_gives_no_documentation() -> None:
    for printed in ("", "hello", f"{MARKER}not json", f"{MARKER}[1]", f"{MARKER}3", '["a", "b", "c", "d"]'):
        assert read_documentation(Report(Ending.FINISHED, stdout=printed), "x") is None


@pytest.mark.parametrize(
    ("name", "address", "part"),
    [
        ("torch.cat", "torch.cat.html", "Concatenates"),
        ("nn.Linear", "torch.nn.Linear.html", "in_features"),
        ("x.reshape", "torch.Tensor.reshape.html", "shape"),
        ("F.relu", "torch.nn.functional.relu.html", "inplace"),
        ("double", "", "Return twice the value."),
        ("x", "", ""),
    ],
)
def test_sandbox_describes_names_in_scope(grader: Grader, name: str, address: str, part: str) -> None:
    given = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nx = torch.ones(2)\n"
    described = Card("a", "b", "?", given=given, trusted=True)
    above = 'def double(v):\n    """Return twice the value."""\n    return 2 * v\n'
    lines = [*above.split("\n"), name]
    found = read_documentation(grader.scratch(described, documentation_code(lines, len(lines) - 1, name)), name)
    assert found is not None
    assert found.address == (PAGE + address if address else "")
    assert part in found.signature + found.text


def test_unbound_name_has_no_documentation(grader: Grader) -> None:
    described = Card("a", "b", "?", trusted=True)
    report = grader.scratch(described, documentation_code(["missing"], 0, "missing"))
    assert read_documentation(report, "missing") is None


async def test_documentation_is_shown_over_the_answer_until_escape(
    make_harness: MakeHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = make_harness(card("a/one", starter="answer = torch.cat(("))
    output = MARKER + json.dumps(["torch.cat", "builtin", "(tensors, dim=0)", "Joins \x1b[2J tensors."])
    monkeypatch.setattr(harness.grader, "scratch", lambda card, answer: Report(Ending.FINISHED, stdout=output))
    async with open_app(harness, (100, 30), start_with=()) as (app, pilot):
        await pilot.press("f12")
        await until(pilot, lambda: "Joins \\x1b[2J tensors." in text(app))
        assert PAGE + "torch.cat.html" in text(app) and "torch.cat(tensors, dim=0)" in text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Joins" not in text(app))
        await pilot.press("s")
        assert "torch.cat((s" in text(app)


async def test_a_name_that_is_not_bound_is_reported(make_harness: MakeHarness) -> None:
    async with open_app(make_harness(card("a/one", starter="missing")), start_with=()) as (app, pilot):
        await pilot.press("f12")
        await until(pilot, lambda: "missing is not bound here" in text(app))
