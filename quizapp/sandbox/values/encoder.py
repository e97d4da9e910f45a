"""Plain bytes of a value. Runs beside untrusted code, so it trusts no method that a class can override."""

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

# Safetensors has no name for these; their bytes travel as numbers of the same width.
CARRIED = {torch.complex128: torch.float64, torch.complex64: torch.float32}
PLAIN_TYPES = {
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool, torch.uint16, torch.uint32, torch.uint64,
}  # fmt: skip
ARRAY_KINDS = "biufcSUmM"


class CapturedText(str):
    """What was printed; compared without trailing blanks."""

    __slots__ = ()


def qualified(kind: type) -> str:
    """`module.Class`, read past any property that the class defines."""
    module = type.__getattribute__(kind, "__module__")
    name = type.__getattribute__(kind, "__qualname__")
    return f"{module}.{name}"[:500]


class ValueEncoder:
    """Turns one value into bytes; keeps count of what it has taken so far."""

    def __init__(self) -> None:
        self.tensors: dict[str, torch.Tensor] = {}
        self.bytes = 0
        self.items = 0

    def write(self, value: object) -> bytes:
        with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
            tree = self.node(value, 0)
        header = json.dumps(tree, separators=(",", ":")).encode()
        body = save(self.tensors) if self.tensors else b""
        return struct.pack("<I", len(header)) + header + body

    def node(self, value: object, depth: int) -> Node:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        if depth > MAX_DEPTH:
            raise NotSerializable(f"nested deeper than {MAX_DEPTH} levels")
        kind = type(value)
        # An IntEnum is an int first, in the order of its classes.
        for base in (enum.Enum,) if enum.Enum in kind.__mro__ else kind.__mro__:
            if writer := WRITERS.get(base):
                return {"t": qualified(kind), **writer(self, value, depth)}
        if kind.__module__.partition(".")[0] == "pandas":
            return {"t": qualified(kind), **self.pandas(value, depth)}
        if value is ...:
            raise NotSerializable("it is still `...`")
        raise NotSerializable(f"a {qualified(kind).removeprefix('builtins.')} is no plain data")

    def take(self, count: int) -> None:
        self.bytes += count
        if self.bytes > MAX_BYTES:
            raise NotSerializable(f"larger than {MAX_BYTES >> 20} MiB")

    def carry(self, tensor: torch.Tensor) -> str:
        name = str(len(self.tensors))
        self.tensors[name] = tensor
        return name

    def many(self, values: Iterable[object], depth: int) -> list[Node]:
        return [self.node(value, depth + 1) for value in values]

    def text(self, value: str) -> str:
        self.take(len(value))
        return str.__str__(value)

    def tensor(self, value: torch.Tensor, depth: int) -> Node:
        if value.dim() > MAX_RANK:
            raise NotSerializable(f"a tensor of {value.dim()} dimensions")
        meta = {"device": str(value.device), "layout": str(value.layout)}
        if issubclass(type(value), torch.nn.Parameter):
            meta["parameter"] = "yes"
        return {"k": "tensor", "m": meta, "d": self.layout(value.detach())}

    def layout(self, value: torch.Tensor) -> Node:
        """How the numbers of a tensor of any layout are laid out in strided ones."""
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
        # An expanded tensor is small until it is made contiguous: count first.
        self.take(value.numel() * value.element_size())
        own = value.to("cpu").resolve_conj().resolve_neg().contiguous()
        if value.dtype in CARRIED:
            own = torch.view_as_real(own)
        elif value.dtype not in PLAIN_TYPES:
            own = own.reshape(-1).view(torch.uint8)
        return {**shape, "at": self.carry(own.clone())}

    def array(self, value: np.ndarray[Any, Any], depth: int) -> Node:
        own = np.ndarray.view(value, np.ndarray)
        shape = list(own.shape)
        if own.dtype.kind == "O":
            if own.size > MAX_ITEMS:
                raise NotSerializable(f"more than {MAX_ITEMS:,} items")
            return {"k": "array", "d": {"shape": shape, "items": self.many(own.ravel().tolist(), depth)}}
        if own.dtype.kind not in ARRAY_KINDS or own.dtype.hasobject:
            raise NotSerializable(f"an array of {own.dtype} is no plain data")
        self.take(own.size * own.dtype.itemsize)
        dtype = own.dtype.newbyteorder("<").str
        raw = np.frombuffer(own.astype(dtype).tobytes(), dtype=np.uint8).copy()
        return {"k": "array", "d": {"shape": shape, "dtype": dtype, "at": self.carry(torch.from_numpy(raw))}}

    def scalar(self, value: np.generic, depth: int) -> Node:
        return {**self.array(np.asarray(value), depth), "k": "numpy"}

    def listed(self, kind: str, values: Iterable[object], size: int, depth: int) -> Node:
        if size > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        return {"k": kind, "d": self.many(values, depth)}

    def dictionary(self, value: dict[object, object], depth: int) -> Node:
        if dict.__len__(value) > MAX_ITEMS:
            raise NotSerializable(f"more than {MAX_ITEMS:,} items")
        pairs = list(dict.items(value))
        return {"k": "dict", "d": [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in pairs]}

    def pandas(self, value: Any, depth: int) -> Node:
        from quizapp.sandbox.values.pandas_encoder import write

        return write(self, value, depth)


