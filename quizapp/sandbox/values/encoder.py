"""Encodes a value as plain bytes. Runs beside untrusted code, so it calls no method that a class can override."""

from __future__ import annotations

import base64
import enum
import json
import struct
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from safetensors.torch import save

from quizapp.sandbox.values.model import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, MAX_RANK, NotSerializable

Node = dict[str, Any]

NAMED = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, np.ufunc)
MAX_INTEGER_BITS = 1 << 16

# Safetensors does not support complex numbers; they are stored as pairs of real ones.
CARRIER_DTYPES = {torch.complex128: torch.float64, torch.complex64: torch.float32}
SAFETENSORS_DTYPES = {
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool, torch.uint16, torch.uint32, torch.uint64,
}  # fmt: skip
ARRAY_KINDS = "biufcSUmM"


class CapturedText(str):
    """Captured output; compared without trailing whitespace."""

    __slots__ = ()


def qualified_name(kind: type) -> str:
    """Return `module.Class`, bypassing any property that the class defines."""
    module = type.__getattribute__(kind, "__module__")
    name = type.__getattribute__(kind, "__qualname__")
    return f"{module}.{name}"[:500]


class ValueEncoder:
    """Encodes one value, counting its items and bytes."""

    def __init__(self) -> None:
        self.tensors: dict[str, torch.Tensor] = {}
        self.bytes = 0
        self.items = 0

    def write(self, value: object) -> bytes:
        """Return the bytes of `value`; raises `NotSerializable`."""
        with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
            tree = self.node(value, 0)
        header = json.dumps(tree, separators=(",", ":")).encode()
        body = save(self.tensors) if self.tensors else b""
        return struct.pack("<I", len(header)) + header + body

    def node(self, value: object, depth: int) -> Node:
        """Return the JSON node of a value: type `t`, kind `k`, data `d` and optionally meta `m`."""
        self.items += 1
        if self.items > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        if depth > MAX_DEPTH:
            raise NotSerializable(f"nested deeper than {MAX_DEPTH} levels")
        kind = type(value)
        # In the MRO of an IntEnum, int comes before Enum.
        for base in (enum.Enum,) if enum.Enum in kind.__mro__ else kind.__mro__:
            if write_node := NODE_WRITERS.get(base):
                return {"t": qualified_name(kind), **write_node(self, value, depth)}
        if kind.__module__.partition(".")[0] == "pandas":
            return {"t": qualified_name(kind), **self.pandas(value, depth)}
        if value is ...:
            raise NotSerializable("it is still `...`")
        raise NotSerializable(f"a {qualified_name(kind).removeprefix('builtins.')} is not plain data")

    def count_bytes(self, count: int) -> None:
        """Add to the size of the value; raises `NotSerializable` beyond MAX_BYTES."""
        self.bytes += count
        if self.bytes > MAX_BYTES:
            raise NotSerializable(f"larger than {MAX_BYTES >> 20} MiB")

    def add_tensor(self, tensor: torch.Tensor) -> str:
        """Store a tensor in the safetensors part and return its name."""
        name = str(len(self.tensors))
        self.tensors[name] = tensor
        return name

    def nodes(self, values: Iterable[object], depth: int) -> list[Node]:
        return [self.node(value, depth + 1) for value in values]

    def text(self, value: str) -> str:
        self.count_bytes(len(value))
        return str.__str__(value)

    def tensor(self, value: torch.Tensor, depth: int) -> Node:
        if value.dim() > MAX_RANK:
            raise NotSerializable(f"a tensor of {value.dim()} dimensions")
        meta = {"device": str(value.device), "layout": str(value.layout)}
        if issubclass(type(value), torch.nn.Parameter):
            meta["parameter"] = "yes"
        return {"k": "tensor", "m": meta, "d": self.layout(value.detach())}

    def layout(self, value: torch.Tensor) -> Node:
        """Return a tensor of any layout as a combination of strided ones."""
        if value.is_nested:
            self.items += value.size(0)
            return {"parts": [self.strided(part) for part in value.unbind()]}
        if value.is_quantized:
            return self.quantised(value)
        if value.layout is torch.sparse_coo:
            parts = [self.strided(value._indices()), self.strided(value._values())]
            return {"shape": list(value.shape), "coo": parts, "coalesced": value.is_coalesced()}
        if value.layout in COMPRESSED:
            rows = value.layout in (torch.sparse_csr, torch.sparse_bsr)
            compressed = value.crow_indices() if rows else value.ccol_indices()
            plain = value.col_indices() if rows else value.row_indices()
            parts = [self.strided(part) for part in (compressed, plain, value.values())]
            return {"shape": list(value.shape), "compressed": parts, "layout": str(value.layout)}
        if value.layout is not torch.strided:
            return self.layout(value.to_dense())
        return self.strided(value)

    def quantised(self, value: torch.Tensor) -> Node:
        numbers = {"shape": list(value.shape), "numbers": self.strided(value.int_repr()), "dtype": str(value.dtype)}
        if value.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
            return {**numbers, "scale": float(value.q_scale()).hex(), "zero": value.q_zero_point()}
        scales, zeros = value.q_per_channel_scales(), value.q_per_channel_zero_points()
        axis = value.q_per_channel_axis()
        return {**numbers, "scales": self.strided(scales), "zeros": self.strided(zeros), "axis": axis}

    def strided(self, value: torch.Tensor) -> Node:
        shape = {"shape": list(value.shape), "dtype": str(value.dtype)}
        if value.device.type == "meta":
            return shape
        # Count before `contiguous`, which allocates the full size of an expanded tensor.
        self.count_bytes(value.numel() * value.element_size())
        plain = value.to("cpu").resolve_conj().resolve_neg().contiguous()
        if value.dtype in CARRIER_DTYPES:
            plain = torch.view_as_real(plain)
        elif value.dtype not in SAFETENSORS_DTYPES:
            plain = plain.reshape(-1).view(torch.uint8)
        return {**shape, "at": self.add_tensor(plain.clone())}

    def array(self, value: np.ndarray[Any, Any], depth: int) -> Node:
        plain = np.ndarray.view(value, np.ndarray)
        shape = list(plain.shape)
        if plain.dtype.kind == "O":
            if plain.size > MAX_ITEMS:
                raise NotSerializable(f"more than {MAX_ITEMS:,} items")
            return {"k": "array", "d": {"shape": shape, "items": self.nodes(plain.ravel().tolist(), depth)}}
        if plain.dtype.kind not in ARRAY_KINDS or plain.dtype.hasobject:
            raise NotSerializable(f"an array of {plain.dtype} is not plain data")
        self.count_bytes(plain.size * plain.dtype.itemsize)
        dtype = plain.dtype.newbyteorder("<").str
        raw = np.frombuffer(plain.astype(dtype).tobytes(), dtype=np.uint8).copy()
        return {"k": "array", "d": {"shape": shape, "dtype": dtype, "at": self.add_tensor(torch.from_numpy(raw))}}

    def masked(self, value: np.ma.MaskedArray[Any, Any], depth: int) -> Node:
        data = np.ndarray.view(value, np.ndarray)
        mask = object.__getattribute__(value, "_mask")
        plain_mask = np.broadcast_to(np.ndarray.view(np.asarray(mask), np.ndarray), data.shape)
        if plain_mask.dtype != bool:
            raise NotSerializable("a masked array of records is not plain data")
        return {"k": "masked", "d": [self.node(data, depth + 1), self.node(plain_mask, depth + 1)]}

    def scalar(self, value: np.generic, depth: int) -> Node:
        return {**self.array(np.asarray(value), depth), "k": "numpy"}

    def sequence(self, kind: str, values: Iterable[object], size: int, depth: int) -> Node:
        if size > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        return {"k": kind, "d": self.nodes(values, depth)}

    def dictionary(self, value: dict[object, object], depth: int) -> Node:
        if dict.__len__(value) > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        pairs = list(dict.items(value))
        return {"k": "dict", "d": [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in pairs]}

    def pandas(self, value: Any, depth: int) -> Node:
        from quizapp.sandbox.values.pandas_encoder import pandas_node

        return pandas_node(self, value, depth)


