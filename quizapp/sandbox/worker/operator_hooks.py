"""Calls a function for each call of certain aten operators; all other operators cost nothing.

Torch looks up the kernel of an operator by the highest dispatch key in use. A key that nothing else needs is switched
on, with a kernel that counts for the operators that are watched; for all others it falls through.
See "Let's talk about the PyTorch dispatcher" (E. Yang) for keys and their order.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

KEY = "AutocastIPU"
"""Autocast for an accelerator that torch no longer supports, so that no operator has a kernel for it."""


class OperatorHooks:
    """The watched operators, and the context in which they are."""

    def __init__(self) -> None:
        self._libraries: list[torch.library.Library] = []
        self._key: Any = torch._C._parse_dispatch_key(KEY)

    def watch(self, name: str, hit: Callable[[], None]) -> None:
        """Call `hit` before each call of the operator, such as `aten::mm`, by any of its overloads."""
        short = name.removeprefix("aten::").partition(".")[0]
        # Some functions call an operator with an underscore: `torch.softmax` calls `aten::_softmax`.
        packets = [getattr(torch.ops.aten, operator, None) for operator in (short, f"_{short}")]
        if not self._libraries:
            self._libraries = [torch.library.Library(name, "IMPL", KEY) for name in ("_", "aten")]  # type: ignore[no-untyped-call]
            self._libraries[0].fallback(torch.library.fallthrough_kernel)  # type: ignore[no-untyped-call]
        for packet in filter(None, packets):
            for overload in packet.overloads():
                self._hook(getattr(packet, overload), hit)

    def _hook(self, operator: Any, hit: Callable[[], None]) -> None:
        lower_keys = torch._C._dispatch_keyset_full_after(self._key)

        def counted(keys: Any, *args: Any, **kwargs: Any) -> Any:
            hit()
            return operator.redispatch(keys & lower_keys, *args, **kwargs)

        self._libraries[1].impl(operator.name(), counted, with_keyset=True)  # type: ignore[no-untyped-call]

    @contextlib.contextmanager
    def active(self) -> Iterator[None]:
        """Watch the operators while the context is active."""
        if not self._libraries:
            yield
            return
        excluded = torch._C._dispatch_tls_is_dispatch_key_excluded(self._key)
        torch._C._dispatch_tls_set_dispatch_key_excluded(self._key, False)
        try:
            with torch._C._IncludeDispatchKeyGuard(self._key):
                yield
        finally:
            torch._C._dispatch_tls_set_dispatch_key_excluded(self._key, excluded)
