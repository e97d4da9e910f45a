"""Text that nobody trusts, made harmless to show: what a terminal would obey or hide is written as an escape."""

from __future__ import annotations

import json
import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidirectional, zero-width, tags), surrogate, private, unassigned, line and paragraph separators."""


def visible(text: str) -> str:
    """`text` with line feeds and tabs kept, and every other character that is not seen as `\\x1b`, `\\u202e` …"""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in UNSEEN:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_text(facts: object, indent: int | None = None) -> str:
    """`facts` as JSON of printable ASCII alone, in which nothing is left for a terminal to obey."""
    return json.dumps(facts, indent=indent).replace("\x7f", "\\u007f")