COMPRESSED = (torch.sparse_csr, torch.sparse_csc, torch.sparse_bsr, torch.sparse_bsc)


def _integer(encoder: ValueEncoder, value: int, depth: int) -> Node:
    if int.bit_length(value) > MAX_INTEGER_BITS:
        raise NotSerializable(f"an int of more than {MAX_INTEGER_BITS:,} bits")
    # Hexadecimal, because Python limits the digits of decimal conversion.
    return {"k": "int", "d": int.__format__(value, "x")}


def _string(encoder: ValueEncoder, value: str, depth: int) -> Node:
    meta = {"printed": "yes"} if type(value) is CapturedText else {}
    node = {"k": "str", "m": meta, "d": encoder.text(value)}
    return {**node, "t": "builtins.str"} if meta else node


def _bytes(encoder: ValueEncoder, value: bytes, depth: int) -> Node:
    encoder.count_bytes(bytes.__len__(value))
    return {"k": "bytes", "d": base64.b64encode(value).decode()}


def _complex(encoder: ValueEncoder, value: complex, depth: int) -> Node:
    return {"k": "complex", "d": [float.hex(complex.real.__get__(value)), float.hex(complex.imag.__get__(value))]}


def _enum(encoder: ValueEncoder, value: enum.Enum, depth: int) -> Node:
    return {"k": "enum", "d": f"{qualified_name(type(value))}.{value.name}"[:500]}


