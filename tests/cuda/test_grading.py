"""Checks with `device: cuda` are graded on the device, and mistakes about devices are diagnosed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.decks.card import CardKind, Check
from quizapp.grading.grader import Grader
from quizapp.grading.mistake import Mistake
from quizapp.grading.verdict import CheckState, Outcome
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Limits
from tests.cuda.device_runs import ON_CUDA, cuda_card

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

DOUBLED = cuda_card("y = x.to(device) * 2")
ANSWERS = {
    "right": ("y = 2 * x.cuda()", Outcome.PASSED, None),
    "left on the CPU": ("y = 2 * x", Outcome.WRONG, Mistake.DEVICE),
    "mixed devices": ("y = x.to(device) * torch.full((4,), 2.0)", Outcome.ERROR, Mistake.DEVICE_MISMATCH),
    "to NumPy": ("y = torch.from_numpy(x.to(device).numpy()) * 2", Outcome.ERROR, Mistake.NUMPY_DEVICE),
}


@pytest.fixture
def grader(sandbox: Sandbox) -> Grader:
    return Grader(sandbox, trust=True)


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_on_the_device_has_its_outcome_and_its_mistake(case: str, grader: Grader) -> None:
    answer, outcome, mistake = ANSWERS[case]
    verdict = grader.grade(DOUBLED, answer)
    assert (verdict.outcome, verdict.mistake) == (outcome, mistake), (verdict.error, verdict.detail, verdict.notes)


def test_a_wrong_value_on_the_device_is_wrong_and_not_blamed_on_the_device(grader: Grader) -> None:
    verdict = grader.grade(DOUBLED, "y = x.to(device) * 3")
    assert (verdict.outcome, verdict.score, [check.state for check in verdict.checks]) == (
        Outcome.WRONG,
        0.0,
        [CheckState.DIFFERS],
    )
    assert verdict.mistake is not Mistake.DEVICE


def test_the_diagnosis_of_a_tensor_left_on_the_cpu_names_its_device(grader: Grader) -> None:
    diagnosis = grader.grade(DOUBLED, "y = x * 2").diagnosis
    assert diagnosis and "the values are right, but the device is cpu" in diagnosis


def test_checks_of_both_devices_are_run_each_on_its_own(grader: Grader) -> None:
    card = cuda_card("y = x.to(device) * 2", (Check("y"), Check("y", device="cuda")))
    assert grader.grade(card, "y = (x + x).to(device)").passed
    verdict = grader.grade(card, "y = x + x")
    assert (verdict.score, [check.state for check in verdict.checks]) == (0.5, [CheckState.AGREES, CheckState.DIFFERS])


def test_a_device_without_an_index_agrees_with_the_first(grader: Grader) -> None:
    card = cuda_card("y = torch.device('cuda')")
    assert grader.grade(card, "y = torch.ones(1, device=device).device").passed
    assert grader.grade(card, "y = torch.device('cuda:0')").passed
    assert grader.grade(card, "y = torch.device('cpu')").outcome is Outcome.WRONG


@pytest.mark.parametrize(
    ("prediction", "outcome"),
    [
        ("device(type='cuda', index=0)", Outcome.PASSED),
        ("torch.device('cuda')", Outcome.PASSED),
        ("torch.device('cpu')", Outcome.WRONG),
    ],
)
def test_a_prediction_is_compared_with_a_value_of_the_device(prediction: str, outcome: Outcome, grader: Grader) -> None:
    check = Check("y.device", device="cuda")
    card = cuda_card("", (check,), kind=CardKind.PREDICT, given="y = torch.ones(2).to(device)")
    assert grader.grade(card, prediction).outcome is outcome


def test_an_answer_that_exhausts_the_device_ends_as_memory_and_the_next_passes(grader: Grader) -> None:
    verdict = grader.grade(DOUBLED, "x = x.to(device)\ny = torch.empty(10**12, dtype=torch.uint8, device=device)")
    assert (verdict.outcome, verdict.line) == (Outcome.MEMORY, 2), (verdict.error, verdict.detail)
    assert grader.grade(DOUBLED, "y = x.to(device) * 2").passed


def test_an_endless_answer_on_the_device_times_out_and_the_next_passes(grader: Grader) -> None:
    card = cuda_card("y = x.to(device) * 2", limits=Limits(seconds=2.0))
    assert grader.grade(card, "y = x.to(device)\nwhile True: y = y * 2").outcome is Outcome.TIMEOUT
    assert grader.grade(card, "y = x.to(device) * 2").passed


def test_an_index_out_of_range_on_the_device_is_an_error_of_its_line_and_the_next_passes(grader: Grader) -> None:
    verdict = grader.grade(DOUBLED, "i = torch.tensor([9], device=device)\ny = x.to(device)[i]")
    assert (verdict.outcome, verdict.line) == (Outcome.ERROR, 2), (verdict.error, verdict.detail)
    assert grader.grade(DOUBLED, "y = x.to(device) * 2").passed


def test_two_cards_are_graded_at_the_same_time(grader: Grader) -> None:
    start = threading.Barrier(2, timeout=60)

    def grade(factor: int) -> list[Outcome]:
        card = cuda_card(f"y = x.to(device) * {factor}", ON_CUDA)
        start.wait()
        return [grader.grade(card, answer).outcome for answer in (f"y = {factor} * x.to(device)", "y = x.to(device)")]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(grade, (2, 3))) == [[Outcome.PASSED, Outcome.WRONG]] * 2
