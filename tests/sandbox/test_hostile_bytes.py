"""Bytes that an answer forges, where the app and the judge read them: bounded, refused with a reason, never obeyed."""

from __future__ import annotations

import ast
import contextlib
import json
import socket
import struct
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.grading.findings import Comparison, pack, unpack_findings
from quizapp.grading.judge.judge import judge
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.text.verdict_lines import verdict_lines
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.sandbox import frames
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.frames import BadFrame, FrameBuffer, FrameKind
from quizapp.sandbox.host.supervisor import Supervision
from quizapp.sandbox.jail.readable_paths import PACKAGE
from quizapp.sandbox.protocol import Expression, Observation, Report, Run
from quizapp.sandbox.run_messages import read_raised
from quizapp.sandbox.values.decoder import DTYPES, LAYOUTS, READERS
from quizapp.sandbox.values.model import encode
from quizapp.text.printable import json_text

numbers = st.integers() | st.sampled_from([-1, 0, 1 << 20, 1 << 62, 10**4000]) | st.floats()
scalars = st.none() | st.booleans() | numbers | st.text(max_size=20) | st.just("x" * 70_000)
anything = st.deferred(
    lambda: scalars | st.lists(anything, max_size=3) | st.dictionaries(st.text(max_size=5), anything, max_size=3)
)

# What an exception is told with, each fact now right and now anything at all.
texts = st.text(max_size=30) | st.just("\ud800\x1b[31m\u202e")
told = st.fixed_dictionaries(
    {
        "type": texts | anything,
        "message": texts | anything,
        "bases": st.lists(texts, max_size=2) | anything,
        "line": numbers | st.none() | anything,
        "column": numbers | st.none() | anything,
        "end_column": numbers | st.none() | anything,
        "source": texts | st.none() | anything,
        "shapes": st.lists(st.lists(texts, min_size=2, max_size=2), max_size=2) | anything,
        "trace": texts | anything,
    }
)
coded = st.fixed_dictionaries({"raised": st.none() | told | anything, "bound": st.just([]) | anything})
observed = st.fixed_dictionaries(
    {"number": st.just(0) | anything, "raised": st.none() | told | anything, "refused": st.none() | anything}
)
ended = st.fixed_dictionaries(
    {
        "operators": st.just({}) | anything,
        "memory": st.booleans() | anything,
        "libraries": st.just(["pandas"]) | anything,
    }
)
messages = st.one_of(
    st.tuples(st.just(FrameKind.CODE), code_ended),
    st.tuples(st.just(FrameKind.OBSERVED), observed),
    st.tuples(st.just(FrameKind.ENDED), ended),
    st.tuples(st.sampled_from(list(FrameKind)), st.dictionaries(st.text(max_size=8), anything, max_size=3)),
)


PORTION = 1 << 15


