"""Bytes forged by an answer, as read by the app and the judge: bounded, and refused with a reason."""

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

from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import Comparison, pack_comparisons, pack_findings, unpack_findings
from quizapp.grading.verdict import Outcome, Verdict
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.sandbox import frames
from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.frames import BadFrame, FrameBuffer, FrameKind
from quizapp.sandbox.host.supervisor import Supervision
from quizapp.sandbox.jail.readable_paths import PACKAGE
from quizapp.sandbox.protocol import Expression, Observation, Report, Run
from quizapp.sandbox.values.decoder import DTYPES, LAYOUTS, READERS
from quizapp.sandbox.values.serialise import encode
from quizapp.text.printable import json_text
from quizapp.text.verdict_lines import verdict_lines

numbers = st.integers() | st.sampled_from([-1, 0, 1 << 20, 1 << 62, 10**4000]) | st.floats()
scalars = st.none() | st.booleans() | numbers | st.text(max_size=20) | st.just("x" * 70_000)
anything: st.SearchStrategy[object] = st.deferred(
    lambda: scalars | st.lists(anything, max_size=3) | st.dictionaries(st.text(max_size=5), anything, max_size=3)
)

# The head of an exception; each field is either valid or arbitrary JSON.
texts = st.text(max_size=30) | st.just("\ud800\x1b[31m\u202e")
raised_heads = st.fixed_dictionaries(
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
code_heads = st.fixed_dictionaries({"raised": st.none() | raised_heads | anything, "bound": st.just([]) | anything})
observation_heads = st.fixed_dictionaries(
    {"number": st.just(0) | anything, "raised": st.none() | raised_heads | anything, "refused": st.none() | anything}
)
end_heads = st.fixed_dictionaries(
    {
        "calls": st.just({}) | anything,
        "operators": st.integers() | anything,
        "peak_memory": st.integers() | anything,
        "memory": st.booleans() | anything,
        "libraries": st.just(["pandas"]) | anything,
    }
)
messages = st.one_of(
    st.tuples(st.just(FrameKind.CODE), code_heads),
    st.tuples(st.just(FrameKind.OBSERVED), observation_heads),
    st.tuples(st.just(FrameKind.ENDED), end_heads),
    st.tuples(st.sampled_from(list(FrameKind)), st.dictionaries(st.text(max_size=8), anything, max_size=3)),
)


PORTION = 1 << 15


def receive_report(sent: list[tuple[FrameKind, dict[str, Any]]], blobs: list[bytes]) -> Report:
    """Return the app's report of messages from a worker; raises BadFrame."""
    link, peer = socket.socketpair()
    with link, peer:
        link.setblocking(False)
        worker: Any = SimpleNamespace(link=link, buffer=FrameBuffer())
        run = Supervision(Run("", (Expression(0, "answer"),)), worker, None)  # type: ignore[arg-type]
        data = b"".join(frames.pack(kind, facts, blobs) for kind, facts in sent)
        # In portions that fit the socket's buffer, because nothing reads concurrently.
        for start in range(0, len(data), PORTION):
            peer.sendall(data[start : start + PORTION])
            if run._read_frames():
                break
        return run.report


@given(st.lists(messages, max_size=3), st.lists(st.binary(max_size=8), max_size=2))
@settings(max_examples=150)
def test_any_messages_are_reported_or_refused_and_can_be_displayed(
    sent: list[tuple[FrameKind, dict[str, Any]]], blobs: Any
) -> None:
    with contextlib.suppress(BadFrame):
        report = receive_report(sent, blobs)
        verdict = Verdict("x", Outcome.ERROR, error=report.raised, stdout=report.stdout)
        text = "\n".join(verdict_lines(verdict))
        assert len(text) < 1 << 22
        assert all(character in "\n\t" or character.isprintable() for character in text)
        assert json_text(verdict_as_json(verdict)).isprintable()


def value(tree: object, header: object = None, body: bytes = b"") -> bytes:
    """Return bytes in the format of `encode`, with arbitrary contents."""
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
    """Return a question with `data` wherever the judge reads bytes of an answer."""
    sides = Observation(0, value=data), Observation(0, value=expected)
    return pack_comparisons([Comparison(*sides, see="answer", given=data, after=data)])


parts = st.fixed_dictionaries(
    {
        "shape": st.lists(st.integers(0, 4), max_size=3) | st.lists(numbers, max_size=3),
        "dtype": st.sampled_from([*DTYPES, "zzz", "<f4", "V8", "O"]),
    },
    optional={"at": st.sampled_from(["0", "1", "2"])},
)
tensors: st.SearchStrategy[object] = st.one_of(
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
        | st.builds(node, st.sampled_from(CONTAINER_KINDS), st.lists(nodes, max_size=3))
    )
)
CONTAINER_KINDS: list[str] = ["list", "set", "dict", "frame", "series", "index", "slice"]
tensor_headers = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "U8", "I64", "BOOL", "F64", "zz"]),
        "shape": st.lists(st.integers(0, 4), max_size=3) | anything,
        "data_offsets": st.tuples(st.integers(0, 64), st.integers(0, 64)) | anything,
    }
)


