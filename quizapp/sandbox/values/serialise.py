"""Converts values to plain bytes and back, without pickle. `encode` runs in the worker, `decode` in the judge.

The bytes are the length of a JSON tree, the tree, and the tensors and arrays that it refers to as safetensors.
"""

from __future__ import annotations

from quizapp.sandbox.values.decoder import ValueDecoder
from quizapp.sandbox.values.encoder import ValueEncoder
from quizapp.sandbox.values.model import Value


def encode(value: object) -> bytes:
    """Return `value` as plain bytes; raises `NotSerializable` if it is not plain data or too large."""
    return ValueEncoder().write(value)


def decode(data: bytes) -> Value:
    """Return the value that `encode` wrote; raises `NotSerializable` for bytes that it cannot have written."""
    return ValueDecoder(data).read()
