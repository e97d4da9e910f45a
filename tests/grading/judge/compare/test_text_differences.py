"""The differing characters of texts that look alike, and the diff of their lines."""

from __future__ import annotations

import pytest

from quizapp.grading.judge.compare.text_differences import (
    MAX_DIFF_LINES,
    MAX_LINE,
    describe_difference,
    diff_lines,
)
from tests.grading.judge.helpers import judged, mismatch_of, predicted

pytestmark = pytest.mark.torch

LONG = "a" * 150


@pytest.mark.parametrize(
    ("got", "expected", "note"),
    [
        ("total", "Total", "column 1: expected 'T', got 't'"),
        ("one    two", "one\ttwo", "column 4: expected a tab (U+0009), got a space"),
        ("a\xa0b", "a b", "column 2: expected a space, got a no-break space (U+00A0)"),
        ("a\u200bb", "ab", "column 2: expected 'b', got a zero width space (U+200B)"),
        ("c\u0430fe", "cafe", "column 2: expected 'a', got '\u0430' (U+0430, cyrillic small letter a)"),
        ("\uff11", "1", "column 1: expected '1', got '\uff11' (U+FF11, fullwidth digit one)"),
        ("'a'", '"a"', "column 1: expected a double quote (U+0022), got a single quote (U+0027)"),
        ("a", "a\n", "column 2: expected a line feed (U+000A), got the end of the text"),
        ("x\ny ", "x\ny", "line 2, column 2: expected the end of the text, got a space"),
        (f"{LONG}d", f"{LONG}b", "column 151: expected 'b', got 'd'"),
    ],
)
def test_texts_that_look_alike_are_told_apart(got: str, expected: str, note: str) -> None:
    assert describe_difference(got, expected) == note
    (place,) = mismatch_of(judged(got, expected)).places
    assert place.note == note


@pytest.mark.parametrize(
    ("got", "expected"), [("hallo", "hello"), ("", "text"), ("a\nb", "a\nb\nc"), (LONG, "b" * 150)]
)
def test_other_texts_need_no_such_note(got: str, expected: str) -> None:
    assert describe_difference(got, expected) == ""


def test_a_diff_shows_blanks_that_differ() -> None:
    diff = diff_lines("one\n\ttwo\nthree \nfour", "one\n  two\nthree\n")
    assert diff == ("  one", "- \\ttwo", "- three\\x20", "- four", "+   two", "+ three")


def test_a_diff_leaves_out_lines_that_are_far_from_a_difference() -> None:
    lines = [str(number) for number in range(20)]
    diff = diff_lines("\n".join([*lines, "x", *lines]), "\n".join([*lines, "y", *lines]))
    assert diff == ("…", "  18", "  19", "- x", "+ y", "  0", "  1")


def test_a_diff_is_bounded() -> None:
    diff = diff_lines("\n".join(f"a{n}" for n in range(5000)), "x" * 1000)
    assert (len(diff), max(map(len, diff))) == (MAX_DIFF_LINES + 1, len("… 177 more lines"))
    assert max(map(len, diff_lines("y\n", "x" * 1000 + "\ny"))) == MAX_LINE + len("+ …")


def test_a_single_line_needs_no_diff() -> None:
    assert mismatch_of(judged("a", "b")).diff == ()
    assert mismatch_of(judged("a\nb", "a\nc")).diff == ("  a", "- b", "+ c")


def test_a_text_in_a_container_keeps_its_note_only() -> None:
    mismatch = mismatch_of(judged([1, {"k": "x\ny z"}], [1, {"k": "x\ny\tz"}]))
    (place,) = mismatch.places
    assert (place.index, place.expected, place.note) == (
        (1, "k"),
        r"'x\ny\tz'",
        "line 2, column 2: expected a tab (U+0009), got a space",
    )
    assert mismatch.diff == ()


def test_the_mismatch_of_a_prediction_contains_no_expected_text() -> None:
    mismatch = mismatch_of(predicted("a\nb", "a\nB"))
    assert (mismatch.places, mismatch.diff, mismatch.details) == ((), (), ())
