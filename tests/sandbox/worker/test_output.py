"""Standard streams of a run: what they can do, what checks see of them, and how they are flushed."""

from __future__ import annotations

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Limits
from tests.sandbox.runs import observe, run

WRAPPER = "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\n"

PRINTS_HELLO = {
    "reconfigured": "import sys\nsys.stdout.reconfigure(encoding='utf-8', line_buffering=True)\nprint('hello')",
    "buffered again": "import sys\nsys.stdout.reconfigure(write_through=False)\nprint('hello')",
    "a wrapper": WRAPPER + "print('hello')",
    "a detached buffer": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.detach())\nprint('hello')",
    "a codec": "import codecs, sys\nsys.stdout = codecs.getwriter('utf-8')(sys.stdout.detach())\nprint('hello')",
    "a buffer": "import sys\nsys.stdout.buffer.write(b'hello\\n')",
    "a buffer of its own": "import io, sys\nout = io.BufferedWriter(sys.stdout.buffer.raw)\nout.write(b'hello\\n')",
    "a detached buffer alone": "import sys\nsys.stdout.detach().write(b'hello\\n')",
    "a wrapper by name": "import io, sys\nout = io.TextIOWrapper(sys.stdout.buffer)\nprint('hello', file=out)",
    "a wrapper that is collected": "import io, sys\nio.TextIOWrapper(sys.stdout.buffer).write('hel')\nprint('lo')",
    "a redirection": "import contextlib, sys\nwith contextlib.redirect_stdout(sys.__stdout__):\n    print('hello')",
    "the original stream": "import sys\nsys.__stdout__.write('hello\\n')",
    "lines": "import sys\nsys.stdout.writelines(['hel', 'lo\\n'])\nsys.stdout.buffer.writelines([])",
    "a class without flush": """
import sys
class Lower:
    def __init__(self, stream): self.stream = stream
    def write(self, text): self.stream.write(text.lower())
sys.stdout = Lower(sys.stdout)
print('HELLO')
""",
    "logging": """
import logging, sys
logging.basicConfig(stream=sys.stdout, format='%(message)s')
logging.error('hello')
""",
    "after closing it": "import sys\nsys.stdout.close()\nprint('hello')",
}


@pytest.mark.parametrize("name", PRINTS_HELLO)
def test_a_check_sees_what_is_printed_by(name: str, sandbox: Sandbox) -> None:
    report = run(sandbox, PRINTS_HELLO[name])
    assert (report.ending, report.raised, report.stdout) == (Ending.FINISHED, None, "hello\n")
    assert observe(sandbox, PRINTS_HELLO[name], "stdout") == ["hello\n"]


@pytest.mark.parametrize("name", ["a wrapper", "a detached buffer", "a codec", "after closing it"])
def test_code_that_replaces_stdout_can_run_again(name: str, sandbox: Sandbox) -> None:
    assert observe(sandbox, PRINTS_HELLO[name], ("stdout", "again()")) == ["hello\nhello\n"]


def test_stderr_is_captured_by_the_same_means(sandbox: Sandbox) -> None:
    code = "import io, sys, logging\nprint('a', file=sys.stderr)\nsys.stderr = io.TextIOWrapper(sys.stderr.buffer)\n"
    assert observe(sandbox, code + "print('b', file=sys.stderr)\nlogging.error('c')", "stderr") == [
        "a\nb\nERROR:root:c\n"
    ]


def test_the_streams_have_the_attributes_of_real_ones(sandbox: Sandbox) -> None:
    stream = "(s.name, s.mode, s.encoding, s.newlines, s.isatty(), s.fileno(), s.closed, s.writable(), s.seekable())"
    checks = ("[" + stream.replace("s.", "sys.stdout.") + "]", "[" + stream.replace("s.", "sys.stderr.") + "]")
    out, err = observe(sandbox, "import sys", *checks)
    assert out == [("<stdout>", "w", "utf-8", None, False, 1, False, True, False)]
    assert err == [("<stderr>", "w", "utf-8", None, False, 2, False, True, False)]
    types = "type(sys.stdout).__name__, isinstance(sys.stdout.buffer, io.BufferedIOBase), sys.stderr.line_buffering"
    assert observe(sandbox, "import io, sys", types) == [("TextIOWrapper", True, True)]


UNSUPPORTED = {
    "sys.stdout.truncate()": "UnsupportedOperation",
    "sys.stdout.read()": "UnsupportedOperation",
    "sys.stdout.write(b'x')": "TypeError",
    "sys.stdout.buffer.write('x')": "TypeError",
    "sys.stdout.buffer.write(5)": "TypeError",
    "sys.stdout.reconfigure(encoding='nonsense')": "LookupError",
    "sys.stdout.reconfigure(encoding='ascii', errors='strict') or print('é')": "UnicodeEncodeError",
}


