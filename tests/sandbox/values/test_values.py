"""Every value of the deck format survives a round trip through plain bytes; others are refused."""

from __future__ import annotations

import collections
import contextlib
import enum
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.sandbox.values.model import MAX_BYTES, NotSerializable, Value
from quizapp.sandbox.values.serialise import decode, encode


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


Point = collections.namedtuple("Point", "x y")


def round_trip(value: object) -> Value:
    return decode(encode(value))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "none"),
        (True, "bool"),
        (-7, "int"),
        (1 << 5000, "int"),
        (1.5, "float"),
        (1 - 2j, "complex"),
        ("a\ud800é\0", "str"),
        (b"\xff\0", "bytes"),
    ],
)
def test_plain_data_is_decoded_unchanged(value: object, kind: str) -> None:
    decoded = round_trip(value)
    assert (decoded.kind, decoded.data, decoded.type) == (kind, value, f"builtins.{type(value).__name__}")


def test_nan_and_negative_zero_are_decoded_unchanged() -> None:
    assert math.isnan(round_trip(math.nan).data)
    assert round_trip(-0.0).data.hex() == "-0x0.0p+0"


@pytest.mark.parametrize(
    ("value", "kind", "data"),
    [
        (torch.float32, "dtype", "torch.float32"),
        (np.dtype("int16"), "dtype", "int16"),
        (torch.device("cpu"), "device", "cpu"),
        (torch.Size([2, 3]), "size", (2, 3)),
        (range(1, 9, 2), "range", (1, 9, 2)),
        (Colour.RED, "enum", f"{__name__}.Colour.RED"),
        (Level.LOW, "enum", f"{__name__}.Level.LOW"),
        (torch.nn.Linear, "named", "torch.nn.modules.linear.Linear"),
        (len, "named", "builtins.len"),
        (torch, "named", "torch"),
        (torch.strided, "named", "torch.strided"),
    ],
)
def test_named_objects_are_encoded_by_name(value: object, kind: str, data: object) -> None:
    decoded = round_trip(value)
    assert (decoded.kind, decoded.data) == (kind, data)


def test_an_exception_value_names_its_bases() -> None:
    decoded = round_trip(KeyError("x"))
    assert (decoded.kind, decoded.data) == ("exception", ("builtins.KeyError", "'x'"))
    assert "builtins.LookupError" in dict(decoded.meta)["bases"].split()


TENSORS = [
    torch.arange(6).reshape(2, 3),
    torch.ones(2, 3).T,
    torch.ones(1).expand(3, 4),
    torch.tensor(5.0),
    torch.empty(0, 3),
    torch.tensor([True, False]),
    torch.tensor([1 + 2j]).conj(),
    torch.tensor([1 + 2j], dtype=torch.complex128).conj().imag,
    torch.ones(3, dtype=torch.complex128),
    torch.tensor([1.5, -2.0]).to(torch.bfloat16),
    torch.tensor([1.5, -2.0]).to(torch.float8_e4m3fn),
    torch.ones(2, requires_grad=True) * 2,
    torch.arange(10)[::3],
]


@pytest.mark.parametrize("tensor", TENSORS, ids=str)
def test_a_strided_tensor_is_decoded_equal(tensor: torch.Tensor) -> None:
    decoded = round_trip(tensor)
    assert (decoded.data.dtype, decoded.data.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(decoded.data.to(torch.complex128), tensor.detach().to(torch.complex128))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.eye(3).to_sparse(),
        lambda: torch.eye(3).to_sparse_csr(),
        lambda: torch.eye(3).to_sparse_csc(),
        lambda: torch.eye(4).to_sparse_bsr((2, 2)),
        lambda: torch.sparse_coo_tensor(torch.zeros(1, 2, dtype=torch.int64), torch.ones(2), (4,)),
    ],
)
def test_a_sparse_tensor_keeps_its_layout(make: Any) -> None:
    tensor = make()
    decoded = round_trip(tensor)
    assert (decoded.data.layout, dict(decoded.meta)["layout"]) == (tensor.layout, str(tensor.layout))
    assert torch.equal(decoded.data.to_dense(), tensor.to_dense())


@pytest.mark.filterwarnings("ignore")
def test_quantised_and_nested_tensors_are_decoded_equal() -> None:
    quantised = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 3, torch.quint8)
    by_channel = torch.quantize_per_channel(
        torch.ones(2, 2), torch.tensor([0.5, 1.0]), torch.tensor([0, 1]), 0, torch.qint8
    )
    for tensor in (quantised, by_channel):
        assert torch.equal(round_trip(tensor).data.dequantize(), tensor.dequantize())
    nested = round_trip(torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]))
    assert [len(part) for part in nested.data.unbind()] == [2, 3]


