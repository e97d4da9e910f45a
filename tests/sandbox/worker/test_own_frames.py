"""Printed tracebacks and warnings name the learner's code and libraries, and no file of ptquiz."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.own_frames import PACKAGE, hide_folders, hide_own_frames
from quizapp.sandbox.protocol import CallRule
from tests.sandbox.runs import observe, run

PREAMBLE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F"
COUNTED = (CallRule("loss", ("torch.nn.functional.mse_loss", "torch.nn.functional.softmax")),)
"""A rule replaces functions by others, whose frames and lines must not be shown."""

PRINTS_A_TRACE = {
    "print_exc": ("import traceback\ntry:\n    F.mse_loss(1, 2)\nexcept Exception:\n    traceback.print_exc()", 3),
    "print_stack": ("import traceback\ndef f():\n    traceback.print_stack()\nf()", 3),
    "logging.exception": (
        "import logging\ntry:\n    F.mse_loss(1, 2)\nexcept Exception:\n    logging.exception('oh')",
        3,
    ),
    "stack_info": ("import logging\n\nlogging.error('oh', stack_info=True)", 3),
    "a bad call of logging": ("import logging\n\nlogging.error('%d', 'x')", 3),
    "faulthandler": ("import faulthandler\n\nfaulthandler.dump_traceback(2)", 3),
    "a fatal error": ("import faulthandler, os\nfaulthandler.enable(2)\nos.abort()", 3),
    "a thread": (
        "import threading\ndef f():\n    F.mse_loss(1, 2)\nt = threading.Thread(target=f)\nt.start()\nt.join()",
        3,
    ),
    "a finaliser": ("class A:\n    def __del__(self):\n        F.mse_loss(1, 2)\nA()", 3),
    "an exception group": (
        "import traceback\ntry:\n    F.mse_loss(1, 2)\nexcept Exception as error:\n"
        "    traceback.print_exception(ExceptionGroup('several', [error]))",
        3,
    ),
    "a stream": (
        "import sys, traceback\ntry:\n    sys.stdout.buffer.write('x')\nexcept Exception: traceback.print_exc()",
        3,
    ),
}


@pytest.mark.parametrize("calls", [(), COUNTED], ids=["plain", "counted"])
@pytest.mark.parametrize("name", PRINTS_A_TRACE)
def test_a_printed_trace_has_no_frame_of_ptquiz(name: str, calls: tuple[CallRule, ...], sandbox: Sandbox) -> None:
    code, line = PRINTS_A_TRACE[name]
    shown = run(sandbox, code, preamble=PREAMBLE, calls=calls).stderr
    assert f'File "<answer>", line {line}' in shown
    assert PACKAGE not in shown and "<string>" not in shown and "zygote" not in shown
    frames = [text for text in shown.splitlines() if 'File "' in text]
    assert all('"<answer>"' in text or "/torch/" in text or "/lib/python" in text for text in frames)


def test_a_check_of_stderr_sees_no_frame_of_ptquiz_either(sandbox: Sandbox) -> None:
    (shown,) = observe(sandbox, "import traceback\ntraceback.print_stack()", "stderr")
    assert shown == '  File "<answer>", line 2, in <module>\n    traceback.print_stack()\n'


def test_code_that_is_compiled_by_the_answer_keeps_its_frame(sandbox: Sandbox) -> None:
    code = "import traceback\ntry:\n    exec('F.mse_loss(1, 2)')\nexcept Exception:\n    traceback.print_exc()"
    shown = run(sandbox, code, preamble=PREAMBLE, calls=COUNTED).stderr
    assert '  File "<string>", line 1, in <module>\n' in shown and PACKAGE not in shown


WARNS = {
    "its own": ("import warnings\nwarnings.warn('w')", "<answer>:2: UserWarning: w"),
    "the caller's line": (
        "import warnings\ndef f():\n    warnings.warn('w', DeprecationWarning, 2)\nf()",
        "<answer>:4: DeprecationWarning: w",
    ),
    "beyond the answer": ("import warnings\nwarnings.warn('w', stacklevel=2)", "<answer>:2: UserWarning: w"),
    "beyond the program": ("import warnings\nwarnings.warn('w', stacklevel=99)", "<answer>:2: UserWarning: w"),
    "an escape": (r"x = '\d'", r"Warning: invalid escape sequence '\d'"),
    "identity": ("x = 1\nx is 1", '<answer>:2: SyntaxWarning: "is" with '),
    "a function of torch": (
        "F.softmax(torch.ones(2))",
        "<answer>:1: UserWarning: Implicit dimension choice for softmax",
    ),
    "a module of torch": ("\nnn.MSELoss()(torch.ones(2, 1), torch.ones(2))", "<answer>:2: UserWarning: Using a target"),
    "a thread": ("import threading\nthreading.Thread(target=lambda: F.softmax(torch.ones(2))).run()", "<answer>:2: "),
    "captured by logging": (
        "import logging\nlogging.basicConfig()\nlogging.captureWarnings(True)\nF.softmax(torch.ones(2))",
        "UserWarning: Implicit dimension",
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("calls", [(), COUNTED], ids=["plain", "counted"])
@pytest.mark.parametrize("name", WARNS)
def test_a_warning_names_the_line_of_the_answer(name: str, calls: tuple[CallRule, ...], sandbox: Sandbox) -> None:
    code, text = WARNS[name]
    shown = run(sandbox, code, preamble=PREAMBLE, calls=calls).stderr
    assert text in shown
    assert PACKAGE not in shown


def test_a_warning_is_shown_once_for_each_line_and_counted_each_time(sandbox: Sandbox) -> None:
    code = "x, y = torch.ones(2, 1), torch.ones(2)\nfor _ in range(1000):\n    F.mse_loss(x, y)\nF.mse_loss(x, y)"
    assert run(sandbox, code, preamble=PREAMBLE).stderr.count("Using a target size") == 2
    assert observe(sandbox, code, "len(warned)", preamble=PREAMBLE) == [1001]


def test_a_warning_is_written_to_a_redirected_stderr(sandbox: Sandbox) -> None:
    code = """
