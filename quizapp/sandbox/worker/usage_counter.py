"""Counts torch operators and the memory of tensors while the code under test and its checks run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import arg_tree_leaves, tree_leaves

from quizapp.sandbox.protocol import UsageCaps


class UsageCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts operators as the dispatcher sees them, after composite ones have been decomposed."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Otherwise the first call loads torch's compiler, which takes 1.4 s.
        return False

    def __init__(self, caps: UsageCaps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.caps = caps
        self.operators = 0
        self.peak_memory = 0
        """Most bytes that tensors made by counted operators had at one time."""

        self._storages: dict[int, tuple[StorageWeakRef, int]] = {}
        self._memory = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if not self._is_decided():
            self.operators += 1
            if self.caps.memory is not None:
                self._add_storages(args, kwargs, result)
        return result

    def _is_decided(self) -> bool:
        """Return whether every cap is passed, so that counting further changes nothing."""
        operators, memory = self.caps.operators, self.caps.memory
        return (operators is None or self.operators > operators) and (memory is None or self.peak_memory > memory)

    def _add_storages(self, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
        """Add the storages that the result does not share with an argument."""
        known = {storage._cdata for storage in _storages(arg_tree_leaves(*args, **kwargs))}
        for storage in _storages(tree_leaves(result)):
            if storage._cdata not in known and self._storages.get(storage._cdata, (None, 0))[1] != storage.nbytes():
                self._storages[storage._cdata] = StorageWeakRef(storage), storage.nbytes()  # type: ignore[no-untyped-call]
                self._memory += storage.nbytes()
        if self._memory > self.peak_memory:
            self._storages = {key: entry for key, entry in self._storages.items() if not _is_expired(entry[0])}
            self._memory = sum(size for _, size in self._storages.values())
            self.peak_memory = max(self.peak_memory, self._memory)


def _is_expired(reference: StorageWeakRef) -> bool:
    """Return whether no tensor has the storage any more."""
    return bool(reference.expired())  # type: ignore[no-untyped-call]


def _storages(leaves: list[Any]) -> Iterator[torch.UntypedStorage]:
    for leaf in leaves:
        if isinstance(leaf, torch.Tensor) and leaf.layout is torch.strided and leaf.device.type != "meta":
            yield leaf.untyped_storage()