@given(nodes, st.none() | st.dictionaries(st.sampled_from(["0", "1", "2"]), tensor_headers), st.binary(max_size=96))
@settings(max_examples=300, deadline=None)
def test_the_judge_answers_any_tree_and_never_finds_agreement(tree: object, header: object, body: bytes) -> None:
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
FORGED = {
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
    "deep nesting": struct.pack("<I", 200_000) + b"[" * 200_000,
    "the same key twice": struct.pack("<I", 49) + b'{"k":"int","k":"str","d":"1","t":"a","t":"b","d":5}'[:49],
    "a frame without sides": value(node("frame", [node("index", []), node("index", []), []])),
    "rows of nothing": value(node("array", {"shape": [0, 1 << 50], "items": []})),
    "an unknown device": value(
        {**node("tensor", {"shape": [2], "dtype": "torch.int8"}), "m": {"device": "\x1b:9" * 999}}
    ),
}


def test_one_judge_answers_every_forged_value(sandbox: Sandbox) -> None:
    for name, data in FORGED.items():
        for expected in (REFERENCE, data):
            findings = unpack_findings(sandbox.judge(question(data, expected)))
            assert len(findings) == 1 and len(pack_findings(findings)) < 1 << 16, name
            assert not (expected is REFERENCE and findings[0].agrees), name


@pytest.mark.parametrize(
    "kind", [torch.ones(2), np.ones(2), pd.Series([1.0]), [1], {"a": 1}], ids=lambda kind: type(kind).__name__
)
def test_a_value_truncated_anywhere_is_refused(kind: object) -> None:
    data = encode(kind)
    for size in range(len(data)):
        (finding,) = unpack_findings(judge(question(data[:size], data)))
        assert not finding.agrees


LOADERS = {"load", "loads", "Unpickler", "read_pickle"}
UNSAFE = {"pickle", "dill", "shelve", "joblib", "cloudpickle"}


DECK_CACHE = PACKAGE / "decks" / "cache.py"
"""The one exception: it reads only files that it has written into the user's own cache folder, and says why."""


def test_no_module_unpickles_but_the_deck_cache() -> None:
    for path in set(PACKAGE.rglob("*.py")) - {DECK_CACHE}:
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in found.names] if isinstance(found, ast.Import | ast.ImportFrom) else []
            names += [found.module or ""] if isinstance(found, ast.ImportFrom) else []
            assert not UNSAFE & {name.partition(".")[0] for name in names}, path
            if isinstance(found, ast.Attribute) and found.attr in LOADERS and isinstance(found.value, ast.Name):
                assert found.value.id not in {"torch", "np", "numpy", "pd", "joblib"}, path