def test_a_parameter_is_distinguished_from_a_tensor() -> None:
    assert dict(round_trip(torch.nn.Parameter(torch.ones(1))).meta)["parameter"] == "yes"
    assert "parameter" not in dict(round_trip(torch.ones(1)).meta)


def test_a_lying_subclass_is_encoded_with_its_actual_numbers() -> None:
    class Liar(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return True

    assert round_trip(torch.zeros(2).as_subclass(Liar)).data.tolist() == [0, 0]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3).T,
        np.arange(3, dtype=">i4"),
        np.array(["a", "bc"]),
        np.array("2020-01-01", dtype="M8[D]"),
        np.zeros((0, 2), dtype=np.float16),
    ],
    ids=str,
)
def test_an_array_is_decoded_equal(array: Any) -> None:
    decoded = round_trip(array).data
    assert decoded.dtype == array.dtype.newbyteorder("=")
    assert np.array_equal(decoded, array)


def test_the_items_of_an_object_array_are_values() -> None:
    assert [item.kind for item in round_trip(np.array([1, "a", None], dtype=object)).data] == ["int", "str", "none"]


def test_a_numpy_scalar_is_distinguished_from_a_python_number() -> None:
    decoded = round_trip(np.float64(1.5))
    assert (decoded.kind, decoded.type, decoded.data) == ("numpy", "numpy.float64", 1.5)


def test_pandas_values_keep_labels_order_and_dtypes() -> None:
    columns, rows, values = round_trip(pd.DataFrame({"b": [1, 2], "a": ["x", None]}, index=[7, 5])).data
    assert [item.data for item in columns.data[0].data] == ["b", "a"]
    assert rows.data[0].data.tolist() == [7, 5]
    assert dict(values[0].meta)["dtype"] == "int64"
    series = round_trip(pd.Series([1.5], name="n"))
    assert (series.data[0].data.tolist(), series.data[2].data) == ([1.5], "n")
    assert round_trip(pd.MultiIndex.from_tuples([(1, "a")])).kind == "index"


def test_named_tuples_are_tuples_with_their_type() -> None:
    assert (round_trip(Point(1, 2)).kind, round_trip(Point(1, 2)).type) == ("tuple", f"{__name__}.Point")
    assert round_trip(torch.ones(2, 2).max(0)).type == "torch.return_types.max"
    assert round_trip(collections.OrderedDict(a=1)).kind == "dict"


@pytest.mark.parametrize(
    "make",
    [
        lambda: object(),
        lambda: iter(()),
        lambda: torch.ones(1).expand(10**6, 10**6),
        lambda: list(range(10**6)),
        lambda: 1 << 10**6,
        lambda: "x" * (MAX_BYTES + 1),
        lambda: [torch.zeros(MAX_BYTES // 8)] * 3,
        lambda: np.broadcast_to(np.zeros(1), (10**6, 10**6)),
        lambda: np.broadcast_to(np.array(None), (10**6, 10**6)),
    ],
)
def test_values_that_are_not_plain_data_or_too_large_are_refused(make: Any) -> None:
    with pytest.raises(NotSerializable):
        encode(make())


def test_a_value_that_contains_itself_is_refused() -> None:
    recursive: list[Any] = []
    recursive.append(recursive)
    with pytest.raises(NotSerializable, match="nested deeper"):
        encode(recursive)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)


def to_python(value: Value) -> Any:
    if value.kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[value.kind](map(to_python, value.data))
    return value.data


@given(plain)
@settings(max_examples=150, deadline=None)
def test_any_plain_data_is_decoded_unchanged(value: Any) -> None:
    assert to_python(round_trip(value)) == value


SAMPLES = [
    encode(value)
    for value in (torch.ones(2, 3), [1, "a", {2.5: None}], np.arange(4), torch.eye(3).to_sparse(), pd.Series([1]))
]


@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6))
@settings(max_examples=400, deadline=None)
def test_tampered_bytes_give_a_value_or_are_refused(data: bytes, changes: list[tuple[int, int]]) -> None:
    changed = bytearray(data)
    for position, byte in changes:
        changed[position % len(changed)] = byte
    with contextlib.suppress(NotSerializable):
        assert isinstance(decode(bytes(changed)), Value)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_value_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(NotSerializable):
        assert isinstance(decode(data), Value)
