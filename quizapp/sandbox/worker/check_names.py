"""Functions that checks and all other code of a run may call, and seeding.

An argument of the wrong type raises, and the exception is what the check observes.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def seed_everything(*parts: int) -> None:
    """Seed the generators of Python, NumPy and torch from (seed, trial) or (seed, trial, number)."""
    seed = digest("/".join(map(str, parts)))
    random.seed(seed)
    np.random.seed(seed % (1 << 32))
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.manual_seed(seed)
    else:
        # `torch.manual_seed` also records a stack trace for each accelerator, which takes milliseconds.
        torch.default_generator.manual_seed(seed)


def digest(text: str) -> int:
    """Return a 63-bit hash of `text` that is the same in every process."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") >> 1


def caught(f: Callable[..., Any], *args: Any, **kwargs: Any) -> BaseException | None:
    """Return the exception that `f(*args, **kwargs)` raises, or None."""
    try:
        f(*args, **kwargs)
    except BaseException as error:
        return error
    return None


def shares_memory(a: Any, b: Any) -> bool:
    """Return whether two tensors or arrays overlap in memory; false for empty ones. Raises TypeError."""
    first, second = _extent(a), _extent(b)
    return first[0] < second[1] and second[0] < first[1]


def _extent(value: Any) -> tuple[int, int]:
    """Return the start and end address of the memory that a value is a view of."""
    if isinstance(value, torch.Tensor):
        if value.numel() == 0:
            return 0, 0
        storage = value.untyped_storage()
        return storage.data_ptr(), storage.data_ptr() + storage.nbytes()
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return 0, 0
        while isinstance(value.base, np.ndarray):
            value = value.base
        return np.lib.array_utils.byte_bounds(value)
    raise TypeError(f"shares_memory takes tensors and arrays, not {type(value).__name__}")


def fill(module: torch.nn.Module) -> torch.nn.Module:
    """Set parameters and buffers to values seeded by their names, in place; return the module."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            _fill(name, parameter, -0.5, 0.5)
        for name, buffer in module.named_buffers():
            # A running variance must stay positive.
            _fill(name, buffer, 0.5, 1.5)
    return module


def _fill(name: str, tensor: torch.Tensor, low: float, high: float) -> None:
    generator = torch.Generator().manual_seed(digest(name))
    if tensor.is_floating_point() or tensor.is_complex():
        values = torch.rand(tensor.shape, generator=generator, dtype=torch.float64) * (high - low) + low
    else:
        values = torch.randint(0, 2, tensor.shape, generator=generator)
    tensor.copy_(values)


FUNCTIONS: dict[str, Callable[..., Any]] = {function.__name__: function for function in (caught, fill, shares_memory)}
"""Name -> function, bound when a run starts and again before each check."""
