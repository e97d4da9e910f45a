"""Cards with checks that need a GPU, on a machine without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.audit.deck_check import CheckReport, check_paths
from quizapp.audit.prove import Depth
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Machine, Report, Run
from tests.decks.making import deck_text, write


class SandboxWithoutGpu:
    """The sandbox of the test session, as on a machine without a GPU."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def wait(self, timeout: float | None = None) -> Machine:
        return replace(self.sandbox.wait(timeout), cuda=None)

    def submit(self, run: Run) -> Report:
        assert run.device == "cpu"
        return self.sandbox.submit(run)

    def judge(self, request: bytes, seconds: float) -> bytes:
        return self.sandbox.judge(request, seconds)

    def cancel(self) -> None:
        self.sandbox.cancel()


CheckCard = Callable[..., CheckReport]


@pytest.fixture
def check_card(sandbox: Sandbox, tmp_path: Path) -> CheckCard:
    """Return a function that checks a deck with one card, with cached proofs and without a GPU."""

    def write_and_check(card: str, mutants: bool = False) -> CheckReport:
        text = deck_text(f"id: a\nquestion: q\n{card}").replace("cards:\n", "preamble: import torch\ncards:\n", 1)
        grader = Grader(SandboxWithoutGpu(sandbox), trust=True)
        path = write(tmp_path / "decks", text, "d.yaml")
        return check_paths([path], grader, depth=Depth(mutants, 0), proof_folder=tmp_path / "proofs")

    return write_and_check


def kinds(report: CheckReport) -> list[tuple[str, str]]:
    return [(problem.kind, problem.severity) for problem in report.problems]


ONLY_CUDA = "checks: [{see: out, device: cuda}]\n"


def test_a_card_that_nothing_proved_is_not_clean_without_saying_so(check_card: CheckCard) -> None:
    report = check_card(f"given: x = torch.ones(3)\nsolution: out = x.to(device)\n{ONLY_CUDA}")
    assert kinds(report) == []
    (unproved,) = report.unproved
    assert (unproved.card, unproved.checks, unproved.total, unproved.line) == ("d/a", ("out",), 1, 9)


def test_a_cached_proof_claims_no_more_than_the_first(check_card: CheckCard) -> None:
    card = f"given: x = torch.ones(3)\nsolution: out = y.to(device)\n{ONLY_CUDA}"
    first, second = check_card(card), check_card(card)
    assert (first.runs > 0, second.runs, second.proved) == (True, 0, 1)
    assert second.unproved == first.unproved != ()
    assert second.problems == first.problems and kinds(second) == [("undefined-name", "error")]


def test_a_card_of_cpu_checks_is_proved_as_before(check_card: CheckCard) -> None:
    report = check_card("solution: out = 1\nchecks: [out]\n")
    assert (kinds(report), report.unproved) == ([], ())


GIVEN = {
    "code that runs": ("x = torch.ones(3, device=device)", []),
    "a wrong shape": ("x = torch.ones(3).reshape(2, 2)", [("given-raises", 7)]),
    "an undefined name": ("x = torch.cuda.device_count() + y", [("given-raises", 7)]),
    "a call of cuda": ("x = torch.ones(3).cuda()", []),
    "a device in a statement of several lines": ("|\n      x = torch.ones(\n          3, device='cuda')", []),
    "the consequence of a missing device": (
        "|\n      sizes = [torch.ones(i) for i in range(torch.cuda.device_count())]\n      x = sizes[0]",
        [],
    ),
    "an error before the first use of a device": (
        "|\n      x = [][0]\n      y = torch.ones(3).cuda()",
        [("given-raises", 8)],
    ),
    "code that is too slow on the CPU": ("'while True: pass'\nlimits: {seconds: 0.3}", []),
}


@pytest.mark.parametrize("name", GIVEN)
def test_given_code_that_fails_without_a_gpu_only_is_no_error(name: str, check_card: CheckCard) -> None:
    given, expected = GIVEN[name]
    report = check_card(f"given: {given}\nsolution: out = 1\n{ONLY_CUDA}")
    assert [(problem.kind, problem.line) for problem in report.problems] == expected
    assert [unproved.card for unproved in report.unproved] == ["d/a"]


def test_a_preamble_that_raises_is_an_error(sandbox: Sandbox, tmp_path: Path) -> None:
    text = deck_text(f"id: a\nquestion: q\nsolution: out = 1\n{ONLY_CUDA}")
    path = write(tmp_path, text.replace("cards:\n", "preamble: import no_such_module\ncards:\n", 1))
    report = check_paths([path], Grader(SandboxWithoutGpu(sandbox), trust=True), depth=Depth(False, 0))
    (problem,) = report.problems
    assert (problem.kind, problem.severity) == ("given-raises", "error")
    assert problem.message.startswith("the preamble raises ModuleNotFoundError")


MIXED = """
given: x = torch.ones(3)
starter: y = x
solution: y = x + 1
wrong: [y = x + 2]
checks:
  - y.shape
  - {see: (y * 2).to(device), device: cuda}
"""


def test_an_answer_that_only_a_cuda_check_could_fail_is_neither_right_nor_wrong(check_card: CheckCard) -> None:
    report = check_card(MIXED, mutants=True)
    assert kinds(report) == []
    assert [unproved.checks for unproved in report.unproved] == [("(y * 2).to(device)",)]
    assert report.mutants["d"].killed == report.mutants["d"].made


def test_what_the_cpu_disproves_is_an_error_in_spite_of_a_cuda_check(check_card: CheckCard) -> None:
    report = check_card(MIXED.replace("wrong:", "accept: [y = 1]\nwrong:"))
    assert kinds(report) == [("accept-fails", "error")]
    assert len(report.unproved) == 1


def test_names_of_a_cuda_check_are_looked_up(check_card: CheckCard) -> None:
    report = check_card(MIXED.replace("(y * 2)", "(Y * 2)"))
    assert [(problem.kind, problem.line, problem.hint) for problem in report.problems] == [
        ("undefined-name", 14, "did you mean `y`?")
    ]


@pytest.mark.parametrize("given", ["x = torch.ones(2, device='cuda')", "x = [][0]"])
def test_a_prediction_that_needs_a_gpu_is_not_proved(given: str, check_card: CheckCard) -> None:
    report = check_card(f"kind: predict\ngiven: {given}\nchecks: [{{see: x.device, device: cuda}}]\n")
    assert kinds(report) == []
    assert [unproved.checks for unproved in report.unproved] == [("x.device",)]
