"""Decodes a value from hostile bytes: every number is checked before anything is allocated."""

from __future__ import annotations

import base64
import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from quizapp.sandbox.values.model import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, MAX_RANK, NotSerializable, Value

CARRIERS = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
    "U16": torch.uint16, "U32": torch.uint32, "U64": torch.uint64,
}  # fmt: skip
DTYPES = {str(value): value for value in vars(torch).values() if isinstance(value, torch.dtype)}
LAYOUTS = {str(value): value for value in vars(torch).values() if isinstance(value, torch.layout)}
COMPLEX = {torch.complex128: torch.float64, torch.complex64: torch.float32}
MAX_HEADER = MAX_BYTES
MAX_NAME = 500
MAX_TEXT = 1 << 16
"""Characters of a name and of a text."""

MAX_DIGITS = (1 << 14) + 2
"""Hexadecimal digits of the longest int that `encode` writes, with a sign."""

ARRAY_DTYPE = re.compile(r"[<>|=]?[biufcSUmM][0-9]{1,9}(\[[0-9]{0,9}[a-zA-Z]{1,2}\])?")


class ValueDecoder:
    """Decodes one value and the tensors it contains."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tensors: dict[str, torch.Tensor] = {}
        self.items = 0

    def read(self) -> Value:
        """Return the value; raises `NotSerializable` for any invalid bytes."""
        try:
            return self._read()
        except NotSerializable:
            raise
        except Exception as error:
            # Bytes that `encode` wrote never fail.
            raise NotSerializable(f"not a value: {type(error).__name__}: {error}"[:300]) from error

    def _read(self) -> Value:
        if len(self.data) < 4 or len(self.data) > 3 * MAX_BYTES:
            raise NotSerializable("not a value: invalid size")
        (size,) = struct.unpack_from("<I", self.data)
        if size > min(MAX_HEADER, len(self.data) - 4):
            raise NotSerializable("not a value: invalid size")
        tree = json.loads(self.data[4 : 4 + size])
        if len(self.data) > 4 + size:
            self.tensors = read_tensors(memoryview(self.data)[4 + size :])
        return self.value(tree, 0)

    def value(self, node: Any, depth: int) -> Value:
        """Return the value of one node; raises `NotSerializable` beyond MAX_ITEMS or MAX_DEPTH."""
        self.items += 1
        if self.items > MAX_ITEMS or depth > MAX_DEPTH:
            raise NotSerializable("not a value: too many items or levels")
        kind, data, name = node["k"], node["d"], node["t"]
        meta = tuple((text(key, MAX_NAME), text(value, MAX_TEXT)) for key, value in node.get("m", {}).items())
        value = Value(kind, READERS[kind](self, data, depth), text(name, MAX_NAME), meta)
        if kind == "tensor" and value.data.is_meta is not dict(meta).get("device", "").startswith("meta"):
            raise NotSerializable("not a value: a tensor without numbers that claims to have some")
        return value

    def values(self, nodes: Any, depth: int) -> tuple[Value, ...]:
        if not isinstance(nodes, list):
            raise NotSerializable("not a value: expected a list")
        return tuple(self.value(node, depth + 1) for node in nodes)

    def pairs(self, nodes: Any, depth: int) -> tuple[tuple[Value, Value], ...]:
        return tuple((self.value(key, depth + 1), self.value(value, depth + 1)) for key, value in nodes)

    def tensor(self, node: Any, depth: int) -> torch.Tensor:
        if "parts" in node:
            parts = [self.strided(part) for part in node["parts"][:MAX_ITEMS]]
            return torch.nested.nested_tensor(parts)
        if "numbers" in node:
            return self.quantised(node)
        if "coo" in node:
            indices, values = (self.strided(part) for part in node["coo"])
            size = shape(node["shape"])
            built = torch.sparse_coo_tensor(indices, values, size, check_invariants=True)
            return built._coalesced_(node["coalesced"] is True)
        if "compressed" in node:
            return self.compressed(node)
        return self.strided(node)

    def compressed(self, node: Any) -> torch.Tensor:
        compressed, plain, values = (self.strided(part) for part in node["compressed"])
        layout = LAYOUTS[node["layout"]]
        return torch.sparse_compressed_tensor(
            compressed, plain, values, shape(node["shape"]), layout=layout, check_invariants=True
        )

    def quantised(self, node: Any) -> torch.Tensor:
        numbers = self.strided(node["numbers"])
        if "scale" in node:
            return torch._make_per_tensor_quantized_tensor(numbers, float.fromhex(node["scale"]), integer(node["zero"]))
        scales, zeros = self.strided(node["scales"]), self.strided(node["zeros"])
        axis = integer(node["axis"])
        if not 0 <= axis < numbers.dim() or not scales.shape == zeros.shape == (numbers.shape[axis],):
            raise NotSerializable("not a value: invalid quantisation")
        return torch._make_per_channel_quantized_tensor(numbers, scales, zeros, axis)

    def strided(self, node: Any) -> torch.Tensor:
        size, dtype = shape(node["shape"]), DTYPES[node["dtype"]]
        if "at" not in node:
            return torch.empty(size, dtype=dtype, device="meta")
        carried = self.tensors[node["at"]]
        if dtype in COMPLEX:
            if carried.dtype is not COMPLEX[dtype] or tuple(carried.shape) != (*size, 2):
                raise NotSerializable("not a value: invalid complex tensor")
            return torch.view_as_complex(carried)
        if carried.dtype is dtype:
            if tuple(carried.shape) != size:
                raise NotSerializable("not a value: invalid shape")
            return carried
        if carried.dtype is not torch.uint8 or carried.numel() != math.prod(size) * dtype.itemsize:
            raise NotSerializable("not a value: wrong number of bytes")
        return carried.view(dtype).reshape(size)

    def array(self, node: Any, depth: int) -> np.ndarray[Any, Any]:
        size = shape(node["shape"])
        if "items" in node:
            items = self.values(node["items"], depth)
            array = np.empty(len(items), dtype=object)
            array[:] = items
            return array.reshape(size)
        if not ARRAY_DTYPE.fullmatch(name := text(node["dtype"])):
            raise NotSerializable("not a value: unknown dtype of an array")
        dtype = np.dtype(name)
        raw = self.tensors[node["at"]]
        if dtype.hasobject or raw.dtype is not torch.uint8 or raw.numel() != math.prod(size) * dtype.itemsize:
            raise NotSerializable("not a value: wrong number of bytes")
        return np.frombuffer(raw.numpy().tobytes(), dtype=dtype).reshape(size)

    def masked(self, node: Any, depth: int) -> tuple[Value, Value]:
        data, mask = (require_kind(part, "array") for part in self.values(node, depth))
        if mask.data.dtype != bool or mask.data.shape != data.data.shape:
            raise NotSerializable("not a value: a mask that does not match its array")
        return data, mask

    def scalar(self, node: Any, depth: int) -> np.generic:
        scalar: Any = self.array(node, depth)[()]
        if not isinstance(scalar, np.generic):
            raise NotSerializable("not a value: expected a scalar")
        return scalar

    def series(self, node: Any, depth: int) -> tuple[Value, Value, Value]:
        values, rows, name = self.values(node, depth)
        return require_kind(values, "array"), require_kind(rows, "index"), name

    def index(self, node: Any, depth: int) -> tuple[Value, Value]:
        values, names = self.values(node, depth)
        return require_kind(values, "array"), require_kind(names, "list")

    def frame(self, node: Any, depth: int) -> tuple[Value, Value, tuple[Value, ...]]:
        columns, rows, values = node
        body = tuple(require_kind(value, "array") for value in self.values(values, depth))
        axes = [require_kind(self.value(axis, depth + 1), "index") for axis in (columns, rows)]
        return axes[0], axes[1], body


def read_tensors(data: memoryview) -> dict[str, torch.Tensor]:
    """Return the tensors of a safetensors file; raises `NotSerializable` unless its header matches its bytes."""
    (size,) = struct.unpack_from("<Q", data)
    if size > min(MAX_HEADER, len(data) - 8):
        raise NotSerializable("not a value: invalid tensor header")
    header = json.loads(bytes(data[8 : 8 + size]))
    body = bytearray(data[8 + size :])
    header.pop("__metadata__", None)
    tensors, end = {}, 0
    for name, fact in sorted(header.items(), key=lambda item: integer(item[1]["data_offsets"][0])):
        dtype, dimensions = CARRIERS[fact["dtype"]], shape(fact["shape"])
        start, stop = (integer(offset) for offset in fact["data_offsets"])
        count = math.prod(dimensions)
        if start != end or stop - start != count * dtype.itemsize or stop > len(body):
            raise NotSerializable("not a value: tensors overlap or leave gaps")
        if dtype is torch.bool and body[start:stop].translate(None, b"\0\1"):
            raise NotSerializable("not a value: a bool that is neither 0 nor 1")
        end = stop
        if count == 0:
            tensors[name] = torch.empty(dimensions, dtype=dtype)
        else:
            # Copied, because torch requires alignment and an offset may not be a multiple of the item size.
            tensors[name] = torch.frombuffer(bytearray(body[start:stop]), dtype=dtype).reshape(dimensions)
    if end != len(body):
        raise NotSerializable("not a value: bytes after the last tensor")
    return tensors


def shape(value: Any) -> tuple[int, ...]:
    """Return a shape; raises `NotSerializable` unless its number of elements fits a 64-bit index."""
    if not isinstance(value, list) or len(value) > MAX_RANK + 1:
        raise NotSerializable("not a value: invalid shape")
    sizes = tuple(integer(size) for size in value)
    if any(size < 0 for size in sizes) or math.prod(max(size, 1) for size in sizes) >= 1 << 62:
        raise NotSerializable("not a value: invalid shape")
    return sizes


def integer(value: Any) -> int:
    """Return `value` if it is an int and not a bool; raises `NotSerializable`."""
    if type(value) is not int:
        raise NotSerializable("not a value: expected an integer")
    return value


def text(value: Any, max_length: int = 3 * MAX_BYTES) -> str:
    """Return `value` if it is a str of at most `max_length` characters; raises `NotSerializable`."""
    if type(value) is not str or len(value) > max_length:
        raise NotSerializable("not a value: expected a text that is not too long")
    return value


def hex_integer(value: Any) -> int:
    """Return the int of a hexadecimal text; raises `NotSerializable` or ValueError."""
    return int(text(value, MAX_DIGITS), 16)


def require_kind(value: Value, kind: str) -> Value:
    """Return `value` if it has this kind; raises `NotSerializable`."""
    if value.kind != kind:
        raise NotSerializable(f"not a value: expected kind {kind}")
    return value


def _none(decoder: ValueDecoder, data: Any, depth: int) -> None:
    if data is not None:
        raise NotSerializable("not a value: expected null")


def _bool(decoder: ValueDecoder, data: Any, depth: int) -> bool:
    if type(data) is not bool:
        raise NotSerializable("not a value: expected a bool")
    return data


def _exception(decoder: ValueDecoder, data: Any, depth: int) -> tuple[str, str]:
    name, message = data
    return text(name, MAX_NAME), text(message, MAX_TEXT)


READERS: dict[str, Callable[[ValueDecoder, Any, int], Any]] = {
    "none": _none,
    "bool": _bool,
    "int": lambda decoder, data, depth: hex_integer(data),
    "float": lambda decoder, data, depth: float.fromhex(text(data, MAX_NAME)),
    "complex": lambda decoder, data, depth: complex(*(float.fromhex(text(part, MAX_NAME)) for part in data[:2])),
    "str": lambda decoder, data, depth: text(data),
    "bytes": lambda decoder, data, depth: base64.b64decode(text(data), validate=True),
    "numpy": ValueDecoder.scalar,
    "dtype": lambda decoder, data, depth: text(data, MAX_NAME),
    "device": lambda decoder, data, depth: text(data, MAX_NAME),
    "size": lambda decoder, data, depth: shape(data),
    "slice": ValueDecoder.values,
    "range": lambda decoder, data, depth: tuple(hex_integer(part) for part in data[:3]),
    "enum": lambda decoder, data, depth: text(data, MAX_NAME),
    "named": lambda decoder, data, depth: text(data, MAX_NAME),
    "exception": _exception,
    "tensor": ValueDecoder.tensor,
    "array": ValueDecoder.array,
    "masked": ValueDecoder.masked,
    "frame": ValueDecoder.frame,
    "series": ValueDecoder.series,
    "index": ValueDecoder.index,
    "list": ValueDecoder.values,
    "tuple": ValueDecoder.values,
    "set": ValueDecoder.values,
    "frozenset": ValueDecoder.values,
    "dict": ValueDecoder.pairs,
}
