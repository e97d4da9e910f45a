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
from quizapp.grading.judge_protocol import Finding, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.text.labels import RULE_BROKEN
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
    "linear/weight-not-transposed",
    "attention/divided-by-d",
    "pooling/mean-for-maximum",
    "frame_labels/index-not-reset",
    "groups/median-of-groups",
    "types/sparse-for-dense",
    "search/item-of-a-tuple",
    "search/values-of-a-dict-exchanged",
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


LONG_SEE = "f(" + ", ".join(f"x{number}" for number in range(30)) + ")"
LONG_CHECK = CheckVerdict(
    Check(LONG_SEE), CheckState.DIFFERS, Finding(False, "a different number", expected=Side("int", "1"))
)


async def show(verdict: Verdict, size: tuple[int, int], *, compares: bool = False) -> str:
    """Return the verdict pane as text on a screen of this size."""
    app = VerdictApp()
    async with app.run_test(size=size) as pilot:
        app.query_one(VerdictPane).show(verdict, compares=compares)
        await pilot.pause()
        return text(app)


def joined(shown: str) -> str:
    """Return the text of the pane without line breaks and blanks."""
    return "".join(shown.split())


async def test_the_expression_of_a_check_is_wrapped_and_not_cut() -> None:
    shown = await show(Verdict("d/c", Outcome.WRONG, of=1.0, checks=(LONG_CHECK,)), (80, 24))
    assert joined(LONG_SEE) in joined(shown)
    assert "expected  " not in shown


@pytest.mark.parametrize("compares", [False, True])
async def test_expected_and_got_are_shown_at_once_if_asked_for(compares: bool) -> None:
    verdict = Verdict("d/c", Outcome.WRONG, of=1.0, checks=(LONG_CHECK,))
    assert ("expected  " in await show(verdict, SIZE, compares=compares)) is compares


async def test_code_that_the_list_shows_in_full_is_repeated_only_with_its_sides() -> None:
    verdict = Verdict("d/c", Outcome.WRONG, of=1.0, checks=(replace(LONG_CHECK, check=Check("answer")),))
    assert ">>> answer" not in await show(verdict, SIZE)
    assert ">>> answer" in await render(verdict)


@pytest.mark.parametrize(("height", "is_shown"), [(9, False), (24, True)])
async def test_the_output_is_below_the_verdict_where_there_is_room(height: int, is_shown: bool) -> None:
    printed = "".join(f"{number}\n" for number in range(100, 200))
    shown = await show(Verdict("d/c", Outcome.PASSED, of=1.0, stdout=printed), (80, height))
    assert ("printed:" in shown, "100" in shown, "88 more lines" in shown) == (is_shown,) * 3


async def test_the_first_line_is_never_cut() -> None:
    checks = (CheckVerdict(Check("answer"), CheckState.AGREES),)
    verdict = Verdict("d/c", Outcome.WRONG, points=1.0, of=1.0, checks=checks, notes=("No.",), seconds=1.0)
    shown = await show(verdict, (40, 12))
    assert joined(f"{RULE_BROKEN} 1 of 1 points · 1.00 s") in joined(shown)


def test_every_table_has_a_golden_file() -> None:
    assert {name.partition("/")[0] for name in NAMES} == {name.partition("/")[0] for name in CASES}
