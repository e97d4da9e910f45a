"""Which panes of the study screen are in sight, by the terminal's size. Knows no widget."""

from __future__ import annotations

from enum import StrEnum


class Pane(StrEnum):
    """The parts of the study screen, in the order of the strip."""

    QUESTION = "question"
    ANSWER = "answer"
    VERDICT = "verdict"
    OUTPUT = "output"
    REFERENCE = "reference"
    ATTEMPTS = "attempts"


class PaneLayout(StrEnum):
    """How the panes share the screen."""

    THREE = "three"
    """Question, answer and verdict beside one another."""

    TWO = "two"
    """What is read beside the answer."""

    STACKED = "stacked"
    """What is read above the answer."""

    SINGLE = "single"
    """One at a time."""


def layout_of(width: int, height: int) -> PaneLayout:
    """The shape for a terminal of this many cells."""
    if width >= 150:
        return PaneLayout.THREE
    if width >= 100:
        return PaneLayout.TWO
    return PaneLayout.STACKED if height >= 22 else PaneLayout.SINGLE


def in_sight(shape: PaneLayout, tab: Pane, enlarged: Pane | None) -> frozenset[Pane]:
    """The panes that are drawn while `tab` is the one asked for."""
    if enlarged is not None:
        return frozenset({enlarged})
    if shape is PaneLayout.SINGLE:
        return frozenset({tab})
    if shape is PaneLayout.THREE:
        side = Pane.VERDICT if tab in (Pane.QUESTION, Pane.ANSWER) else tab
        return frozenset({Pane.QUESTION, Pane.ANSWER, side})
    return frozenset({Pane.ANSWER, Pane.QUESTION if tab is Pane.ANSWER else tab})


def after(tab: Pane, shape: PaneLayout, by: int = 1) -> Pane:
    """The next tab of the strip; those always in sight are passed over."""
    skipped = {PaneLayout.THREE: {Pane.QUESTION, Pane.ANSWER}, PaneLayout.SINGLE: set[Pane]()}.get(shape, {Pane.ANSWER})
    panes = [pane for pane in Pane if pane not in skipped]
    place = panes.index(tab) if tab in panes else -1
    return panes[(place + by) % len(panes)]
