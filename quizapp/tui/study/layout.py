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


class Shape(StrEnum):
    """How the panes share the screen."""

    THREE = "three"
    """Question, answer and verdict beside one another."""

    TWO = "two"
    """What is read beside the answer."""

    STACKED = "stacked"
    """What is read above the answer."""

    SINGLE = "single"
    """One at a time."""


def shape_of(width: int, height: int) -> Shape:
    """The shape for a terminal of this many cells."""
    if width >= 150:
        return Shape.THREE
    if width >= 100:
        return Shape.TWO
    return Shape.STACKED if height >= 22 else Shape.SINGLE


def in_sight(shape: Shape, tab: Pane, enlarged: Pane | None) -> frozenset[Pane]:
    """The panes that are drawn while `tab` is the one asked for."""
    if enlarged is not None:
        return frozenset({enlarged})
    if shape is Shape.SINGLE:
        return frozenset({tab})
    if shape is Shape.THREE:
        side = Pane.VERDICT if tab in (Pane.QUESTION, Pane.ANSWER) else tab
        return frozenset({Pane.QUESTION, Pane.ANSWER, side})
    return frozenset({Pane.ANSWER, Pane.QUESTION if tab is Pane.ANSWER else tab})


def after(tab: Pane, shape: Shape, by: int = 1) -> Pane:
    """The next tab of the strip; those always in sight are passed over."""
    skipped = {Shape.THREE: {Pane.QUESTION, Pane.ANSWER}, Shape.SINGLE: set[Pane]()}.get(shape, {Pane.ANSWER})
    panes = [pane for pane in Pane if pane not in skipped]
    place = panes.index(tab) if tab in panes else -1
    return panes[(place + by) % len(panes)]