@pytest.mark.parametrize("statement", UNSUPPORTED)
def test_what_a_real_stream_refuses_raises_the_same(statement: str, sandbox: Sandbox) -> None:
    report = run(sandbox, f"import sys\n{statement}")
    assert report.raised is not None
    assert (report.raised.type, report.raised.line) == (UNSUPPORTED[statement], 2)


def test_half_characters_and_invalid_bytes_are_shown(sandbox: Sandbox) -> None:
    code = "import sys\nfor byte in b'\\xc3\\xa9 \\xff': sys.stdout.buffer.write(bytes([byte]))\nprint('\\ud800')"
    assert observe(sandbox, code, "stdout") == ["é �\\ud800\n"]


def test_printing_by_the_descriptor_is_shown_and_not_seen_by_checks(sandbox: Sandbox) -> None:
    code = "import os\nos.write(1, b'raw\\n')\nprint('text')"
    assert observe(sandbox, code, "stdout") == ["text\n"]
    assert run(sandbox, code).stdout == "raw\ntext\n"


@pytest.mark.parametrize("end", ["1 / 0", "sys.exit()"])
def test_printed_text_is_shown_after_an_error(end: str, sandbox: Sandbox) -> None:
    report = run(sandbox, WRAPPER + f"print('hello')\n{end}", "stdout")
    assert report.raised is not None
    assert report.stdout == "hello\n"


def test_what_the_last_check_prints_is_shown(sandbox: Sandbox) -> None:
    assert run(sandbox, WRAPPER, "print('late')").stdout == "late\n"


@pytest.mark.parametrize(
    "code", ["sys.stdout = None", "del sys.stdout, sys.stderr, sys.__stdout__", "sys.stdout = io.StringIO()"]
)
def test_a_run_without_stdout_ends_normally(code: str, sandbox: Sandbox) -> None:
    assert observe(sandbox, f"import io, sys\n{code}", "stdout") == [""]


FLUSHES = """
import sys, time
class Stream:
    count = 0
    def write(self, text): pass
    def flush(self):
        self.count += 1
        {body}
sys.stdout = Stream()
"""


@pytest.mark.parametrize(("body", "error"), [("1 / 0", "ZeroDivisionError"), ("sys.exit()", "SystemExit")])
def test_a_flush_that_raises_is_an_error_of_the_answer(body: str, error: str, sandbox: Sandbox) -> None:
    report = run(sandbox, FLUSHES.format(body=body), "stdout")
    assert (report.ending, report.observations) == (Ending.FINISHED, ())
    assert report.raised is not None
    assert (report.raised.type, report.raised.line) == (error, 8)


def test_a_flush_that_raises_later_is_observed_by_the_check(sandbox: Sandbox) -> None:
    (seen,) = observe(sandbox, FLUSHES.format(body="self.count > 1 and 1 / 0"), "stdout")
    assert seen.raised is not None and seen.raised.type == "ZeroDivisionError"


def test_an_error_of_the_code_comes_before_one_of_its_flush(sandbox: Sandbox) -> None:
    raised = run(sandbox, FLUSHES.format(body="1 / 0") + "int('x')").raised
    assert raised is not None and raised.type == "ValueError"


def test_a_flush_that_blocks_is_a_timeout(sandbox: Sandbox) -> None:
    report = run(sandbox, FLUSHES.format(body="time.sleep(60)"), limits=Limits(seconds=0.5))
    assert report.ending is Ending.TIMEOUT


HUGE = {
    "a held text": "out = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer, 10**8))\nout.write('x' * 10**7)",
    "many held pieces": "sys.stdout.reconfigure(write_through=False)\nfor _ in range(10**5): print('x' * 100)",
    "one write": "sys.stdout.write('x' * 10**8)",
}


@pytest.mark.parametrize("name", HUGE)
def test_the_limit_of_output_holds_for(name: str, sandbox: Sandbox) -> None:
    report = run(sandbox, f"import io, sys\n{HUGE[name]}", "stdout")
    assert report.ending is Ending.OUTPUT
    assert len(report.stdout) == Limits().output


def test_text_that_is_never_flushed_is_not_printed(sandbox: Sandbox) -> None:
    code = "import io, sys\nclass Held(io.BufferedWriter):\n    def flush(self): pass\nsys.stdout = io.TextIOWrapper("
    assert observe(sandbox, code + "Held(sys.stdout.buffer))\nprint('hello')", "stdout") == [""]


def test_a_closed_descriptor_is_an_error_of_the_code_that_prints(sandbox: Sandbox) -> None:
    report = run(sandbox, "import os\nos.close(1)\nprint('hello')")
    assert report.raised is not None
    assert (report.raised.type, report.raised.line) == ("OSError", 3)
    held = "import os, sys\nsys.stdout.reconfigure(write_through=False)\nprint('hello')\nos.close(1)"
    raised = run(sandbox, held).raised
    assert raised is not None and raised.type == "OSError"
