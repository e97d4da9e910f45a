"""The rows of Home."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from quizapp.tui.screens.deck_rows import DeckRow, GroupRow, detail, grouped, head, progress_bar, render_row


@pytest.mark.parametrize("width", [40, 56, 72, 112, 128])
def test_rows_and_headings_have_the_width_of_the_list(width: int) -> None:
    rows: list[DeckRow | GroupRow] = [
        DeckRow("", "Everything", 12, 10, 173, 459),
        DeckRow("shapes-zh", "张量的形状与拼接，从零开始" * 3, 0, 0, 0, 10),
        GroupRow("In progress"),
    ]
    titles = head(width, "deck").plain
    assert cell_len(titles) == width - 1
    for row in rows:
        shown = render_row(row, width).plain
        assert cell_len(shown) == width - (0 if isinstance(row, GroupRow) else 1)


@pytest.mark.parametrize(
    ("done", "total", "bar"), [(0, 0, "────"), (1, 50, "━───"), (49, 50, "━━━─"), (50, 50, "━━━━")]
)
def test_bar_is_full_only_when_everything_is_learned(done: int, total: int, bar: str) -> None:
    assert progress_bar(done, total, 4).plain == bar


def test_one_group_has_no_heading() -> None:
    rows = [DeckRow("", "Everything"), DeckRow("a", "A", total=3), DeckRow("b", "B", total=3)]
    assert grouped(rows) == rows


def test_finished_decks_are_last() -> None:
    done, new, begun = (DeckRow(slug, slug, learned=n, total=3) for slug, n in (("a", 3), ("b", 0), ("c", 1)))
    assert grouped([done, new, begun]) == [
        GroupRow("In progress"),
        begun,
        GroupRow("Not started"),
        new,
        GroupRow("Finished"),
        done,
    ]


def test_detail_names_what_comes_next_and_what_is_in_the_way() -> None:
    row = DeckRow("a", "A", locked=4, waiting=1, next_new="One (a/one)", lock="b/two")
    assert detail(row) == "next new: One (a/one) · 4 locked until b/two is learned · 1 card waiting for CUDA"
    assert detail(DeckRow("", "Everything"), leeches=2) == "2 leeches: l shows them"
