"""What an answer can cost the app and the judge: its text, its values, and their number."""

from __future__ import annotations

import ast
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

import quizapp
from quizapp.decks.card import Card
from quizapp.grading import grader as grading
from quizapp.grading.answer_rules.qualified_names import find_aliases, find_uses, parse_or_none
from quizapp.grading.grader import Grader
from quizapp.grading.judge.compare.compare import equality_key
from quizapp.grading.judge.compare.mismatch import ComparisonOptions
from quizapp.grading.judge_protocol import Comparison, Finding, pack_findings, unpack_comparisons
from quizapp.grading.judge_requests import TOO_EXPENSIVE, request_findings
from quizapp.grading.report_cache import ReportCache
from quizapp.grading.runs import loaded_names
from quizapp.grading.scoring import Trial, build_verdict
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.sandbox.client import JudgeFailed, Sandbox
from quizapp.sandbox.frames import MAX_FACTS, BadFrame, FrameBuffer, FrameKind, pack
from quizapp.sandbox.own_frames import hide_own_frames
from quizapp.sandbox.protocol import Ending, Machine, Observation, Raised, Report, Run
from quizapp.sandbox.values.model import Value
from tests.grading.test_grader import card

RULES = card("answer = x.exp()", "answer", given="x = torch.arange(4.)\n", forbid=("torch.softmax", "loops", ".item"))
DEAD = "answer = 0\nif 0:\n    "
SOURCES = {
    "a flat list": f"{DEAD}y = [{'0,' * 30_000}]\n",
    "names": f"{DEAD}y = [{'a,' * 30_000}]\n",
    "a chain of attributes": f"{DEAD}x{'.T' * 1500}\n",
    "a chain of calls": f"{DEAD}x{'.sum()' * 900}\n",
    "a chain that cannot be compiled": f"{DEAD}x{'.T' * 30_000}\n",
    "indices": f"{DEAD}x{'[0]' * 900}\n",
    "a sum": f"{DEAD}y = 1{'+1' * 900}\n",
    "signs": f"{DEAD}y = {'-' * 2000}1\n",
    "branches": "answer = 0\nif 0:\n    pass\n" + "elif 0:\n    pass\n" * 2000,
    "lines": "answer = 0\n" + "x=1\n" * 15_000,
    "assignments of attributes": "answer = 0\nif 0:\n" + "    a.b.c.d.e = a.b.c\n" * 2500,
    "aliases": "answer = 0\nif 0:\n" + "".join(f"    a{i + 1} = a{i}\n" for i in range(3000)),
    "lambdas": f"{DEAD}y = {'lambda: ' * 900}1\n",
    "a hexadecimal integer": f"{DEAD}y = 0x{'f' * 50_000}\n",
    "parentheses": f"answer = {'(' * 5000}0{')' * 5000}\n",
    "an open bracket": "answer = " + "[" * 30_000,
    "prompts": ">>> x = 1\n" * 6000,
    "half a character": "answer = '\ud800'",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_no_text_of_an_answer_makes_the_app_fail(grader: Grader, source: str) -> None:
    assert len(source) <= grading.MAX_ANSWER
    assert grader.grade(RULES, source).outcome in (Outcome.WRONG, Outcome.ERROR)


def test_a_syntax_warning_of_an_answer_is_not_one_of_the_app(recwarn: pytest.WarningsRecorder) -> None:
    assert parse_or_none("y = 1if x else 2") is not None
    assert not recwarn.list


def test_a_longer_answer_is_wrong_and_is_not_read(grader: Grader) -> None:
    verdict = grader.grade(RULES, f"{DEAD}y = [{'0,' * 500_000}]\n")
    assert verdict.outcome is Outcome.WRONG
    assert verdict.notes == ("The answer has 1,000,028 characters, and at most 65,536 are graded.",)


def test_a_long_path_of_attributes_is_not_resolved_at_each_of_its_parts() -> None:
    tree = ast.parse("import torch\ny = torch" + ".T" * 900)
    uses = list(find_uses(tree, find_aliases(tree)))
    assert max(len(use.name) for use in uses) < 100
    assert {use.name for use in uses} >= {"torch", "torch.T", ".T"}


def test_the_names_of_a_source_are_found_in_the_order_of_the_text() -> None:
    assert loaded_names("f(a, b)[c](d, *e)") == {"f", "a", "b", "c", "d", "e"}


def number(data: object) -> Value:
    return Value(type(data).__name__, data, f"builtins.{type(data).__name__}")


@pytest.mark.parametrize(
    "numbers",
    [[i * ((1 << 61) - 1) for i in range(1, 200)], [complex(-1_000_003 * i, i) for i in range(1, 200)]],
    ids=["integers", "complex numbers"],
)
def test_keys_of_a_dict_have_hashes_that_no_answer_chooses(numbers: Sequence[object]) -> None:
    assert len({hash(value) for value in numbers}) < 5
    keys = [equality_key(number(value), ComparisonOptions()) for value in numbers]
    assert len({hash(key) for key in keys}) == len(numbers)


@pytest.mark.parametrize(("left", "right"), [(1 << 60, 2.0**60), (3, 3.0), (2.5, 2.5 + 0j), (1 << 60, 2.0**60 + 0j)])
def test_equal_numbers_have_equal_keys(left: object, right: object) -> None:
    keys = [equality_key(number(value), ComparisonOptions(ignore=frozenset({"type"}))) for value in (left, right)]
    assert keys[0] == keys[1]


class Judge:
    """A judge that fails for each request with a value that begins with `bad`."""

    def __init__(self) -> None:
        self.requests = 0

    def ask(self, request: bytes, seconds: float) -> bytes:
        self.requests += 1
        asked = unpack_comparisons(request)
        if any((comparison.got.value or b"").startswith(b"bad") for comparison in asked):
            raise JudgeFailed("no answer")
        return pack_findings([Finding(True, "agrees")] * len(asked))


def comparison(got: bytes, expected: bytes = b"good") -> Comparison:
    return Comparison(Observation(0, got), Observation(0, expected))


def test_a_value_that_the_judge_cannot_compare_is_wrong_and_the_others_are_not() -> None:
    judge = Judge()
    findings = request_findings(judge.ask, [comparison(b"good"), comparison(b"bad"), comparison(b"fine")], 1.0)
    assert findings == [Finding(True, "agrees"), TOO_EXPENSIVE, Finding(True, "agrees")]
    assert judge.requests == 5


def test_large_values_are_requested_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.grading.judge_requests.PORTION", 20)
    judge = Judge()
    # Each comparison has 9 bytes, apart from the third.
    asked = [comparison(value) for value in (b"fine1", b"fine2", b"a much larger value", b"fine3", b"bad", b"fine4")]
    findings = request_findings(judge.ask, asked, 1.0)
    assert findings == [*[Finding(True, "agrees")] * 4, TOO_EXPENSIVE, Finding(True, "agrees")]
    # Three portions, of which the last fails; its three comparisons, and the expected value of one of them.
    assert judge.requests == 3 + 3 + 1


def test_a_judge_that_cannot_compare_the_expected_value_has_failed() -> None:
    with pytest.raises(JudgeFailed):
        request_findings(Judge().ask, [comparison(b"bad", expected=b"bad")], 1.0)


SLOW = """
import quizapp.sandbox.values.serialise as serialise, json, struct
item = {"t": "builtins.tuple", "k": "tuple", "d": [{"t": "builtins.int", "k": "int", "d": "1"}] * 60_000}
body = json.dumps({"t": "builtins.set", "k": "set", "d": [item] * 3}).encode()
serialise.encode = lambda value: struct.pack("<I", len(body)) + body
answer = 0
"""


def test_a_forged_value_never_makes_a_verdict_internal(grader: Grader) -> None:
    checked = card("answer = {(1, 2), (3, 4)}", "answer")
    assert grader.grade(checked, SLOW).outcome is Outcome.WRONG


def test_a_judgement_is_cancelled(sandbox: Sandbox) -> None:
    class Slow(Grader):
        def compare(self, comparisons: Sequence[Comparison], seconds: float = 30.0) -> list[Finding]:
            threading.Timer(0.05, sandbox.cancel).start()
            return super().compare(comparisons, seconds)

    count = 1_500
    checked = card(f"answer = {{(i, j) for i in range({count}) for j in range(2)}}", "answer")
    wrong = f"answer = {{(i, j + 0.5) for i in range({count}) for j in range(2)}}"
    verdict = Slow(sandbox).grade(checked, wrong, explain=False)
    assert (verdict.outcome, verdict.detail) in [(Outcome.INTERNAL, "cancelled"), (Outcome.WRONG, "")]


def test_values_of_many_trials_are_not_held(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "HELD_BYTES", 20_000)
    built: list[Trial] = []

    def spy(card: Card, trials: Sequence[Trial], notes: Sequence[str] = ()) -> Verdict:
        built.extend(trials)
        return build_verdict(card, trials, notes)

    monkeypatch.setattr(grading, "build_verdict", spy)
    checked = card("y = x * 2", "y", given="x = torch.randn(1000)\n", trials=8)
    verdict = grader.grade(checked, "y = x * 3")
    assert verdict.outcome is Outcome.WRONG and len(built) == 8
    assert [trial.has_values for trial in built] == [True] + [False] * 7
    assert all(trial.findings and not trial.is_correct for trial in built)
    assert not any(report.size for trial in built[1:] for report in (*trial.reports, *trial.references))


def test_reports_in_memory_are_bounded_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.grading.report_cache.MAX_BYTES", 2500)
    runs = [Run(str(number), ()) for number in range(4)]
    submitted: list[Run] = []

    def submit(run: Run) -> Report:
        submitted.append(run)
        return Report(Ending.FINISHED, (Observation(0, bytes(1000)),))

    cache, machine = ReportCache(submit), Machine("3", "2", None, "full")
    for run in [*runs, *runs[2:], runs[0]]:
        cache.get(run, machine)
    assert submitted == [*runs, runs[0]]


FORGED = {
    "no character": "raise SyntaxError(\"invalid character 'x' (U+FFFFFF)\")",
    "a long line number": """
import sys
sys.stderr.write("<answer>:" + "9" * 5000 + ": UserWarning: None of the inputs have requires_grad=True\\n")
answer = x
""",
    "a long size": """
import sys
sys.stderr.write("<answer>:1: UserWarning: Using a target size (torch.Size([" + "9" * 5000 + "])) that is different to "
    "the input size (torch.Size([1])). This will likely lead to incorrect results due to broadcasting.\\n")
answer = x
""",
}


@pytest.mark.parametrize("source", FORGED.values(), ids=FORGED)
def test_no_forged_message_makes_the_verdict_internal(grader: Grader, source: str) -> None:
    assert grader.grade(RULES, source).outcome in (Outcome.WRONG, Outcome.ERROR)


def test_texts_of_a_report_count_and_are_dropped_with_its_values() -> None:
    raised = Raised(
        "E", "m" * 60_000, ("b",) * 1000, source="s" * 60_000, shapes=(("n", "s"),) * 1000, trace="t" * 60_000
    )
    report = Report(
        Ending.FINISHED, (Observation(0, raised=raised),), raised=raised, bound=("n",) * 5000, text_bytes=400_000
    )
    assert report.size == 1_600_000
    short = report.without_values()
    assert short.size == 0 and not short.bound
    for clipped in (short.raised, short.observations[0].raised):
        assert clipped is not None and len(repr(clipped)) < 10_000


def test_the_heads_of_all_frames_of_a_run_are_bounded_together() -> None:
    frame = pack(FrameKind.OBSERVED, {"text": "x" * (MAX_FACTS // 3)})
    buffer = FrameBuffer()
    with pytest.raises(BadFrame, match="too large"):
        for _ in range(4):
            assert list(buffer.feed(frame))


def test_hiding_own_frames_takes_linear_time() -> None:
    place = str(Path(quizapp.__file__).parent) + "/"
    text = place * 3000
    assert hide_own_frames(text) == text
