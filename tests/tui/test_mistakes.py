"""The verdict pane for each family of mistakes, with what the judge really says of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from quizapp.decks.card import Check
from quizapp.grading.error_causes import cause_of
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.tui.study.panes.verdict_pane import VerdictPane
from tests.grading.judge.diagnosis.mistakes.cases import all_cases, finding_of
from tests.tui.harness import raised, text

GOLDEN = Path(__file__).parent / "golden"
SIZE = (100, 36)
CASES = {case.name: case for case in all_cases()}
SHOWN = (
    "shapes/transposed",
    "shapes/permuted",
    "shapes/kept-dimension",
    "shapes/flattened",
    "shapes/broadcast-loss",
    "along/summed-along-other",
    "along/softmax-along-other",
    "along/means-without-keepdim",
    "along/biased-variance",
    "along/log-softmax-missing",
    "along/product-other-way-round",
    "orders/rolled-back",
    "orders/sorted-other-way",
    "orders/one-short-at-end",
    "orders/stacked-along-other",
    "orders/column-for-column",
    "elements/attention-not-scaled",
    "elements/exp-missing",
    "elements/constant-scale-or-shift",
    "elements/rounded",
    "masks/mask-inverted",
    "masks/other-triangle",
    "regions/one-row",
    "regions/nan-in-places",
    "kinds/dtype-double",
    "kinds/list-for-tensor",
    "kinds/went-through-half",
    "effects/graph-cut",
    "effects/view-for-copy",
    "effects/changed-in-place",
    "nameless/random-matrix",
)


class Bare(App[None]):
    """The pane and nothing else."""

    def compose(self) -> ComposeResult:
        yield VerdictPane()


async def drawn(verdict: Verdict) -> str:
    app = Bare()
    async with app.run_test(size=SIZE) as pilot:
        pane = app.query_one(VerdictPane)
        pane.show(verdict)
        pane.chosen()
        await pilot.pause()
        return text(app)


def compared(shown: str, name: str) -> None:
    file = GOLDEN / f"mistake-{name}.txt"
    if os.environ.get("PTQUIZ_UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def verdict_of(name: str, *, hidden: bool = False) -> Verdict:
    """The verdict on one mistake of the tables."""
    case = CASES[name]
    check = CheckVerdict(Check(case.see, hidden=hidden), CheckState.DIFFERS, finding_of(case, hidden=hidden))
    return Verdict("deck/card", Outcome.WRONG, 0.0, 0.0, 1.0, (check,), tier="full")


@pytest.mark.parametrize("name", SHOWN)
async def test_a_mistake_is_shown_as_it_was(name: str) -> None:
    shown = await drawn(verdict_of(name))
    compared(shown, name.replace("/", "-"))


async def test_a_hidden_mistake_shows_its_kind_and_no_value() -> None:
    verdict = verdict_of("elements/scaled-by-something", hidden=True)
    shown = await drawn(verdict)
    assert "7.25" not in shown
    compared(shown, "hidden")


async def test_an_error_is_shown_with_its_cause() -> None:
    verdict = raised()
    assert verdict.error is not None
    error = replace(verdict.error, shapes=(("x", "float32 (2, 3)"),), column=9, end_column=14)
    verdict = replace(verdict, error=error, cause=cause_of(error), card="deck/card")
    compared(await drawn(verdict), "error")


def test_every_family_of_the_tables_is_shown() -> None:
    assert {name.partition("/")[0] for name in SHOWN} == {name.partition("/")[0] for name in CASES}
