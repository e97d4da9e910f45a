"""A verdict as text."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Check
from quizapp.grading.judge_protocol import Difference, Finding, Mismatch, Side
from quizapp.grading.verdict import CheckState, CheckVerdict, Outcome, Verdict
from quizapp.sandbox.protocol import Raised
from quizapp.text.labels import OUTCOME_LABELS, RULE_BROKEN
from quizapp.text.verdict_lines import Role, call_lines, explanation, full_trace, printed_lines, verdict_lines

NOTE = "`for` is not allowed on this card, and line 2 uses it."
AGREES, DIFFERS, DEFERRED = CheckState.AGREES, CheckState.DIFFERS, CheckState.DEFERRED


def verdict(outcome: Outcome, *states: CheckState, note: str = NOTE) -> Verdict:
    """Return a verdict on checks with these states."""
    checks = tuple(CheckVerdict(Check("y"), state) for state in states)
    return Verdict("deck/card", outcome, checks=checks, notes=(note,) if note else ())


@pytest.mark.parametrize("states", [(AGREES, AGREES), (AGREES, DEFERRED)])
def test_a_broken_rule_is_the_first_line_if_nothing_else_is_wrong(states: tuple[CheckState, ...]) -> None:
    broken = verdict(Outcome.WRONG, *states)
    assert list(verdict_lines(broken))[:2] == [str(RULE_BROKEN), f"  {NOTE}"]
    assert list(explanation(broken)) == [(Role.RULE, NOTE)]


@pytest.mark.parametrize(
    "other",
    [
        verdict(Outcome.WRONG, AGREES, DIFFERS),
        verdict(Outcome.WRONG, DEFERRED),
        verdict(Outcome.WRONG),
        verdict(Outcome.WRONG, AGREES, note=""),
        verdict(Outcome.PASSED, AGREES),
        verdict(Outcome.TIMEOUT, AGREES),
    ],
)
def test_any_other_verdict_begins_with_its_outcome(other: Verdict) -> None:
    assert next(verdict_lines(other)) == str(OUTCOME_LABELS[other.outcome])
    assert all(role is Role.NOTE for role, _ in explanation(other))


RUN = """x = torch.ones(2)
for i in range(2):
    x[i] += i
