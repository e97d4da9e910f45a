"""Names that checks can use."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.values.serialise import decode
from tests.sandbox.runs import observe, plain, run


def test_stdout_is_what_was_printed_since_the_start_of_the_code(sandbox: Sandbox) -> None:
    seen = observe(sandbox, "print('code')", "stdout", ("stdout", "print('check')"), "stdout", given="print('given')")
    assert seen == ["code\n", "code\ncheck\n", "code\ncheck\n"]


def test_a_check_may_rebind_stdout(sandbox: Sandbox) -> None:
    assert observe(sandbox, "print(1)", ("stdout", "stdout = 5"), "stdout") == [5, "1\n"]


def test_every_repetition_of_a_warning_counts(sandbox: Sandbox) -> None:
    code = "import warnings\nfor _ in range(2):\n    warnings.warn('a')\nwarnings.warn('b', FutureWarning)"
    assert observe(sandbox, code, "warned") == [["UserWarning", "UserWarning", "FutureWarning"]]


def test_once_only_warnings_of_torch_count_each_time(sandbox: Sandbox) -> None:
    code = "x = torch.ones(2)\nfor _ in range(2):\n    torch.mm(x[None], x[:, None], out=torch.empty(3))"
    assert observe(sandbox, code, "warned") == [["UserWarning", "UserWarning"]]


def test_raised_is_the_name_of_the_exception_that_ended_the_code(sandbox: Sandbox) -> None:
    assert observe(sandbox, "1 / 0", "raised", checks_after_error=True) == ["ZeroDivisionError"]
    assert observe(sandbox, "1", "raised") == [None]


def test_caught_returns_the_exception(sandbox: Sandbox) -> None:
    assert observe(sandbox, "", "type(caught(int, 'x')).__name__", "caught(int, '1')") == ["ValueError", None]


def test_shares_memory_looks_at_the_storage(sandbox: Sandbox) -> None:
    code = "x = torch.zeros(4)\nimport numpy as np\na = np.zeros(4)"
    checks = [
        "x, x[2:]",
        "x, x.clone()",
        "x, x.numpy()",
        "a[1:], a.reshape(2, 2)",
        "torch.from_numpy(a), a",
        "x[:0], x",
    ]
    seen = observe(sandbox, code, *[f"shares_memory({pair})" for pair in checks])
    assert seen == [True, False, True, True, True, False]


def test_fill_is_independent_of_the_order_of_construction(sandbox: Sandbox) -> None:
    code = """
class A(torch.nn.Module):
    def __init__(self, swap):
        super().__init__()
        for name in ('one', 'two')[::-1 if swap else 1]:
            setattr(self, name, torch.nn.Linear(2, 3))
"""
    checks = "all(torch.equal(p, q) for p, q in zip(fill(A(0)).one.parameters(), fill(A(1)).one.parameters()))"
    assert observe(sandbox, code, checks, "fill(torch.nn.BatchNorm1d(3)).running_var.min().item() > 0") == [True, True]


def test_again_runs_the_code_once_more(sandbox: Sandbox) -> None:
    assert observe(sandbox, "n = n + 1", ("n", "again()"), given="n = 0") == [2]


def test_source_tmp_and_device_are_bound(sandbox: Sandbox) -> None:
    assert observe(sandbox, "x = 5", "source", "device", "__import__('os').listdir(tmp)") == ["x = 5", "cpu", []]


FUNCTIONS = "type(caught(int, 'x')).__name__, shares_memory(a, a[1:]), fill(torch.nn.Linear(1, 1)).bias is not None"


@pytest.mark.parametrize("part", ["preamble", "given", "code"])
def test_functions_can_be_called_from_the_start_of_the_run(part: str, sandbox: Sandbox) -> None:
    parts = {"preamble": "", "given": "", "code": ""} | {part: f"import torch\na = torch.ones(3)\nseen = {FUNCTIONS}"}
    report = run(sandbox, parts.pop("code"), "seen", **parts)
    assert report.raised is None
    (seen,) = report.observations
    assert seen.value is not None and plain(decode(seen.value)) == ("ValueError", True, True)
    assert not {"caught", "shares_memory", "fill"} & set(report.bound)


def test_an_answer_may_define_a_function_of_the_same_name(sandbox: Sandbox) -> None:
    code = "def fill(x):\n    return x + 1\nseen = fill(1)"
    report = run(sandbox, code, "seen")
    assert set(report.bound) == {"fill", "seen"}
    assert observe(sandbox, code, "seen") == [2]
    assert observe(sandbox, "seen = fill(1)", "seen", given="def fill(x):\n    return x + 2") == [3]
