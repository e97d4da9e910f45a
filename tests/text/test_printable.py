"""Escaped text."""

from __future__ import annotations

import json

import pytest

from quizapp.text.printable import json_text, name_character, visible


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text\n\tindented", "plain text\n\tindented"),
        ("größe 张量 ✓", "größe 张量 ✓"),
        ("\x1b[2J\x07\x7f", "\\x1b[2J\\x07\\x7f"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\u202e\u200b\u2028\ud800", "\\u202e\\u200b\\u2028\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_invisible_characters_become_escapes(text: str, escaped: str) -> None:
    assert visible(text) == escaped


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("e", "'e'"),
        (" ", "a space"),
        ("\t", "a tab (U+0009)"),
        ("\n", "a line feed (U+000A)"),
        ("\xa0", "a no-break space (U+00A0)"),
        ("\u200b", "a zero width space (U+200B)"),
        ("\u3000", "an ideographic space (U+3000)"),
        ("\x1b", "a character without a name (U+001B)"),
        ("'", "a single quote (U+0027)"),
        ("\u0430", "'\u0430' (U+0430, cyrillic small letter a)"),
    ],
)
def test_a_character_has_a_name_that_tells_it_from_similar_ones(character: str, name: str) -> None:
    assert name_character(character) == name


def test_json_is_printable_ascii_and_unchanged_when_read() -> None:
    facts = {"text": "\x1b\x7f\u202e张"}
    assert json_text(facts).isascii() and json_text(facts).isprintable()
    assert json.loads(json_text(facts)) == facts
