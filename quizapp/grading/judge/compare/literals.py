"""Literals: a deck's `equals` as a value to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from quizapp.decks.card import Equals
from quizapp.sandbox.values.model import Value

DTYPES = {str(value).removeprefix("torch."): value for value in vars(torch).values() if isinstance(value, torch.dtype)}
"""Name without `torch.` -> dtype."""


class BadLiteral(ValueError):
    """The deck's `equals` cannot be converted to a value."""


def literal_value(equals: Equals) -> Value:
    """Return the value of `equals`; raises BadLiteral."""
    try:
        if equals.form == "tensor":
            return Value("tensor", _tensor(equals), "torch.Tensor", (("device", "cpu"),))
        if equals.form == "array":
            return Value("array", np.array(equals.data, dtype=equals.dtype), "numpy.ndarray")
        return _plain(equals.data)
    except (TypeError, ValueError, RuntimeError, OverflowError, RecursionError) as error:
        raise BadLiteral(f"`equals` is not a valid {equals.form}: {error}") from error


def _tensor(equals: Equals) -> torch.Tensor:
    dtype = DTYPES.get((equals.dtype or "").removeprefix("torch."))
    if equals.dtype and dtype is None:
        raise BadLiteral(f"`{equals.dtype}` is not a dtype")
    return torch.tensor(equals.data, dtype=dtype)


def _plain(data: Any) -> Value:
    if isinstance(data, list | tuple):
        return Value("list", tuple(_plain(item) for item in data), "builtins.list")
    if isinstance(data, dict):
        pairs = tuple((_plain(key), _plain(item)) for key, item in data.items())
        return Value("dict", pairs, "builtins.dict")
    if data is None:
        return Value("none", None, "builtins.NoneType")
    if isinstance(data, bool | int | float | complex | str | bytes):
        name = type(data).__name__
        return Value(name, data, f"builtins.{name}")
    raise BadLiteral(f"`{type(data).__name__}` cannot be written in `equals`")
