"""Which panes of the study screen are visible at a given terminal size. Contains no widget."""

from __future__ import annotations

from enum import StrEnum


class Pane(StrEnum):
    """The panes of the study screen, in the order of the tabs."""

    QUESTION = "question"
    ANSWER = "answer"
    VERDICT = "verdict"
    OUTPUT = "output"
    REFERENCE = "reference"
    ATTEMPTS = "attempts"
    CONSOLE = "console"


class PaneLayout(StrEnum):
    """How the panes share the screen."""

    THREE = "three"
    """Question, answer and verdict side by side."""

    TWO = "two"
    """The question, with one other pane below it, beside the answer."""

    STACKED = "stacked"
    """The answer below one other pane."""

    SINGLE = "single"
    """One pane at a time."""


def layout_of(width: int, height: int) -> PaneLayout:
    """Return the layout for a terminal of `width` by `height` cells."""
    if width >= 150:
        return PaneLayout.THREE
    if width >= 100:
        return PaneLayout.TWO
    return PaneLayout.STACKED if height >= 22 else PaneLayout.SINGLE


def visible_panes(layout: PaneLayout, tab: Pane, enlarged: Pane | None) -> frozenset[Pane]:
    """Return the panes that are drawn while `tab` is the current one."""
    if enlarged is not None:
        return frozenset({enlarged})
    if layout is PaneLayout.SINGLE:
        return frozenset({tab})
    if layout is PaneLayout.THREE:
        side = Pane.VERDICT if tab in (Pane.QUESTION, Pane.ANSWER) else tab
        return frozenset({Pane.QUESTION, Pane.ANSWER, side})
    if layout is PaneLayout.TWO:
        return frozenset({Pane.QUESTION, Pane.ANSWER, tab})
    return frozenset({Pane.ANSWER, Pane.QUESTION if tab is Pane.ANSWER else tab})


def next_tab(tab: Pane, layout: PaneLayout) -> Pane:
    """Return the tab after `tab`, without the panes that are always visible."""
    always_visible = {PaneLayout.SINGLE: set[Pane](), PaneLayout.STACKED: {Pane.ANSWER}}
    skipped = always_visible.get(layout, {Pane.QUESTION, Pane.ANSWER})
    panes = [pane for pane in Pane if pane not in skipped]
    index = panes.index(tab) if tab in panes else -1
    return panes[(index + 1) % len(panes)]
