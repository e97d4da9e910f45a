"""Wrapped lines."""

from __future__ import annotations

from quizapp.text.wrapping import wrap_lines


def test_wrapped_lines_keep_their_indent() -> None:
    assert wrap_lines("  one two three", 9) == "  one two\n  three"


def test_long_lines_are_wrapped_between_words_and_lose_no_text() -> None:
    text = "    " + "word " * 30 + "\n\nshort"
    lines = wrap_lines(text, 40).split("\n")
    assert max(map(len, lines)) <= 40 and lines[-1] == "short"
    assert all(line.startswith("    word") for line in lines[:-2])
    assert "".join(text.split()) == "".join("".join(lines).split())
