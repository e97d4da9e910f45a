"""The number of cards that a session has left, by their state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quizapp.review.memory import Memory, MemoryState


@dataclass(frozen=True, slots=True)
class Remaining:
    """Cards that are left today."""

    new: int = 0
    learning: int = 0
    """Within their learning or relearning steps."""

    due: int = 0

    @property
    def total(self) -> int:
        return self.new + self.learning + self.due

    def with_card(self, memory: Memory | None) -> Remaining:
        """Count one more card; `memory` is None for a new one."""
        if memory is None:
            return replace(self, new=self.new + 1)
        if memory.state is MemoryState.REVIEW:
            return replace(self, due=self.due + 1)
        return replace(self, learning=self.learning + 1)