import contextlib, io, warnings
with contextlib.redirect_stderr(io.StringIO()) as answer:
    warnings.warn('w')
"""
    assert observe(sandbox, code, "answer.getvalue()", "stderr") == ["<answer>:4: UserWarning: w\n", ""]
    assert run(sandbox, code).stderr == ""


def test_warnings_of_ptquiz_itself_are_neither_shown_nor_counted(sandbox: Sandbox) -> None:
    # Torch warns of what ptquiz calls to encode the value of the second check.
    code = "x = [torch.eye(2).to_sparse_csr(), torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)]"
    report = run(sandbox, code, "len(warned)", "x", "len(warned)")
    before, _, after = report.observations
    assert before.value == after.value
    assert report.stderr == run(sandbox, code).stderr


MODULE = """
open('m.py', 'w').write('import warnings\\ndef f():\\n    warnings.warn("w")\\n    1 / 0\\n')
import sys, traceback
sys.path.insert(0, tmp)
import m
try:
    m.f()
except ZeroDivisionError:
    traceback.print_exc()
"""


def test_a_module_that_the_answer_writes_has_its_name_without_the_folder(sandbox: Sandbox) -> None:
    shown = run(sandbox, MODULE).stderr
    assert "m.py:3: UserWarning: w\n" in shown.splitlines(keepends=True)
    assert '  File "m.py", line 4, in f\n    1 / 0\n' in shown


TRACE = f"""Traceback (most recent call last):
  File "<answer>", line 3, in f
    g()
  File "{PACKAGE}/sandbox/worker/call_counter.py", line 117, in counted
    return function(*args, **kwargs)
           ^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/x/torch/nn/functional.py", line 7, in h
    raise ValueError
ValueError
"""


def test_hiding_keeps_all_other_text() -> None:
    assert hide_own_frames(TRACE).splitlines() == [
        line for n, line in enumerate(TRACE.splitlines()) if n not in (3, 4, 5)
    ]
    assert hide_own_frames(f"see {PACKAGE} for more") == f"see {PACKAGE} for more"
    assert hide_folders('File "/scratch/m.py", line 1\n/scratch/x', "/scratch") == 'File "m.py", line 1\n/scratch/x'
