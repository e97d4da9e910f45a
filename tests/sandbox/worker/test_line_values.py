"""What each line of a traced run binds, its last value, and the code that runs before it."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import MAX_LINE_TEXT, MAX_LINE_VALUES, Ending, Report
from quizapp.sandbox.values.serialise import decode
from tests.sandbox.runs import plain, run


def traced(sandbox: Sandbox, code: str, *checks: str, **options: object) -> Report:
    report = run(sandbox, code, *checks, trace_lines=True, **options)
    assert report.ending is Ending.FINISHED, (report.ending, report.detail)
    return report


def lines(sandbox: Sandbox, code: str, *checks: str, **options: object) -> dict[int, str]:
    """Return line -> text of a traced run that raises nothing."""
    report = traced(sandbox, code, *checks, **options)
    assert report.raised is None, report.raised
    return {value.line: value.text for value in report.lines}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("x = torch.zeros(4, 4)", "float32 (4, 4)"),
        ("x = torch.nn.Parameter(torch.ones(2))", "float32 (2,)"),
        ("x = torch.tensor(0.25)", "float32 () = 0.25"),
        ("x = torch.tensor(2.0)", "float32 () = 2.0"),
        ("x = torch.tensor(True)", "bool () = True"),
        ("x = torch.ones(2, device='meta')", "float32 (2,) meta"),
        ("x = torch.ones(2).numpy()", "float32 (2,)"),
        ("x = torch.ones(1).numpy()[0]", "float32 1.0"),
        ("x = torch.ones(2, 3).shape", "Size (2, 3)"),
        ("x = torch.float16", "torch.float16"),
        ("x = 3", "3"),
        ("x = 0.5", "0.5"),
        ("x = True", "True"),
        ("x = None", "None"),
        ("x = 10 ** 5000", "int of 16,610 bits"),
        ("x = 'abc'", "'abc'"),
        ("x = 'y' * 100", "'" + "y" * 39 + "'…"),
        ("x = [1, 2, 3]", "list of 3"),
        ("x = {1: 2, 3: 4}", "dict of 2"),
        ("x = (i for i in range(3))", "generator"),
        ("x = torch.relu", "function relu"),
        ("x = torch.nn.functional", "module torch.nn.functional"),
        ("x = torch.nn.Linear", "class Linear"),
        ("x = torch.nn.Linear(2, 2)", "Linear"),
        ("a, b = torch.arange(3), 3", "a: int64 (3,), b: 3"),
        ("a = b = 2", "a: 2, b: 2"),
        ("a, (b, *c) = 1, (2, 3, 4)", "a: 1, b: 2, c: list of 2"),
        ("a = 1; b = 2", "a: 1, b: 2"),
        ("x: int = 3", "3"),
        ("with open('f', 'w') as f: pass", "TextIOWrapper"),
        ("for i in range(10): pass", "×10  9"),
    ],
)
def test_a_line_is_described_by_what_it_binds(code: str, text: str, sandbox: Sandbox) -> None:
    assert lines(sandbox, code) == {1: text}


@pytest.mark.parametrize(
    "code", ["import math", "x: int", "[i for i in range(3)]", "def f(): pass", "y = 1 if 0 else 2"]
)
def test_other_lines_have_no_text(code: str, sandbox: Sandbox) -> None:
    assert lines(sandbox, code) == ({1: "2"} if "y" in code else {})


def test_a_dataframe_is_described_by_its_shape(sandbox: Sandbox) -> None:
    code = "import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})\ny = x['a']"
    assert lines(sandbox, code) == {2: "DataFrame (2, 1)", 3: "Series int64 (2,)"}


def test_loops_and_functions_show_the_last_value_and_the_count(sandbox: Sandbox) -> None:
    code = "def f(v):\n    w = v * 2\n    return w\nfor i in range(3):\n    x = f(torch.ones(i))\n    x += 1"
    assert lines(sandbox, code) == {
        2: "×3  float32 (2,)",
        3: "×3  → float32 (2,)",
        4: "×3  2",
        5: "×3  float32 (2,)",
        6: "×3  float32 (2,)",
    }


def test_writes_to_items_and_attributes_are_described(sandbox: Sandbox) -> None:
    code = "x = torch.zeros(2)\nx[0] = 1\nclass A: pass\na = A()\na.b = [1]"
    assert lines(sandbox, code) == {1: "float32 (2,)", 2: "float32 (2,)", 4: "A", 5: "list of 1"}


def test_after_many_executions_scalars_are_exact_and_other_values_have_their_class(sandbox: Sandbox) -> None:
    code = "for i in range(10_001):\n    x = [i]"
    assert lines(sandbox, code) == {1: "×10,001  10000", 2: "×10,001  list"}


def test_the_number_of_lines_and_the_length_of_each_text_are_limited(sandbox: Sandbox) -> None:
    many = lines(sandbox, "x = 1\n" * (MAX_LINE_VALUES + 5))
    assert len(many) == MAX_LINE_VALUES
    (long,) = lines(sandbox, "; ".join(f"name{i} = {i}" for i in range(50))).values()
    assert len(long) == MAX_LINE_TEXT and long.endswith("…")


def test_an_exception_keeps_its_place_and_the_lines_before_it_their_values(sandbox: Sandbox) -> None:
    code = "x = torch.ones(2)\ndef f(v):\n    return v[5]\ny = f(x)"
    report, untraced = traced(sandbox, code), run(sandbox, code)
    assert report.raised == untraced.raised and report.raised is not None and report.raised.line == 3
    assert [(value.line, value.text) for value in report.lines] == [(1, "float32 (2,)")]


HOSTILE = """
class Meta(type):
    def __hash__(cls): raise SystemExit('hash')
    __name__ = property(lambda cls: 1 / 0)
