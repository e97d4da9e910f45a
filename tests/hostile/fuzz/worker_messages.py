"""Bytes on a worker's socket, up to what the app shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from quizapp.grading.error_causes import explain_error
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.sandbox.frames import BadFrame, Frame, FrameBuffer, FrameKind, pack
from quizapp.sandbox.host.run_reports import read_code, read_end, read_lines, read_observation, read_raised
from quizapp.sandbox.protocol import Raised
from quizapp.text.printable import json_text
from quizapp.text.verdict_lines import verdict_lines
from tests.hostile.fuzz.inputs import mutated
from tests.hostile.fuzz.target import Target
from tests.sandbox.test_hostile_bytes import messages

RAISED = {
    "type": "ValueError",
    "message": "m",
    "bases": ["builtins.ValueError"],
    "line": 1,
    "column": 0,
    "end_column": 3,
    "source": "x + y",
    "shapes": [["x", "(2, 3)"]],
    "trace": "t",
}
SEEDS = [
    pack(FrameKind.CODE, {"raised": None, "bound": ["x"]})
    + pack(FrameKind.OBSERVED, {"number": 0, "raised": None, "refused": None}, [b"value"])
    + pack(FrameKind.ENDED, {"calls": {"a": 1}, "operators": 3, "peak_memory": 9, "libraries": [], "changed": []}),
    pack(FrameKind.CODE, {"raised": RAISED, "bound": [], "lines": [[1, "3"]], "echo": "3"}),
    pack(FrameKind.OBSERVED, {"number": 0, "raised": RAISED, "refused": None}),
]
TOKENS = [b'"blobs":[', b'"raised":', b'"bound":', b'"number":', b"null", b"1e999", b"NaN", b"[[", b'"\\ud800"']


def read(data: bytes) -> object:
    """Read the frames in two portions, and show every exception in them."""
    buffer = FrameBuffer()
    middle = len(data) // 2
    return [_message(frame) for portion in (data[:middle], data[middle:]) for frame in buffer.feed(portion)]


def _message(frame: Frame) -> object:
    if frame.kind is FrameKind.CODE:
        return _shown(read_code(frame.facts)[0]), read_lines(frame.facts)
    if frame.kind is FrameKind.OBSERVED:
        return _shown(read_observation(frame).raised)
    return read_end(frame.facts) if frame.kind is FrameKind.ENDED else _shown(read_raised(frame.facts))


def _shown(raised: Raised | None) -> tuple[str, str]:
    cause = explain_error(raised) if raised else None
    verdict = Verdict("a/b", Outcome.ERROR, error=raised, cause=cause)
    return "\n".join(verdict_lines(verdict)), json_text(verdict_as_json(verdict))


def _packed(sent: Sequence[tuple[FrameKind, dict[str, Any]]], blobs: Sequence[bytes]) -> bytes:
    return b"".join(pack(kind, facts, blobs) for kind, facts in sent)


built = st.builds(_packed, st.lists(messages, max_size=3), st.lists(st.binary(max_size=8), max_size=2))
TARGET = Target(read, mutated(SEEDS, TOKENS) | built, (BadFrame,), examples=200)