def listen(said: list[tuple[FrameKind, dict[str, Any]]], blobs: list[bytes]) -> Report:
    """What the app makes of messages that it gets from a worker; raises BadFrame."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        worker: Any = SimpleNamespace(link=ours, buffer=FrameBuffer())
        run = Supervision(Run("", (Expression(0, "answer"),)), worker, None)  # type: ignore[arg-type]
        data = b"".join(frames.pack(kind, facts, blobs) for kind, facts in said)
        # In portions that a socket holds: nobody reads while we send.
        for start in range(0, len(data), PORTION):
            theirs.sendall(data[start : start + PORTION])
            if run._read_frames():
                break
        return run.report


@given(st.lists(messages, max_size=3), st.lists(st.binary(max_size=8), max_size=2))
@settings(max_examples=150)
def test_any_messages_are_told_or_refused_and_fit_on_a_screen(
    said: list[tuple[FrameKind, dict[str, Any]]], blobs: Any
) -> None:
    with contextlib.suppress(BadFrame):
        report = listen(said, blobs)
        verdict = Verdict("x", Outcome.ERROR, error=report.raised, stdout=report.stdout)
        shown = "\n".join(verdict_lines(verdict))
        assert len(shown) < 1 << 22
        assert all(character in "\n\t" or character.isprintable() for character in shown)
        assert json_text(verdict_as_json(verdict)).isprintable()


@pytest.mark.parametrize("pair", [5, "xy", {"a": 1, "b": 2}, ["x"], ["x", 1], None])
def test_a_shape_that_is_none_is_refused(pair: object) -> None:
    with pytest.raises(BadFrame):
        read_raised({"type": "E", "message": "m", "bases": [], "shapes": [pair], "trace": ""})


def test_a_place_that_no_answer_has_is_no_place() -> None:
    facts = {"type": "E", "message": "\ud800", "bases": [], "shapes": [], "trace": "", "source": "x"}
    raised = read_raised({**facts, "line": 10**15, "column": -5, "end_column": 10**12})
    assert raised is not None
    assert (raised.line, raised.column, raised.end_column, raised.message) == (None, None, None, "\\ud800")


def value(tree: object, header: object = None, body: bytes = b"") -> bytes:
    """As `encode` would write it, whatever the facts."""
    first = json.dumps(tree).encode()
    data = struct.pack("<I", len(first)) + first
    if header is not None:
        second = json.dumps(header).encode()
        data += struct.pack("<Q", len(second)) + second + body
    return data


def node(kind: object, data: object, name: object = "x") -> dict[str, object]:
    return {"t": name, "k": kind, "m": {}, "d": data}


REFERENCE = encode(torch.arange(6.0).reshape(2, 3))


def question(data: bytes, expected: bytes = REFERENCE) -> bytes:
    """The bytes wherever the judge reads bytes of an answer."""
    sides = Observation(0, value=data), Observation(0, value=expected)
    return pack([Comparison(*sides, see="answer", given=data, after=data)])


parts = st.deferred(lambda: PARTS)
PARTS = st.fixed_dictionaries(
    {
        "shape": st.lists(st.integers(0, 4), max_size=3) | st.lists(numbers, max_size=3),
        "dtype": st.sampled_from([*DTYPES, "zzz", "<f4", "V8", "O"]),
    },
    optional={"at": st.sampled_from(["0", "1", "2"])},
)
tensors = st.deferred(lambda: TENSORS)
TENSORS = st.one_of(
    parts,
    st.fixed_dictionaries({"parts": st.lists(parts, max_size=3)}),
    st.fixed_dictionaries({"coo": st.tuples(parts, parts), "shape": anything, "coalesced": st.booleans()}),
    st.fixed_dictionaries(
        {"compressed": st.tuples(parts, parts, parts), "shape": anything, "layout": st.sampled_from(list(LAYOUTS))}
    ),
    st.fixed_dictionaries({"numbers": parts, "scale": st.sampled_from(["nan", "0x1p+0", "z"]), "zero": numbers}),
)
nodes: st.SearchStrategy[dict[str, object]] = st.deferred(
    lambda: (
        st.builds(node, st.just("tensor"), tensors)
        | st.builds(node, st.sampled_from(["array", "numpy"]), parts)
        | st.builds(node, st.sampled_from([*READERS, "zzz"]), anything)
        | st.builds(node, st.sampled_from(HOLDERS), st.lists(nodes, max_size=3))
    )
)
HOLDERS = ["list", "set", "dict", "frame", "series", "index", "slice"]
carried = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "U8", "I64", "BOOL", "F64", "zz"]),
        "shape": st.lists(st.integers(0, 4), max_size=3) | anything,
        "data_offsets": st.tuples(st.integers(0, 64), st.integers(0, 64)) | anything,
    }
)


@given(nodes, st.none() | st.dictionaries(st.sampled_from(["0", "1", "2"]), carried), st.binary(max_size=96))
@settings(max_examples=300, deadline=None)
def test_the_judge_answers_any_tree_and_never_that_it_agrees(tree: object, header: object, body: bytes) -> None:
    (finding,) = unpack_findings(judge(question(value(tree, header, body))))
    assert not finding.agrees
    assert len(finding.summary) < 1000


def one_tensor(dtype: str, count: int) -> bytes:
    fact = {"0": {"dtype": "U8", "shape": [count], "data_offsets": [0, count]}}
    return value(
        node("tensor", {"shape": [2, 3], "dtype": dtype, "at": "0"}, "torch.Tensor"), fact, bytes(range(count))
    )


def sparse(shape: list[int], places: list[int]) -> bytes:
    size = 8 * len(places)
    facts = {
        "0": {"dtype": "I64", "shape": [2, len(places) // 2], "data_offsets": [0, size]},
        "1": {"dtype": "F32", "shape": [len(places) // 2], "data_offsets": [size, size + 2 * len(places)]},
    }
    coo = [
        {"shape": [2, len(places) // 2], "dtype": "torch.int64", "at": "0"},
        {"shape": [len(places) // 2], "dtype": "torch.float32", "at": "1"},
    ]
    body = struct.pack(f"<{len(places)}q", *places) + bytes(2 * len(places))
    return value(node("tensor", {"shape": shape, "coo": coo, "coalesced": True}, "torch.Tensor"), facts, body)


NUMPY = ["O", "V8", "S0", "U0", "S100000000", "(2,3)f4", "f4,f4", "M8[foo]", "m8[ns]", "g", "c32", "f" * 5000, "T"]
EVIL = {
    **{f"bytes as {name} {count}": one_tensor(name, count) for name in DTYPES for count in (6, 24)},
    **{
        f"an array of {name[:20]} {count}": value(
            node("array", {"shape": [2, 3], "dtype": name, "at": "0"}, "numpy.ndarray"),
            {"0": {"dtype": "U8", "shape": [count], "data_offsets": [0, count]}},
            bytes(count),
        )
        for name in NUMPY
        for count in (0, 24, 48)
    },
    "no numbers": value(node("tensor", {"shape": [2, 3], "dtype": "torch.float32"}, "torch.Tensor")),
    "numbers that are nested and missing": value(
        node("tensor", {"parts": [{"shape": [3], "dtype": "torch.float32"}] * 2})
    ),
    "sparse and negative": sparse([2, 3], [0, 0, -1, 0, 1, 2]),
    "sparse and not coalesced": sparse([2, 3], [0, 0, 0, 1, 1, 1]),
    "sparse and huge": sparse([1 << 30, 1 << 31], [0, 5, 1, 0, 1, 2]),
    "a huge integer": value(node("int", "f" * 2_000_000)),
    "an endless range": value(node("range", ["0", "f" * 400_000, "1"])),
    "a huge name": value(node("named", "x" * 2_000_000)),
    "a huge type": value(node("int", "1", "x" * 2_000_000)),
    "half characters": value(node("str", "\ud800" * 100_000)),
    "many items": value(node("list", [node("int", "1")] * 20_000)),
    "a large set": value(node("set", [node("int", format(number, "x")) for number in range(10_000)])),
    "no end of levels": struct.pack("<I", 200_000) + b"[" * 200_000,
    "the same key twice": struct.pack("<I", 49) + b'{"k":"int","k":"str","d":"1","t":"a","t":"b","d":5}'[:49],
    "a frame without sides": value(node("frame", [node("index", []), node("index", []), []])),
    "rows of nothing": value(node("array", {"shape": [0, 1 << 50], "items": []})),
    "an unknown device": value(
        {**node("tensor", {"shape": [2], "dtype": "torch.int8"}), "m": {"device": "\x1b:9" * 999}}
    ),
}


def test_one_judge_answers_every_evil_value_and_goes_on(sandbox: Sandbox) -> None:
    for name, data in EVIL.items():
        for expected in (REFERENCE, data):
            findings = unpack_findings(sandbox.judge(question(data, expected)))
            assert len(findings) == 1 and len(pack(findings)) < 1 << 16, name
            assert not (expected is REFERENCE and findings[0].agrees), name


@pytest.mark.parametrize(
    "kind", [torch.ones(2), np.ones(2), pd.Series([1.0]), [1], {"a": 1}], ids=lambda kind: type(kind).__name__
)
def test_a_value_cut_anywhere_is_refused(kind: object) -> None:
    data = encode(kind)
    for size in range(len(data)):
        (finding,) = unpack_findings(judge(question(data[:size], data)))
        assert not finding.agrees


LOADERS = {"load", "loads", "Unpickler", "read_pickle"}
UNSAFE = {"pickle", "dill", "shelve", "joblib", "cloudpickle"}


def test_nothing_of_the_program_unpickles() -> None:
    for path in PACKAGE.rglob("*.py"):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in found.names] if isinstance(found, ast.Import | ast.ImportFrom) else []
            names += [found.module or ""] if isinstance(found, ast.ImportFrom) else []
            assert not UNSAFE & {name.partition(".")[0] for name in names}, path
            if isinstance(found, ast.Attribute) and found.attr in LOADERS and isinstance(found.value, ast.Name):
                assert found.value.id not in {"torch", "np", "numpy", "pd", "joblib"}, path
