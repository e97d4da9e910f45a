"""The whole path of an answer in a real sandbox: card and text -> verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from quizapp.decks.card import Card, CardKind, Check, Equals, Wrong
from quizapp.errors import UntrustedError
from quizapp.grading.grader import Grader
from quizapp.grading.judge_protocol import Comparison, Finding
from quizapp.grading.verdict import CheckState, Outcome
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.sandbox.protocol import Limits, Machine
from quizapp.text.verdict_lines import verdict_lines

pytestmark = [pytest.mark.jail, pytest.mark.torch]


def card(solution: str, *checks: Check | str, **fields: Any) -> Card:
    wrapped = tuple(Check(check) if isinstance(check, str) else check for check in checks)
    return Card("deck", "card", "?", wrapped, solution=solution, preamble="import torch\n", trusted=True, **fields)


SUM = card("answer = x.sum(dim=0)", "answer", given="x = torch.arange(6.).reshape(2, 3)\n")


def test_the_reference_itself_passes(grader: Grader) -> None:
    verdict = grader.grade(SUM, SUM.solution)
    assert (verdict.outcome, verdict.score, verdict.points, verdict.of) == (Outcome.PASSED, 1.0, 1.0, 1.0)


def test_the_judge_is_asked_only_about_bytes_that_differ(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[int] = []
    compare = grader.compare

    def count_and_compare(comparisons: Sequence[Comparison], seconds: float = 30.0) -> list[Finding]:
        requests.append(len(comparisons))
        return compare(comparisons, seconds)

    monkeypatch.setattr(grader, "compare", count_and_compare)
    checked = card("a = 1.0\nb = 2.0", "a", "b")
    assert [check.agrees for check in grader.grade(checked, "a = 1.0 + 1e-12\nb = 2.0").checks] == [True, True]
    assert [check.agrees for check in grader.grade(checked, "a = 1.0\nb = 3.0").checks] == [True, False]
    assert requests[:2] == [1, 1]


def test_other_code_with_the_same_values_passes(grader: Grader) -> None:
    assert grader.grade(SUM, "answer = torch.ones(2) @ x").passed


def test_a_wrong_value_is_wrong_and_shows_both_sides(grader: Grader) -> None:
    verdict = grader.grade(SUM, "answer = x.sum(dim=0) + torch.tensor([0., 1., 0.])")
    assert (verdict.outcome, verdict.score) == (Outcome.WRONG, 0.0)
    finding = verdict.checks[0].finding
    assert finding and finding.got and finding.expected and finding.mismatch
    assert (finding.got.shape, finding.got.dtype, finding.got.device) == ((3,), "float32", "cpu")
    assert (finding.mismatch.differing, finding.mismatch.total) == (1, 3)
    assert finding.mismatch.places[0].index == (1,)
    assert finding.mismatch.largest_absolute == pytest.approx(1.0)


def test_an_error_names_its_line_and_reaches_no_check(grader: Grader) -> None:
    verdict = grader.grade(SUM, "a = 1\nanswer = x.sum(dim=5)")
    assert verdict.outcome is Outcome.ERROR
    assert verdict.error and (verdict.error.type, verdict.error.line) == ("IndexError", 2)
    assert verdict.checks[0].state is CheckState.NOT_REACHED


def test_code_that_does_not_parse_is_an_error_with_its_line(grader: Grader) -> None:
    verdict = grader.grade(SUM, "answer = (")
    assert verdict.outcome is Outcome.ERROR
    assert verdict.error and (verdict.error.type, verdict.error.line) == ("SyntaxError", 1)


def test_an_answer_that_binds_nothing_is_wrong_not_an_error(grader: Grader) -> None:
    assert grader.grade(SUM, "pass").outcome is Outcome.WRONG


def test_a_check_that_reads_raised_runs_after_an_error(grader: Grader) -> None:
    checked = card("torch.zeros(2) @ torch.zeros(3)", "raised")
    assert grader.grade(checked, "torch.ones(4) @ torch.ones(5)").passed
    assert grader.grade(checked, "1 / 0").outcome is Outcome.WRONG


def test_points_of_the_checks_that_agree_make_the_score(grader: Grader) -> None:
    checked = card("a = 1\nb = 2", Check("a", points=3), Check("b"))
    verdict = grader.grade(checked, "a = 1\nb = 3")
    assert (verdict.points, verdict.of, verdict.score) == (3.0, 4.0, 0.75)


def test_a_literal_stands_in_for_the_reference(grader: Grader) -> None:
    checked = card("", Check("answer", equals=Equals([[1, 2]], "tensor", "int64")))
    assert grader.grade(checked, "answer = torch.tensor([[1, 2]])").passed
    assert not grader.grade(checked, "answer = torch.tensor([[1., 2.]])").passed


def test_values_of_the_first_trial_fail_the_others(grader: Grader) -> None:
    checked = card("y = x * 2", "y", given="x = torch.randint(0, 1000, (3,))\n", trials=3)
    copied = f"y = torch.tensor({grader.scratch(checked, 'print((x * 2).tolist())').stdout.strip()})"
    assert grader.grade(replace(checked, trials=1), copied).passed
    assert grader.grade(checked, checked.solution).passed
    assert grader.grade(checked, copied).outcome is Outcome.WRONG


def test_a_known_wrong_answer_is_recognised_by_its_values(grader: Grader) -> None:
    checked = replace(
        SUM, wrong=(Wrong("answer = x.sum(dim=1)", "You summed each row."), Wrong("answer = x", "No sum."))
    )
    assert grader.grade(checked, "answer = x @ torch.ones(3)").says == "You summed each row."
    assert grader.grade(checked, "answer = x.mean(dim=0)").says is None


def test_a_known_error_is_recognised(grader: Grader) -> None:
    checked = replace(SUM, wrong=(Wrong("answer = x.sum(dim=2)", "There is no third dimension."),))
    assert grader.grade(checked, "q = x.sum(dim=2)").says == "There is no third dimension."
    assert grader.grade(checked, "q = undefined_name").says is None


@pytest.mark.parametrize(
    ("code", "limits", "outcome"),
    [
        ("while True: pass", Limits(seconds=0.5), Outcome.TIMEOUT),
        ("import time\ntime.sleep(60)", Limits(seconds=0.5), Outcome.TIMEOUT),
        ("while True: print('x' * 1000)", Limits(), Outcome.OUTPUT),
        ("x = torch.ones(1 << 29)\nimport time\ntime.sleep(9)", Limits(memory=256 << 20), Outcome.MEMORY),
        ("import os\nos._exit(0)", Limits(), Outcome.CRASHED),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", Limits(), Outcome.CRASHED),
    ],
)
def test_a_run_that_breaks_a_limit_says_which(grader: Grader, code: str, limits: Limits, outcome: Outcome) -> None:
    verdict = grader.grade(replace(SUM, limits=limits), code)
    assert verdict.outcome is outcome
    assert grader.grade(SUM, SUM.solution).passed


def test_neither_an_exit_code_nor_printed_text_passes_a_card(grader: Grader) -> None:
    for code in ("raise SystemExit(0)", "print('passed')", "import sys\nsys.exit(0)", "print('{\"agrees\": true}')"):
        assert not grader.grade(SUM, code).passed


def test_a_forbidden_function_does_not_pass_however_it_is_called(grader: Grader) -> None:
    checked = card(
        "e = x.exp()\ny = e / e.sum(0)",
        "y",
        given="x = torch.randn(4)\n",
        forbid=("torch.softmax", "torch.nn.functional.softmax", ".softmax"),
    )
    assert grader.grade(checked, checked.solution).passed
    for code in (
        "y = torch.softmax(x, 0)",
        "from torch import softmax as s\ny = s(x, 0)",
        "y = x.softmax(0)",
        "import torch.nn.functional as F\ny = getattr(F, 'soft' + 'max')(x, 0)",
    ):
        verdict = grader.grade(checked, code)
        assert (verdict.outcome, verdict.score) == (Outcome.WRONG, 0.0), code
        assert verdict.notes


def test_forbidden_syntax_is_reported(grader: Grader) -> None:
    checked = card("y = x.sum()", "y", given="x = torch.ones(3)\n", forbid=("for",), require=("import",))
    verdict = grader.grade(checked, "y = torch.stack([v for v in x]).sum()")
    assert verdict.outcome is Outcome.WRONG
    assert len(verdict.notes) == 2


def test_without_a_gpu_a_cuda_check_is_deferred(grader: Grader) -> None:
    if grader.sandbox.wait(None).cuda:
        pytest.skip("this machine has a GPU")
    checked = card("y = torch.ones(2)", Check("y"), Check("y.to(device).device.type", device="cuda", points=5))
    verdict = grader.grade(checked, "y = torch.ones(2)")
    assert (verdict.outcome, verdict.of) == (Outcome.PASSED, 1.0)
    assert verdict.checks[1].state is CheckState.DEFERRED
    only = card("y = 1", Check("device", device="cuda"))
    assert grader.grade(only, "y = 1").outcome is Outcome.DEFERRED
    on_cuda = Check("x.device", device="cuda")
    predicted = card("", on_cuda, kind=CardKind.PREDICT, given="x = torch.ones(2, device=device)\n")
    verdict = grader.grade(predicted, "cuda:0")
    assert (verdict.outcome, [check.state for check in verdict.checks]) == (Outcome.DEFERRED, [CheckState.DEFERRED])
    assert grader.reveal(predicted) is None


def test_an_error_in_a_check_is_recognised_by_its_message(grader: Grader) -> None:
    wrong = Wrong("def f(x):\n    raise ValueError('rows')", "That counts rows.")
    checked = card("def f(x):\n    return x", "f(x)", given="x = torch.ones(2)", wrong=(wrong,))
    assert grader.grade(checked, wrong.code).says == "That counts rows."
    assert grader.grade(checked, wrong.code.replace("rows", "columns")).says is None


@pytest.mark.parametrize(
    ("see", "typed", "passes"),
    [
        ("x.shape", "(2, 3)", True),
        ("x.shape", "torch.Size([2, 3])", True),
        ("x.shape", "[2, 3]", True),
        ("x.shape", "(3, 2)", False),
        ("x.dtype", "float32", True),
        ("x.dtype", "torch.float64", False),
        ("x.sum(1)", "tensor([3., 12.])", True),
        ("x.sum(1)", "[3, 12]", True),
        ("x.sum(1)", "[3, 13]", False),
        ("x.sum(7)", "IndexError", True),
        ("x.sum(7)", "TypeError", False),
        ("stdout", "hello", True),
        ("'a' + 'b'", "'ab'", True),
        ("len(x)", "2", True),
        ("len(x) == 2", "1", False),
        ("len(x)", "__import__('os')", False),
    ],
)
def test_predictions_are_read_and_never_run(grader: Grader, see: str, typed: str, passes: bool) -> None:
    checked = card("", see, kind=CardKind.PREDICT, given="x = torch.arange(6.).reshape(2, 3)\nprint('hello')\n")
    assert grader.grade(checked, typed).passed is passes


def test_the_exception_of_a_given_can_be_predicted(grader: Grader) -> None:
    checked = card("", "y", kind=CardKind.PREDICT, given="y = torch.zeros(2) + torch.zeros(3)\n")
    assert grader.grade(checked, "RuntimeError").passed
    assert not grader.grade(checked, "ValueError").passed


def test_the_predicted_value_is_revealed(grader: Grader) -> None:
    shape = grader.reveal(card("", "x.shape", kind=CardKind.PREDICT, given="x = torch.zeros(2, 3)\n"))
    assert shape is not None and "2, 3" in shape.text
    error = grader.reveal(card("", "y", kind=CardKind.PREDICT, given="y = torch.zeros(2) + torch.zeros(3)\n"))
    assert error is not None and error.kind == "RuntimeError"


def test_a_known_wrong_prediction_is_recognised(grader: Grader) -> None:
    checked = card("", "3 / 2", kind=CardKind.PREDICT, wrong=(Wrong("1", "That is floor division."),))
    assert grader.grade(checked, " 1 ").says == "That is floor division."


def test_a_working_order_passes_and_other_lines_do_not(grader: Grader) -> None:
    checked = card("a = 1\nb = 2\nc = a + b\n", "c", kind=CardKind.ORDER)
    assert grader.grade(checked, "b = 2\na = 1\nc = a + b\n").passed
    assert grader.grade(checked, "c = 3").outcome is Outcome.WRONG
    assert grader.grade(checked, "c = a + b\na = 1\nb = 2").outcome is Outcome.ERROR


def test_a_failing_reference_is_an_internal_error(grader: Grader) -> None:
    broken = card("y = undefined", "y")
    verdict = grader.grade(broken, "y = 1")
    assert verdict.outcome is Outcome.INTERNAL
    assert "NameError" in verdict.detail


def test_an_unconfined_sandbox_does_not_run_untrusted_cards() -> None:
    class Weak:
        def wait(self, timeout: float | None = None) -> Machine:
            return Machine("3", "2", None, "process")

    untrusted = replace(SUM, trusted=False)
    with pytest.raises(UntrustedError):
        Grader(Weak()).grade(untrusted, "")  # type: ignore[arg-type]


def test_a_deferred_verdict_says_why_cuda_did_not_start() -> None:
    class BrokenGpu:
        def wait(self, timeout: float | None = None) -> Machine:
            return Machine("3", "2", None, "full", cuda_problem="no library `libcuda.so.1`")

    needs_gpu = card("y = 1", Check("y", device="cuda"), kind=CardKind.PREDICT)
    verdict = Grader(BrokenGpu()).grade(needs_gpu, "1")  # type: ignore[arg-type]
    assert verdict.outcome is Outcome.DEFERRED
    assert "CUDA did not start: no library `libcuda.so.1`" in "\n".join(verdict_lines(verdict))


def test_a_hidden_check_counts_and_is_not_in_the_output(grader: Grader) -> None:
    checked = card("y = 7.25\nz = 1", Check("z"), Check("y * 12345", hidden=True))
    verdict = grader.grade(checked, "y = 8\nz = 1")
    shown = str(verdict_as_json(verdict)) + "\n".join(verdict_lines(verdict))
    assert verdict.score == 0.5
    assert "12345" not in shown and str(7.25 * 12345) not in shown


def test_an_automatic_tolerance_accepts_another_order_of_summation(grader: Grader) -> None:
    fair = card("y = a @ b", Check("y", rtol="auto"), given="a, b = torch.randn(512, 512), torch.randn(512, 512)\n")
    blocks = "y = sum(a[:, i:i + 8] @ b[i:i + 8] for i in range(0, 512, 8))"
    assert grader.grade(fair, blocks).passed
    assert not grader.grade(replace(fair, checks=(Check("y"),)), blocks).passed
    assert not grader.grade(fair, "y = a @ b\ny[3, 4] += 0.01").passed
    assert not grader.grade(fair, "y = (a @ b).double()").passed
