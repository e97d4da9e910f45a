"""The controller of `ptquiz preview`: one card, graded but never rated, reloaded from its file on F8."""

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
    """A session over one card, for its author."""

    is_rated = False

    def __init__(self, services: Services, settings: Settings, card: str, reload: Callable[[], Library]) -> None:
        super().__init__(services, settings, cards=[card])
        self._name, self._reload = card, reload
        self.session_note = "preview: nothing is rated or saved; F8 reloads the deck"

    def next(self) -> CardLoaded:
        """Return the card as its file is now. Raises DeckError while the deck cannot be read."""
        library = self._reload()
        try:
            library.card(self._name)
        except DeckError as error:
            raise DeckError(error.problems[:1]) from None
        except UsageError:
            if errors := [problem for problem in library.problems if problem.severity == "error"]:
                raise DeckError(errors[:1]) from None
            raise
        self._services = replace(self._services, library=library)
        self._current_session = None
        return super().next()

    def propose(self) -> tuple[Proposal | None, Intervals]:
        return None, {}