def _named(encoder: ValueEncoder, value: Any, depth: int) -> Node:
    if isinstance(value, types.ModuleType):
        name = str(value.__name__)
    else:
        module = getattr(value, "__module__", None)
        name = str(getattr(value, "__qualname__", getattr(value, "__name__", "")))
        name = f"{module}.{name}" if module else name
    return {"k": "named", "d": name[:500]}


def _exception(encoder: ValueEncoder, value: BaseException, depth: int) -> Node:
    try:
        message = str(value)[:4096]
    except BaseException:
        message = ""
    bases = " ".join(qualified_name(base) for base in type(value).__mro__ if issubclass(base, BaseException))
    return {"k": "exception", "m": {"bases": bases}, "d": [qualified_name(type(value)), message]}


def _as_text(kind: str) -> Callable[[ValueEncoder, Any, int], Node]:
    return lambda encoder, value, depth: {"k": kind, "d": str(value)[:500]}


def _range(encoder: ValueEncoder, value: range, depth: int) -> Node:
    return {"k": "range", "d": [format(part, "x") for part in (value.start, value.stop, value.step)]}


# Looked up along the MRO of the class, which an instance cannot forge.
NODE_WRITERS: dict[type, Callable[[ValueEncoder, Any, int], Node]] = {
    type(None): lambda encoder, value, depth: {"k": "none", "d": None},
    enum.Enum: _enum,
    torch.Tensor: ValueEncoder.tensor,
    np.ndarray: ValueEncoder.array,
    np.ma.MaskedArray: ValueEncoder.masked,
    np.generic: ValueEncoder.scalar,
    torch.Size: lambda encoder, value, depth: {"k": "size", "d": [int(size) for size in value]},
    bool: lambda encoder, value, depth: {"k": "bool", "d": bool(value)},
    int: _integer,
    float: lambda encoder, value, depth: {"k": "float", "d": float.hex(value)},
    complex: _complex,
    str: _string,
    bytes: _bytes,
    list: lambda encoder, value, depth: encoder.sequence("list", list.__iter__(value), list.__len__(value), depth),
    tuple: lambda encoder, value, depth: encoder.sequence("tuple", tuple.__iter__(value), tuple.__len__(value), depth),
    set: lambda encoder, value, depth: encoder.sequence("set", set.__iter__(value), set.__len__(value), depth),
    frozenset: lambda encoder, value, depth: encoder.sequence(
        "frozenset", frozenset.__iter__(value), frozenset.__len__(value), depth
    ),
    dict: ValueEncoder.dictionary,
    slice: lambda encoder, value, depth: {
        "k": "slice",
        "d": encoder.nodes((value.start, value.stop, value.step), depth),
    },
    range: _range,
    torch.dtype: _as_text("dtype"),
    np.dtype: _as_text("dtype"),
    torch.device: _as_text("device"),
    torch.layout: _as_text("named"),
    torch.memory_format: _as_text("named"),
    torch.qscheme: _as_text("named"),
    BaseException: _exception,
    **dict.fromkeys(NAMED, _named),
}
