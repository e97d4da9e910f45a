"""The study screen for whoever writes a card: answered and judged as ever, never rated, read anew from its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from quizapp.decks.library import Library
from quizapp.errors import DeckError, UsageError
from quizapp.review.rating import Proposal
from quizapp.services import Services
from quizapp.settings import Settings
from quizapp.tui.messages import CardLoaded, Intervals
from quizapp.tui.study.study_controller import StudyController


class PreviewController(StudyController):
    """One card, over and over."""

    keeps = False

    def __init__(self, services: Services, settings: Settings, card: str, reload: Callable[[], Library]) -> None:
        super().__init__(services, settings, cards=[card])
        self._name, self._reload = card, reload
        self.told = "preview: nothing is rated or kept; F8 reads the deck again"

    def next(self) -> CardLoaded:
        """The card as its file stands now. Raises DeckError while that cannot be read."""
        library = self._reload()
        try:
            library.card(self._name)
        except UsageError:
            if errors := [problem for problem in library.problems if problem.severity == "error"]:
                raise DeckError(errors[:1]) from None
            raise
        self._services = replace(self._services, library=library)
        self._opened = None
        return super().next()

    def rating(self) -> tuple[Proposal | None, Intervals]:
        return None, {}
