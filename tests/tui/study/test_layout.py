"""Which panes are visible at which size of terminal."""

from __future__ import annotations

import pytest

from quizapp.tui.study.layout import Pane, PaneLayout, layout_of, next_tab, visible_panes


@pytest.mark.parametrize(
    ("width", "height", "layout"),
    [
        (160, 48, PaneLayout.THREE),
        (149, 48, PaneLayout.TWO),
        (99, 22, PaneLayout.STACKED),
        (60, 21, PaneLayout.SINGLE),
    ],
)
def test_the_size_of_the_terminal_decides_the_layout(width: int, height: int, layout: PaneLayout) -> None:
    assert layout_of(width, height) is layout


@pytest.mark.parametrize("layout", PaneLayout)
@pytest.mark.parametrize("tab", Pane)
def test_the_current_tab_is_visible_and_the_answer_is_unless_panes_are_single(layout: PaneLayout, tab: Pane) -> None:
    visible = visible_panes(layout, tab, None)
    assert tab in visible
    assert Pane.ANSWER in visible or layout is PaneLayout.SINGLE


@pytest.mark.parametrize("layout", PaneLayout)
def test_an_enlarged_pane_is_the_only_visible_one(layout: PaneLayout) -> None:
    assert visible_panes(layout, Pane.QUESTION, Pane.VERDICT) == {Pane.VERDICT}


@pytest.mark.parametrize("layout", PaneLayout)
def test_the_tabs_cycle_through_every_pane_that_is_not_always_visible(layout: PaneLayout) -> None:
    pinned = frozenset.intersection(*(visible_panes(layout, tab, None) for tab in Pane))
    tab, seen = Pane.ATTEMPTS, set()
    for _ in Pane:
        tab = next_tab(tab, layout)
        seen.add(tab)
    assert seen == set(Pane) - pinned
