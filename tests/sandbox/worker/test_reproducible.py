"""The same code from the same seed gives the same bytes, in every worker and under any load."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending
from tests.sandbox.runs import observe, run
from tests.sandbox.worker.operators import OPERATORS, SETUP, VECTOR_MATHS

SIZES = (1, 100, 4096, 40_000, 200_000)
WORKERS = 3

VECTOR_TYPE = """
import ctypes, os, struct
library = ctypes.CDLL(os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so"))
detect = getattr(library, "mkl_vml_serv_cpu_detect", None)
found = None
if detect is not None:
    start = ctypes.cast(detect, ctypes.c_void_p).value
    code = ctypes.string_at(start, 6)
    if code[:2] == b"\\x8b\\x05":  # mov eax, [rip + offset]: the static variable that the function reads first
        found = ctypes.c_int.from_address(start + 6 + struct.unpack("<i", code[2:])[0]).value
"""


def test_the_processor_type_of_vector_maths_is_known_before_a_run_starts(sandbox: Sandbox) -> None:
    # Where it is not, two threads of the run can find it out at once, and one of them computes with low accuracy.
    (found,) = observe(sandbox, VECTOR_TYPE, "found")
    if found is None:
        pytest.skip("this torch does not compute with MKL's vector functions")
    assert found != -1


def test_a_run_has_one_thread_unless_it_asks_for_more(sandbox: Sandbox) -> None:
    assert observe(sandbox, "", "torch.get_num_threads()") == [1]
    code = "import threading\nseen = []\nt = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))\n"
    assert observe(sandbox, f"{code}t.start()\nt.join()", "seen") == [[1]]
    assert observe(sandbox, "torch.set_num_threads(2)", "torch.get_num_threads()") == [2]


def test_more_threads_change_no_value_of_vector_maths(sandbox: Sandbox) -> None:
    for expression in VECTOR_MATHS[:-1]:
        code = f"one = {expression}\ntorch.set_num_threads(2)\ntwo = {expression}"
        same, by = observe(
            sandbox, code, "torch.equal(one, two)", "(one - two).abs().max()", given=SETUP.format(size=40_000)
        )
        assert same, (expression, by)


def digest(sandbox: Sandbox, expression: str, size: int) -> str:
    report = run(sandbox, f"answer = {expression}", "answer", given=SETUP.format(size=size))
    assert report.ending is Ending.FINISHED and report.raised is None, (expression, report.raised)
    (seen,) = report.observations
    assert seen.value is not None, (expression, seen)
    return hashlib.sha256(seen.value).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_an_operator_gives_the_same_bytes_in_fresh_workers(sandbox: Sandbox, size: int) -> None:
    with ThreadPoolExecutor(4) as several:
        for expression in OPERATORS:
            digests = set(several.map(lambda _, e=expression: digest(sandbox, e, size), range(WORKERS)))
            assert len(digests) == 1, f"{expression} with {size} elements"
