"""How frames and series differ: cells with their labels, and labels and dtypes listed separately."""

from __future__ import annotations

import pandas as pd
import pytest

from quizapp.grading.judge.compare.mismatch import SHOWN_PLACES
from quizapp.grading.judge_protocol import Mismatch
from tests.grading.judge.helpers import judged, mismatch_of

pytestmark = pytest.mark.torch

FRAME = pd.DataFrame({"item": ["fig", "pear"], "price": [3, 5]}, index=["a", "b"])
LEVELS = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])


def cells(mismatch: Mismatch) -> list[tuple[str, str, str]]:
    return [(place.where, place.expected, place.got) for place in mismatch.places]


def test_cells_have_the_labels_of_their_row_and_column() -> None:
    got = FRAME.assign(item=["fig", "pears"], price=[3, 4])
    mismatch = mismatch_of(judged(got, FRAME))
    assert cells(mismatch) == [
        ("row 'b', column 'item'", "'pear'", "'pears'"),
        ("row 'b', column 'price'", "5", "4"),
    ]
    assert mismatch.details == ()


def test_cells_of_a_series_and_of_a_container_are_located() -> None:
    got = FRAME.price.replace(5, 4)
    assert cells(mismatch_of(judged(got, FRAME.price))) == [("row 'b'", "5", "4")]
    assert cells(mismatch_of(judged([got], [FRAME.price]))) == [("item 0, row 'b'", "5", "4")]


@pytest.mark.parametrize("series", [True, False])
def test_labels_of_several_levels_are_written_as_tuples(series: bool) -> None:
    expected = pd.Series([1, 2], index=LEVELS, name="n")
    got = expected.replace(2, 3)
    sides = (got, expected) if series else (got.to_frame(), expected.to_frame())
    assert mismatch_of(judged(*sides)).places[0].where.startswith("row ('b', 2)")


@pytest.mark.parametrize(
    ("got", "expected", "details"),
    [
        (FRAME.rename(columns={"item": "name"}), FRAME, ["columns: missing 'item', not expected 'name'"]),
        (FRAME.rename(columns={"item": "item "}), FRAME, ["columns: missing 'item', not expected 'item '"]),
        (FRAME[["price", "item"]], FRAME, ["columns: expected the order 'item', 'price', got 'price', 'item'"]),
        (FRAME[["item"]], FRAME, ["columns: missing 'price'"]),
        (FRAME.rename(index={"b": "q"}), FRAME, ["index: missing 'b', not expected 'q'"]),
        (FRAME.reset_index(drop=True), FRAME, ["index: missing 'a', 'b', not expected 0, 1"]),
        (FRAME.astype({"price": float}), FRAME, ["column 'price': expected dtype int64, got float64"]),
        (
            FRAME.astype({"price": float}).rename(columns={"item": "name"}, index={"b": "q"}),
            FRAME,
            [
                "columns: missing 'item', not expected 'name'",
                "index: missing 'b', not expected 'q'",
                "column 'price': expected dtype int64, got float64",
            ],
        ),
        (FRAME.price.astype(float), FRAME.price, ["expected dtype int64, got float64"]),
        (FRAME.price.head(1), FRAME.price, ["index: missing 'b'"]),
        (pd.DataFrame({"n": range(9)}), pd.DataFrame({"n": []}), ["index: not expected 0, 1, 2, 3, 4 …"]),
    ],
)
def test_labels_and_dtypes_are_listed_separately(got: object, expected: object, details: list[str]) -> None:
    shown = mismatch_of(judged(got, expected)).details
    assert [detail for detail in shown if "column 'n'" not in detail] == details


def test_cells_are_compared_although_the_dtypes_differ() -> None:
    mismatch = mismatch_of(judged(FRAME.assign(price=[3.0, 4.0]), FRAME))
    assert cells(mismatch) == [("row 'b', column 'price'", "5", "4")]
    assert (mismatch.differing, mismatch_of(judged(FRAME.astype({"price": float}), FRAME)).differing) == (1, 0)


def test_what_a_check_ignores_is_not_listed() -> None:
    got = FRAME[["price", "item"]].astype({"price": float}).assign(item=["fig", "plum"])
    assert mismatch_of(judged(got, FRAME, ignore=frozenset({"dtype", "order"}))).details == ()


def test_the_differences_are_bounded() -> None:
    expected = pd.DataFrame({f"c{n}": range(50) for n in range(20)})
    mismatch = mismatch_of(judged(expected + 1.5, expected))
    assert (len(mismatch.places), len(mismatch.details)) == (SHOWN_PLACES, SHOWN_PLACES)