COMPRESSED = (torch.sparse_csr, torch.sparse_csc, torch.sparse_bsr, torch.sparse_bsc)


def _integer(writer: ValueEncoder, value: int, depth: int) -> Node:
    if int.bit_length(value) > MAX_INTEGER_BITS:
        raise NotSerializable(f"an int of more than {MAX_INTEGER_BITS:,} bits")
    # Hexadecimal, because Python refuses to read long decimals.
    return {"k": "int", "d": int.__format__(value, "x")}


def _string(writer: ValueEncoder, value: str, depth: int) -> Node:
    meta = {"printed": "yes"} if type(value) is CapturedText else {}
    node = {"k": "str", "m": meta, "d": writer.text(value)}
    return {**node, "t": "builtins.str"} if meta else node


def _bytes(writer: ValueEncoder, value: bytes, depth: int) -> Node:
    writer.take(bytes.__len__(value))
    return {"k": "bytes", "d": base64.b64encode(value).decode()}


def _complex(writer: ValueEncoder, value: complex, depth: int) -> Node:
    return {"k": "complex", "d": [float.hex(complex.real.__get__(value)), float.hex(complex.imag.__get__(value))]}


def _enum(writer: ValueEncoder, value: enum.Enum, depth: int) -> Node:
    return {"k": "enum", "d": f"{qualified(type(value))}.{value.name}"[:500]}


def _named(writer: ValueEncoder, value: Any, depth: int) -> Node:
    if isinstance(value, types.ModuleType):
        name = str(value.__name__)
    else:
        module = getattr(value, "__module__", None)
        name = str(getattr(value, "__qualname__", getattr(value, "__name__", "")))
        name = f"{module}.{name}" if module else name
    return {"k": "named", "d": name[:500]}


def _exception(writer: ValueEncoder, value: BaseException, depth: int) -> Node:
    try:
        message = str(value)[:4096]
    except BaseException:
        message = ""
    bases = " ".join(qualified(base) for base in type(value).__mro__ if issubclass(base, BaseException))
    return {"k": "exception", "m": {"bases": bases}, "d": [qualified(type(value)), message]}


def _shown(kind: str) -> Callable[[ValueEncoder, Any, int], Node]:
    return lambda writer, value, depth: {"k": kind, "d": str(value)[:500]}


def _range(writer: ValueEncoder, value: range, depth: int) -> Node:
    return {"k": "range", "d": [format(part, "x") for part in (value.start, value.stop, value.step)]}


# Looked up along the class's own method resolution order, which no instance can lie about.
WRITERS: dict[type, Callable[[ValueEncoder, Any, int], Node]] = {
    type(None): lambda w, v, d: {"k": "none", "d": None},
    enum.Enum: _enum,
    torch.Tensor: ValueEncoder.tensor,
    np.ndarray: ValueEncoder.array,
    np.generic: ValueEncoder.scalar,
    torch.Size: lambda w, v, d: {"k": "size", "d": [int(size) for size in v]},
    bool: lambda w, v, d: {"k": "bool", "d": bool(v)},
    int: _integer,
    float: lambda w, v, d: {"k": "float", "d": float.hex(v)},
    complex: _complex,
    str: _string,
    bytes: _bytes,
    list: lambda w, v, d: w.listed("list", list.__iter__(v), list.__len__(v), d),
    tuple: lambda w, v, d: w.listed("tuple", tuple.__iter__(v), tuple.__len__(v), d),
    set: lambda w, v, d: w.listed("set", set.__iter__(v), set.__len__(v), d),
    frozenset: lambda w, v, d: w.listed("frozenset", frozenset.__iter__(v), frozenset.__len__(v), d),
    dict: ValueEncoder.dictionary,
    slice: lambda w, v, d: {"k": "slice", "d": w.many((v.start, v.stop, v.step), d)},
    range: _range,
    torch.dtype: _shown("dtype"),
    np.dtype: _shown("dtype"),
    torch.device: _shown("device"),
    torch.layout: _shown("named"),
    torch.memory_format: _shown("named"),
    torch.qscheme: _shown("named"),
    BaseException: _exception,
    **dict.fromkeys(NAMED, _named),
}
