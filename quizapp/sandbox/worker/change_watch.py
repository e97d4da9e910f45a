"""Notices values of `given` that the code under test changes in place."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch

MAX_ITEMS = 100
MAX_DEPTH = 3
MAX_ARRAY_BYTES = 1 << 20
"""A larger array is not watched: hashing it would take milliseconds."""


class ChangeWatch:
    """The state of named values at one time, to find out later which objects have changed."""

    def __init__(self, names: Iterable[str], namespace: Mapping[str, Any]) -> None:
        self._values = {name: namespace[name] for name in names if name in namespace}
        self._states = {name: _state(value, MAX_DEPTH) for name, value in self._values.items()}

    def changed(self, namespace: Mapping[str, Any]) -> list[str]:
        """Return the names that still refer to the same object, whose content differs."""
        return [
            name
            for name, value in self._values.items()
            if namespace.get(name) is value and _state(value, MAX_DEPTH) != self._states[name]
        ]


def _state(value: Any, depth: int) -> object:
    """Return a value that differs after a change in place; None for what is not watched."""
    with contextlib.suppress(Exception):
        if isinstance(value, torch.Tensor):
            # Torch counts the changes in place of each tensor, for autograd.
            return value._version
        if isinstance(value, np.ndarray) and value.nbytes <= MAX_ARRAY_BYTES and not value.dtype.hasobject:
            return hashlib.sha256(np.ascontiguousarray(value).tobytes()).digest()
        if depth and type(value) in (list, dict, set) and len(value) <= MAX_ITEMS:
            items = value.items() if type(value) is dict else value
            return [_item_state(item, depth - 1) for item in items]
    return None


def _item_state(item: Any, depth: int) -> object:
    if type(item) in (bool, int, float, str, bytes, type(None)):
        return item
    return [_item_state(part, depth) for part in item] if type(item) is tuple else (id(item), _state(item, depth))