class A(metaclass=Meta):
    def __repr__(self): raise SystemExit('repr')
    def __len__(self): raise SystemExit('len')
    def __getattribute__(self, name): raise SystemExit('getattribute')
class B(list):
    def __len__(self): raise SystemExit('len')
class C(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *args, **kwargs): raise SystemExit('torch_function')
a = A()
b = B()
c = torch.Tensor._make_subclass(C, torch.ones(2))
"""


def test_no_method_of_the_answers_classes_is_called(sandbox: Sandbox) -> None:
    texts = lines(sandbox, HOSTILE)
    assert [texts[line] for line in (14, 15, 16)] == ["A", "B", "C"]


OBSERVED = """
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
seen = []
class Functions(TorchFunctionMode):
    def __torch_function__(self, f, types, args=(), kwargs=None):
        seen.append('function')
        return f(*args, **(kwargs or {}))
class Operators(TorchDispatchMode):
    def __torch_dispatch__(self, f, types, args=(), kwargs=None):
        seen.append('operator')
        return f(*args, **(kwargs or {}))
s = torch.tensor(1.0)
with Functions(), Operators():
    t = s
    u = s
squares = torch.vmap(lambda v: square(v))
def square(v):
    w = v * v
    return w
v = squares(torch.ones(3))
print(seen)
x = torch.ones(2, requires_grad=True)
def loss(v):
    y = (v * v).sum()
    return y
traced = torch.jit.trace(square, torch.ones(2))
print(traced.graph)
loss(x).backward()
print(x.grad, torch.rand(1))
import weakref
def kept():
    z = torch.ones(1)
    return weakref.ref(z)
print(kept()())
"""


def test_modes_transforms_and_graphs_do_not_notice_that_lines_are_traced(sandbox: Sandbox) -> None:
    report, untraced = traced(sandbox, OBSERVED), run(sandbox, OBSERVED)
    assert report.raised is None and report.stdout == untraced.stdout
    assert report.stdout.startswith("[]\n") and report.stdout.endswith("None\n")


@pytest.mark.parametrize(
    "code", ["x = (", "return 1", "x = " + "-" * 3000 + "1", "if 1:\n  y = 2\n" + "elif 1:\n  y = 3\n" * 800]
)
def test_a_program_that_cannot_be_compiled_ends_as_without_tracing(code: str, sandbox: Sandbox) -> None:
    report, untraced = traced(sandbox, code), run(sandbox, code)
    assert (report.raised, report.stderr) == (untraced.raised, untraced.stderr)


def test_a_compiled_function_is_not_traced(sandbox: Sandbox) -> None:
    code = (
        "@torch.compile(backend='eager', fullgraph=True)\ndef f(v):\n    w = v + 1\n    return w\ny = f(torch.ones(2))"
    )
    assert lines(sandbox, code) == {5: "float32 (2,)"}


def test_checks_call_the_functions_that_the_code_only_defines(sandbox: Sandbox) -> None:
    code = "def f(v):\n    w = v\n    print(w)\n    return w\ndef g(v):\n    w = v\n    return w\ng(1)"
    report = traced(sandbox, code, "f(torch.ones(2))", "g([])")
    assert {value.line: value.text for value in report.lines} == {
        2: "float32 (2,)",
        4: "→ float32 (2,)",
        6: "1",
        7: "→ 1",
    }
    assert report.stdout == ""


def test_only_a_traced_run_reports_lines_and_an_echo(sandbox: Sandbox) -> None:
    report = run(sandbox, "x = 1\nx")
    assert (report.lines, report.echo) == ((), None)


@pytest.mark.parametrize(
    ("code", "echo"),
    [
        ("x = 1", None),
        ("None", None),
        ("print(1)", None),
        ("2 + 2", "4"),
        ("'a\\n'", "'a\\n'"),
        ("x = 3\nx", "3"),
        ("if 1:\n    2", None),
        ("torch.ones(2)", "tensor([1., 1.])"),
        ("class A:\n    def __repr__(self): 1 / 0\nA()", "<A object: its repr raises ZeroDivisionError>"),
    ],
)
def test_the_last_expression_is_echoed(code: str, echo: str | None, sandbox: Sandbox) -> None:
    assert traced(sandbox, code).echo == echo


@pytest.mark.parametrize(("code", "end"), [("[0] * 10**6", "… 999,000 more]"), ("'x' * 10**6", "… 999,000 more")])
def test_a_long_value_is_echoed_in_part(code: str, end: str, sandbox: Sandbox) -> None:
    echo = traced(sandbox, code).echo
    assert echo is not None and echo.endswith(end) and len(echo) < 4100


def test_the_history_runs_before_the_code_without_its_output(sandbox: Sandbox) -> None:
    history = (
        "x = torch.rand(1)\nprint('old')",
        "import sys, warnings\nprint('old', file=sys.stderr)\nwarnings.warn('old')",
    )
    first = run(sandbox, "x = torch.rand(1)", "x", "torch.rand(1)")
    report = run(sandbox, "print('new')", "x", "stdout", history=history)
    x, printed = (plain(decode(seen.value)) for seen in report.observations if seen.value is not None)
    assert x == plain(decode(first.observations[0].value or b"")) and printed == "new\n"
    assert (report.stdout, report.stderr) == ("new\n", "")


def test_an_exception_in_the_history_ends_the_run(sandbox: Sandbox) -> None:
    report = run(sandbox, "print('new')", history=("1 / 0",))
    assert report.raised and (report.raised.type, report.raised.line, report.stdout) == ("ZeroDivisionError", None, "")