else:
    x = (
x)"""
LONG_SEE = "f(" + ", ".join(f"x{n}" for n in range(60)) + ")"


def sides(check: Check, expected: Side | None, got: Side | None, mismatch: Mismatch | None = None) -> list[str]:
    """Return the lines below the headline of a verdict with one check that differs."""
    finding = Finding(False, "it differs", expected=expected, got=got, mismatch=mismatch or Mismatch("it differs"))
    checked = CheckVerdict(check, DIFFERS, finding)
    return list(verdict_lines(Verdict("deck/card", Outcome.WRONG, checks=(checked,))))[1:]


THREE, FOUR = Side("float", "3.0"), Side("float", "4.0")


@pytest.mark.parametrize(
    ("raised", "last"),
    [
        (
            Raised("ZeroDivisionError", "division by zero", trace="  File …\n    1 / 0\n"),
            "ZeroDivisionError: division by zero",
        ),
        (
            Raised("SyntaxError", "invalid", trace="  File …\nSyntaxError: invalid syntax\n"),
            "SyntaxError: invalid syntax",
        ),
        (Raised("KeyError", "'a'"), "KeyError: 'a'"),
    ],
    ids=["runtime", "syntax", "no traceback"],
)
def test_a_traceback_ends_with_its_exception(raised: Raised, last: str) -> None:
    assert full_trace(raised).rstrip().splitlines()[-1] == last


def test_a_scalar_is_shown_once_with_its_type() -> None:
    mismatch = Mismatch("a different number", "value", 1, 1, (Difference((), "3", "4"),))
    assert sides(Check("a"), THREE, FOUR, mismatch) == [
        "✗ 1. a  it differs",
        "     expected  3.0 (float)",
        "          got  4.0 (float)",
    ]


@pytest.mark.parametrize(
    ("side", "lines"),
    [
        (Side("None", "None"), ["None"]),
        (Side("str", "'a b'"), ["'a b' (str)"]),
        (Side("Size", "torch.Size([2])"), ["torch.Size([2]) (Size)"]),
        (Side("ValueError", "ValueError: no such name"), ["ValueError: no such name"]),
        (Side("tensor", "tensor(2.5)", (), "float32", "cpu"), ["tensor float32 () cpu", "tensor(2.5)"]),
        (Side("str", repr("x" * 100)), ["str", repr("x" * 100)]),
        (Side("Series", "0  1\n1  2"), ["Series", "0  1", "1  2"]),
    ],
)
def test_a_short_value_shares_the_line_of_its_type(side: Side, lines: list[str]) -> None:
    shown = sides(Check("a"), side, None)[1:]
    assert [line.removeprefix("     expected").strip() for line in shown] == lines


def test_numbers_that_print_alike_are_shown_with_more_digits() -> None:
    same = Side("tensor", "tensor(2.5000)", (), "float32", "cpu")
    mismatch = Mismatch("the value differs", "value", 1, 1, (Difference((), "2.5", "2.50001"),))
    assert sides(Check("a"), same, same, mismatch)[-1] == "     expected 2.5, got 2.50001"


def test_the_statements_of_a_check_come_before_its_sides() -> None:
    assert sides(Check("x.sum()", run="x = f(1)"), THREE, FOUR)[:4] == [
        "✗ 1. x.sum()  it differs",
        "     >>> x = f(1)",
        "     >>> x.sum()",
        "     expected  3.0 (float)",
    ]


def test_a_long_expression_is_never_cut_nor_shown_twice() -> None:
    lines = sides(Check(LONG_SEE), THREE, FOUR)
    assert lines[0] == f"✗ 1. {LONG_SEE}  it differs"
    assert sum(LONG_SEE in line for line in lines) == 1


def test_a_call_that_the_error_shows_is_not_repeated() -> None:
    raised = Side("ValueError", "ValueError: no")
    check = CheckVerdict(Check("f(x)", run="x = 1"), DIFFERS, Finding(False, "no", expected=THREE, got=raised))
    failed = Verdict("d/c", Outcome.WRONG, checks=(check,), error=Raised("ValueError", "no"), call="x = 1\nf(x)")
    lines = list(verdict_lines(failed))
    assert [line.strip() for line in lines].count(">>> x = 1") == 1


def test_a_hidden_check_shows_neither_code_nor_values() -> None:
    mismatch = Mismatch("no", places=(Difference((0,), "31", "41"),), details=("index: 31",), diff=("+ 31",))
    lines = sides(Check("f(31)", run="x = 31", hidden=True), Side("int", "31"), Side("int", "41"), mismatch)
    assert lines == ["✗ 1. hidden check 1"]


def test_every_statement_has_a_prompt_and_other_lines_continue_it() -> None:
    lines = [">>> x = torch.ones(2)", ">>> for i in range(2):", "...     x[i] += i", "... else:", "...     x = ("]
    assert list(call_lines(f"{RUN}\nx")) == [*lines, "... x)", ">>> x"]


def test_a_diff_replaces_both_sides() -> None:
    note = "line 2, column 1: expected 'B', got 'b'"
    mismatch = Mismatch("no", places=(Difference((), "", "", note=note),), diff=("  a", "- b", "+ B"))
    assert sides(Check("stdout"), Side("str", r"'a\nB'"), Side("str", r"'a\nb'"), mismatch)[1:] == [
        f"     {note}",
        "     - got   + expected",
        "       a",
        "     - b",
        "     + B",
    ]


def test_cells_and_labels_of_a_frame_are_listed() -> None:
    cell = Difference((0, "price"), "3", "4", where="row 'b', column 'price'")
    mismatch = Mismatch("no", "value", 1, 9, (cell,), details=("index: missing 'c'",))
    table = Side("DataFrame", "  a\n0 1")
    assert sides(Check("df"), table, table, mismatch)[-3:] == [
        "     index: missing 'c'",
        "     1 of 9 elements differ",
        "     row 'b', column 'price': expected 3, got 4",
    ]


def test_the_output_is_bounded_where_asked() -> None:
    shown = Verdict("d/c", Outcome.PASSED, stdout="1\n2\n3\n", stderr="e\n")
    assert list(printed_lines(shown)) == ["printed:", "  1", "  2", "  3", "printed on stderr:", "  e"]
    assert list(printed_lines(shown, 2))[:4] == ["printed:", "  1", "  2", "  … 1 more line"]
