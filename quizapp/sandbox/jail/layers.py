"""The layers of the jail that are requested or available."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

NEWEST_LANDLOCK = 99


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers to use; the zygote reduces them to those that the kernel grants."""

    namespaces: bool = True
    landlock: int = NEWEST_LANDLOCK
    """The newest Landlock ABI to use; 0 for no Landlock."""

    seccomp: bool = True
    limits: bool = True

    def facts(self) -> dict[str, Any]:
        """Return the layers as a JSON object."""
        return asdict(self)


ALL_LAYERS = Layers()
