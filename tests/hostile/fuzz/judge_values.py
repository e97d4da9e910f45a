"""Values of a worker, as the judge decodes, compares and prints them."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st

from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import unpack_findings
from quizapp.sandbox.values.decoder import CARRIERS, DTYPES, READERS
from quizapp.sandbox.values.serialise import encode
from tests.hostile.fuzz.inputs import mutated
from tests.hostile.fuzz.target import Target
from tests.sandbox.test_hostile_bytes import nodes, question, tensor_headers, value

with warnings.catch_warnings():
    # Torch warns that quantised tensors are deprecated.
    warnings.simplefilter("ignore")
    QUANTISED = torch.quantize_per_tensor(torch.ones(3), 0.5, 0, torch.qint8)
VALUES = [
    torch.arange(6.0).reshape(2, 3),
    torch.eye(2).to_sparse(),
    torch.tensor([1 + 2j, 3]),
    torch.ones(2, 2, dtype=torch.bfloat16),
    QUANTISED,
    np.ma.masked_array([1, 2], [True, False]),
    np.array(["a", None], dtype=object),
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
    pd.Series([1.5, None], name="s"),
    {"a": [1, 2.5, (True, None)], 3: {4}, "text": "two\nlines", "range": range(3), "bytes": b"\0"},
    ValueError("m"),
]
SEEDS = [encode(found) for found in VALUES]
TOKENS = [
    *(f'"{name}"'.encode() for name in (*READERS, *DTYPES, *CARRIERS)),
    *(b'{"t":"x","k":"list","m":{},"d":[', b'"shape":[', b'"at":"0"', b'"parts":', b"null", b"4611686018427387904"),
]


def read(data: bytes) -> object:
    """Compare a value with each kind of value, and with itself as the reference's."""
    others = SEEDS[len(data) % len(SEEDS)], data
    findings = [finding for other in others for finding in unpack_findings(judge(question(data, other)))]
    assert len(findings) == 2
    return findings


trees = st.builds(
    value, nodes, st.none() | st.dictionaries(st.sampled_from(["0", "1"]), tensor_headers), st.binary(max_size=96)
)
TARGET = Target(read, mutated(SEEDS, TOKENS) | trees, examples=200)
