"""The verdict pane for each table of mistakes, with the judge's real findings.

Set PTQUIZ_UPDATE_GOLDEN=1 to update the golden files.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from quizapp.decks.card import Check
from quizapp.grading.error_causes import explain_error
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from tests.grading.judge.diagnosis.mistakes.cases import all_cases, finding_of
from tests.tui.harness import error_verdict, text

GOLDEN = Path(__file__).parents[1] / "golden"
SIZE = (100, 36)
LONG_FLOAT = re.compile(r"-?\d+\.\d{5,}")
CASES = {case.name: case for case in all_cases()}
NAMES = (
    "shapes/transposed",
    "shapes/permuted",
    "shapes/kept-dimension",
    "shapes/flattened",
    "combination/broadcast-loss",
    "wrong_dimension/summed-along-other",
    "wrong_dimension/softmax-along-other",
    "misaligned/means-without-keepdim",
    "wrong_dimension/biased-variance",
    "steps/log-softmax-missing",
    "combination/swapped-factors",
    "orders/rolled-back",
    "wrong_dimension/sorted-in-opposite-order",
    "orders/one-short-at-end",
    "combination/stacked-along-other",
    "slicing/neighbouring-column",
    "elements/attention-not-scaled",
    "elements/exp-missing",
    "elements/constant-scale-or-shift",
    "elements/rounded",
    "offsets/bias-of-a-linear-layer",
    "masks/mask-inverted",
    "masks/wrong-triangle",
    "regions/one-row",
    "regions/nan-in-some-elements",
    "types/dtype-double",
    "types/list-for-tensor",
    "casts/cast-to-half-and-back",
    "effects/graph-cut",
    "effects/view-for-copy",
    "effects/changed-in-place",
    "plain_values/shape-transposed",
    "search/item-of-a-tuple",
    "no_diagnosis/random-matrix",
)


class VerdictApp(App[None]):
    """An app with a verdict pane only."""

    def compose(self) -> ComposeResult:
        yield VerdictPane()


async def render(verdict: Verdict) -> str:
    """Return the verdict pane as text, with both sides of the first differing check open."""
    app = VerdictApp()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(VerdictPane)
        pane.show(verdict)
        pane.toggle_sides()
        await pilot.pause()
        return text(app)


def assert_golden(shown: str, name: str) -> None:
    file = GOLDEN / f"mistake-{name}.txt"
    if os.environ.get("PTQUIZ_UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert round_floats(shown) == round_floats(file.read_text(encoding="utf-8"))


def round_floats(shown: str) -> str:
    """Round to 3 significant digits: the last digits of a matrix product depend on the CPU."""
    return LONG_FLOAT.sub(lambda match: f"{float(match[0]):.3g}", shown)


def verdict_of(name: str, *, hidden: bool = False) -> Verdict:
    """Return the verdict on one mistake of the tables."""
    case = CASES[name]
    check = CheckVerdict(Check(case.see, hidden=hidden), CheckState.DIFFERS, finding_of(case, hidden=hidden))
    return Verdict("deck/card", Outcome.WRONG, 0.0, 0.0, 1.0, (check,), tier="full")


@pytest.mark.parametrize("name", NAMES)
async def test_a_mistake_matches_its_golden_file(name: str) -> None:
    assert_golden(await render(verdict_of(name)), name.replace("/", "-"))


async def test_a_hidden_mistake_shows_its_kind_but_no_value() -> None:
    shown = await render(verdict_of("elements/scaled-by-something", hidden=True))
    assert "7.25" not in shown
    assert_golden(shown, "hidden")


async def test_an_error_is_shown_with_its_cause() -> None:
    verdict = error_verdict()
    assert verdict.error is not None
    error = replace(verdict.error, shapes=(("x", "float32 (2, 3)"),), column=9, end_column=14)
    verdict = replace(verdict, error=error, cause=explain_error(error), card="deck/card")
    assert_golden(await render(verdict), "error")


async def test_a_broken_rule_is_shown_above_the_checks() -> None:
    checks = tuple(CheckVerdict(Check(see), CheckState.AGREES) for see in ("answer", "answer.shape"))
    note = "`for` is not allowed on this card, and line 2 uses it."
    assert_golden(await render(Verdict("deck/card", Outcome.WRONG, of=2.0, checks=checks, notes=(note,))), "rule")


def test_every_table_has_a_golden_file() -> None:
    assert {name.partition("/")[0] for name in NAMES} == {name.partition("/")[0] for name in CASES}
