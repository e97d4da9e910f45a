"""Which layers of the jail there are, or are wanted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

NEWEST_LANDLOCK = 99


@dataclass(frozen=True, slots=True)
class Layers:
    """Which layers to use; the zygote narrows it to those that the kernel really grants."""

    namespaces: bool = True
    landlock: int = NEWEST_LANDLOCK
    """The newest ABI to use; 0 for none."""

    seccomp: bool = True
    limits: bool = True

    def facts(self) -> dict[str, Any]:
        return asdict(self)


ALL_LAYERS = Layers()
