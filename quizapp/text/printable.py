"""Untrusted text made safe to show: characters that a terminal would interpret or hide become escapes."""

from __future__ import annotations

import json
import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidirectional, zero-width, tags), surrogate, private, unassigned, line and paragraph separators."""


def visible(text: str) -> str:
    """Return `text` with every invisible character except line feeds and tabs as `\\x1b`, `\\u202e` …"""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(map(_escape, text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """Return `text` on one line: a name or title with a line feed could imitate the line of something else."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def _escape(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in INVISIBLE:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


NAMES = {
    "\t": "tab",
    "\n": "line feed",
    "\r": "carriage return",
    " ": "space",
    "'": "single quote",
    '"': "double quote",
    "`": "backtick",
}


def name_character(character: str) -> str:
    """Return a character as text that tells it apart from those that look alike: `'e'`, `a tab (U+0009)`."""
    code = f"U+{ord(character):04X}"
    name = NAMES.get(character) or unicodedata.name(character, "character without a name").lower()
    if character.isprintable() and character not in NAMES:
        return f"'{character}'" if character.isascii() else f"'{character}' ({code}, {name})"
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name}" + ("" if character == " " else f" ({code})")


def json_text(facts: object, indent: int | None = None) -> str:
    """Return `facts` as JSON in printable ASCII, which a terminal cannot interpret as control sequences."""
    return json.dumps(facts, indent=indent).replace("\x7f", "\\u007f")
