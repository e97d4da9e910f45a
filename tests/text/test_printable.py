"""Escaped text."""

from __future__ import annotations

import json

import pytest

from quizapp.text.printable import json_text, visible


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


def test_json_is_printable_ascii_and_unchanged_when_read() -> None:
    facts = {"text": "\x1b\x7f\u202e张"}
    assert json_text(facts).isascii() and json_text(facts).isprintable()
    assert json.loads(json_text(facts)) == facts
