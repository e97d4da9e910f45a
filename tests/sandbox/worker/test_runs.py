"""Runs: namespaces, seeds, exceptions and traces."""

from __future__ import annotations

import pytest
import torch

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending
from quizapp.sandbox.values.serialise import decode
from tests.sandbox.runs import observe, plain, run


def test_a_check_sees_what_the_code_bound(sandbox: Sandbox) -> None:
    assert observe(sandbox, "answer = 1 + 1", "answer") == [2]


def test_preamble_given_and_code_share_one_namespace(sandbox: Sandbox) -> None:
    assert observe(sandbox, "c = a + b", "c", preamble="a = 1", given="b = a + 1") == [3]


def test_names_and_mutations_persist_from_check_to_check(sandbox: Sandbox) -> None:
    assert observe(sandbox, "x = [1]", ("x", "x.append(2)"), "x") == [[1, 2], [1, 2]]


def test_a_value_is_what_it_was_when_it_was_observed(sandbox: Sandbox) -> None:
    first, second = observe(sandbox, "x = torch.zeros(2)", "x", ("x", "x.add_(1)"))
    assert (first.tolist(), second.tolist()) == ([0, 0], [1, 1])


def test_the_same_seed_gives_the_same_numbers_and_another_trial_different_ones(sandbox: Sandbox) -> None:
    code = "import random, numpy\nanswer = [random.random(), float(numpy.random.rand()), float(torch.rand(1))]"
    first, repeated = observe(sandbox, code, "answer"), observe(sandbox, code, "answer")
    other_trial = observe(sandbox, code, "answer", trial=1)
    assert first == repeated != other_trial


def test_every_check_is_seeded_by_its_own_number(sandbox: Sandbox) -> None:
    alone = observe(sandbox, "", "0", "float(torch.rand(1))")
    after = observe(sandbox, "", "float(torch.rand(5).sum())", "float(torch.rand(1))")
    assert alone[1] == after[1]


def test_no_check_runs_after_an_error_unless_requested(sandbox: Sandbox) -> None:
    report = run(sandbox, "1 / 0", "1")
    assert (report.ending, report.observations, report.raised and report.raised.type) == (
        Ending.FINISHED,
        (),
        "ZeroDivisionError",
    )


@pytest.mark.parametrize("statement", ["raise SystemExit(0)", "raise KeyboardInterrupt", "raise Exception('x')"])
def test_an_exception_in_a_check_is_observed_and_the_next_check_still_runs(statement: str, sandbox: Sandbox) -> None:
    first, second = observe(sandbox, "", ("1", statement), "2")
    assert first.raised is not None and first.raised.type in statement
    assert second == 2


def test_a_class_of_the_answer_can_be_saved_and_inspected(sandbox: Sandbox) -> None:
    code = "import inspect\nclass A:\n    pass\n"
    checks = (
        "inspect.getsource(A).strip()",
        ("type(torch.load('a', weights_only=False)).__name__", "torch.save(A(), 'a')"),
    )
    assert observe(sandbox, code, *checks) == ["class A:\n    pass", "A"]


def test_an_error_reports_its_position_and_the_shapes_on_that_line(sandbox: Sandbox) -> None:
    code = "x = torch.ones(2, 3)\nwéight = torch.ones(2, 3)\ny = torch.relu(x @ wéight)\n"
    raised = run(sandbox, code, "y").raised
    assert raised is not None
    assert (raised.line, raised.source) == (3, "y = torch.relu(x @ wéight)")
    assert raised.source is not None and raised.source[raised.column : raised.end_column] == "x @ wéight"
    assert raised.shapes == (("x", "float32 (2, 3)"), ("wéight", "float32 (2, 3)"))
    assert raised.bases[0] == "builtins.RuntimeError"


def test_an_error_inside_a_library_is_located_in_the_learners_code(sandbox: Sandbox) -> None:
    raised = run(sandbox, "net = torch.nn.Linear(3, 2)\nnet(torch.ones(1, 4))").raised
    assert raised is not None and raised.line == 2
    assert "torch/nn" not in raised.trace


def test_a_syntax_error_reports_its_position(sandbox: Sandbox) -> None:
    raised = run(sandbox, "x = 1\ny = (2").raised
    assert raised is not None and (raised.type, raised.line, raised.column) == ("SyntaxError", 2, 4)


def test_a_value_that_is_not_plain_data_is_refused_with_its_type(sandbox: Sandbox) -> None:
    (first,) = observe(sandbox, "", "(n for n in range(3))")
    assert first.refused == "a generator is not plain data"


def test_watched_names_are_observed_before_and_after_the_code(sandbox: Sandbox) -> None:
    report = run(sandbox, "x.add_(1)\ny = 2", given="x = torch.zeros(1)", watch=("x", "y", "z"))
    assert report.given is not None and report.after is not None
    before, after = plain(decode(report.given)), plain(decode(report.after))
    assert (before["x"].item(), after["x"].item(), after["y"], set(before)) == (0, 1, 2, {"x"})


def test_bound_names_are_those_bound_by_the_code(sandbox: Sandbox) -> None:
    assert run(sandbox, "import math\nb = 2\ndel b\nc = 3", given="a = 1").bound == ("math", "c")


def test_a_tensor_arrives_unchanged(sandbox: Sandbox) -> None:
    (value,) = observe(sandbox, "x = torch.arange(6).reshape(2, 3).T", "x")
    assert torch.equal(value, torch.arange(6).reshape(2, 3).T)


@pytest.mark.parametrize("code", ["answer = " + "-" * 9000 + "1", "a = 1\nanswer = a" + "**a" * 9000])
def test_code_nested_too_deeply_is_an_error_and_not_out_of_memory(code: str, sandbox: Sandbox) -> None:
    report = run(sandbox, code)
    assert report.ending is Ending.FINISHED and report.raised
    assert (report.raised.type, report.raised.message) == ("RecursionError", "nested too deeply to be compiled")
