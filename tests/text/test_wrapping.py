"""Wrapped lines."""

from __future__ import annotations

import pytest

from quizapp.text.wrapping import join_paragraphs, wrap_lines


def test_wrapped_lines_keep_their_indent() -> None:
    assert wrap_lines("  one two three", 9) == "  one two\n  three"


def test_long_lines_are_wrapped_between_words_and_lose_no_text() -> None:
    text = "    " + "word " * 30 + "\n\nshort"
    lines = wrap_lines(text, 40).split("\n")
    assert max(map(len, lines)) <= 40 and lines[-1] == "short"
    assert all(line.startswith("    word") for line in lines[:-2])
    assert "".join(text.split()) == "".join("".join(lines).split())


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("把两个张量拼接，结果绑定", 10, "把两个张量\n拼接，结果\n绑定"),
        ("把 `x` 拼接。", 9, "把 `x` 拼\n接。"),
        ("两个张量，拼", 8, "两个张\n量，拼"),
        ("- one two three", 9, "- one two\n  three"),
        ("1. abcdefghij klm", 6, "1. abcdefghij\n   klm"),
    ],
)
def test_lines_are_measured_in_columns_and_hang_below_list_items(text: str, width: int, expected: str) -> None:
    assert wrap_lines(text, width) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("- one\n  two\n- three", "- one two\n- three"),
        ("拼接\n张量", "拼接张量"),
        ("one\n```\na\nb\n```\ntwo\nthree", "one\n```\na\nb\n```\ntwo three"),
        ("one\n\n    a\n    b", "one\n\n    a\n    b"),
        ("| a |\n| b |", "| a |\n| b |"),
        ("one  \ntwo", "one  \ntwo"),
        ("# one\ntwo", "# one\ntwo"),
    ],
)
def test_the_lines_of_a_paragraph_are_joined_and_those_of_code_are_not(text: str, expected: str) -> None:
    assert join_paragraphs(text) == expected
