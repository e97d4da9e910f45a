"""No pair of values, of whatever kinds, makes the diagnosis fail."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
import torch

from quizapp.grading.judge.judge import judge
from quizapp.grading.judge_protocol import Comparison, pack_comparisons, unpack_findings
from quizapp.sandbox.protocol import Observation
from quizapp.sandbox.values.serialise import encode

VALUES: dict[str, Callable[[], object]] = {
    "none": lambda: None,
    "bool": lambda: True,
    "integer": lambda: 7,
    "large integer": lambda: 10**40,
    "float": lambda: 0.5,
    "nan": lambda: float("nan"),
    "complex": lambda: 1 + 2j,
    "text": lambda: "abc\ndef",
    "bytes": lambda: b"abc",
    "empty list": list,
    "list": lambda: [1, 2, 3],
    "list of tensors": lambda: [torch.ones(2), torch.zeros(3, 1)],
    "mixed list": lambda: [1, "a", None, torch.eye(2)],
    "tuple": lambda: (1.5, 2.5),
    "set": lambda: {1, 2},
    "dict": lambda: {"a": 1, 2: torch.ones(2)},
    "size": lambda: torch.Size([2, 3]),
    "dtype": lambda: torch.float32,
    "device": lambda: torch.device("cpu"),
    "function": lambda: torch.sum,
    "scalar tensor": lambda: torch.tensor(2.5),
    "empty tensor": lambda: torch.zeros(0, 3),
    "vector": lambda: torch.arange(6.0),
    "matrix": lambda: torch.arange(6.0).reshape(2, 3),
    "half": lambda: torch.ones(2, 3, dtype=torch.float16),
    "mask": lambda: torch.tensor([[True, False, True], [False, False, True]]),
    "integers": lambda: torch.arange(6).reshape(2, 3),
    "complex tensor": lambda: torch.ones(2, 3, dtype=torch.complex64),
    "all nan": lambda: torch.full((2, 3), float("nan")),
    "infinite": lambda: torch.full((2, 3), float("inf")),
    "sparse": lambda: torch.eye(3).to_sparse(),
    "csr": lambda: torch.eye(3).to_sparse_csr(),
    "nested": lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    "meta": lambda: torch.ones(2, 3, device="meta"),
    "quantised": lambda: torch.quantize_per_tensor(torch.ones(2, 3), 0.1, 0, torch.quint8),
    "array": lambda: np.arange(6.0).reshape(2, 3),
    "array of texts": lambda: np.array(["a", "b"]),
    "array of objects": lambda: np.array([1, "a", None], dtype=object),
    "NumPy number": lambda: np.float32(2.5),
    "date": lambda: np.datetime64("2024-01-01"),
    "frame": lambda: pd.DataFrame({"a": [1, 2], "b": [0.5, None]}),
    "empty frame": pd.DataFrame,
    "frame with two levels": lambda: pd.DataFrame(
        {("a", 1): [1], ("a", 2): [2]}, index=pd.MultiIndex.from_tuples([("x", 1)])
    ),
    "equal columns": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "series": lambda: pd.Series([1.0, 2.0], index=["x", "y"]),
    "categories": lambda: pd.Series(["a", "b"], dtype="category"),
    "dates": lambda: pd.Series(pd.to_datetime(["2024-01-01", "NaT"])),
    "index": lambda: pd.Index(["a", "b"]),
    "multi-index": lambda: pd.MultiIndex.from_tuples([("x", 1), ("y", 2)]),
}
GIVEN = {"x": torch.arange(6.0).reshape(2, 3), "n": 3, "frame": pd.DataFrame({"a": [1, 2]}), "items": [torch.ones(2)]}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", VALUES)
def test_no_pair_of_values_makes_the_diagnosis_fail(name: str) -> None:
    given = encode(GIVEN)
    got = Observation(0, encode(VALUES[name]()))
    others = [Observation(0, encode(make())) for make in VALUES.values()]
    sees = ("answer", "answer.shape", "shares_memory(answer, x)", "answer.grad")
    comparisons = [
        Comparison(got, expected, see=see, given=given, after=given) for expected, see in product(others, sees)
    ]
    findings = unpack_findings(judge(pack_comparisons(comparisons)))
    assert len(findings) == len(comparisons)
    assert all(finding.mistake for finding in findings if finding.diagnosis)
