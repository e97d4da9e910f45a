"""A mistake in an answer that was proved by changing the answer, or the reference, and running it again."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.grading.mistake import Mistake


@dataclass(frozen=True, slots=True)
class ProvedMistake:
    """One mistake that explains every check of a card."""

    mistake: Mistake
    text: str
    """The mistake in lower case, without the full stop."""

    line: int | None = None
    """The line of the answer, from 1, whose change makes every check agree; None if only its effect is known."""

    @property
    def sentence(self) -> str:
        """One sentence that begins with the line, if it is known."""
        return f"Line {self.line}: {self.text}." if self.line else f"{self.text[0].upper()}{self.text[1:]}."
