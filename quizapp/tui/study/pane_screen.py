"""A screen of panes: which is in sight, which is enlarged, what scrolls."""

from __future__ import annotations

from textual.screen import Screen

from quizapp.tui.study.layout import Pane
from quizapp.tui.study.pane_stack import PaneStack
from quizapp.tui.study.panes.verdict_pane import VerdictPane


class PaneScreen(Screen[None]):
    """The actions that change nothing but the view."""

    @property
    def _panes(self) -> PaneStack:
        return self.query_one(PaneStack)

    def action_show(self, name: str) -> None:
        self._panes.go_to(Pane(name))

    def action_read(self, lines: int) -> None:
        """Scroll what is read while the hands are on the ratings."""
        self._panes.read(lines)

    def action_sides(self) -> None:
        self.query_one(VerdictPane).chosen()
        self._panes.look_at(Pane.VERDICT)

    def action_enlarge(self) -> None:
        self._panes.enlarge()
