"""Explanations of errors that come from the text of an answer: notebook syntax, characters that look like others."""

from __future__ import annotations

import re
import sys
import unicodedata

from quizapp.grading.mistake import Mistake
from quizapp.sandbox.protocol import Raised

INVALID_CHARACTER = re.compile(r"invalid (?:non-printable )?character (?:'(?P<shown>.)' \()?U\+(?P<code>[0-9A-F]{4,6})")
UNKNOWN_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")

LOOK_ALIKES = str.maketrans(
    "аАВсСеЕНіІјЈКМоОрРѕЅТхХуΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ", "aABcCeEHiIjJKMoOpPsSTxXyABEZHIKMNOPTYXaivopu"
)
"""Letters of Cyrillic and Greek -> Latin letters that look like them."""

PUNCTUATION = {
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("–—−‐‑", "-"),
    **dict.fromkeys("×∗⋅·", "*"),
    "÷": "/",
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}
"""Character that Python rejects -> what to type instead; full-width characters are found by Unicode's own table."""

ENDINGS = {
    "EOFError": "`input()` has nothing to read here: write the value into the code.",
    "BdbQuit": "`breakpoint()` waits for a debugger, which cannot be used here: print the values instead.",
    "SystemExit": "`exit()` ends the program before it is checked: leave it out.",
}
"""Class of an exception -> sentence on the call that raised it."""


def find_language_cause(raised: Raised) -> tuple[Mistake, str] | None:
    """Return the key and the sentence of an error that the text of the answer explains, or None."""
    if raised.type in ENDINGS:
        return Mistake.NOT_INTERACTIVE, ENDINGS[raised.type]
    if "builtins.SyntaxError" in raised.bases:
        return _invalid_character(raised) or _notebook_syntax((raised.source or "").strip())
    match = UNKNOWN_NAME.search(raised.message) if raised.type == "NameError" else None
    return _unknown_name(match["name"]) if match else None


def _notebook_syntax(line: str) -> tuple[Mistake, str] | None:
    word = line.split()[0] if line else ""
    if line.startswith("%"):
        return Mistake.NOTEBOOK, f"`{word}` is a command of notebooks, not Python: leave the line out."
    if line.startswith("!"):
        return Mistake.NOTEBOOK, f"`{word}` runs a program in notebooks and is not Python: leave the line out."
    if line.endswith("?"):
        return (
            Mistake.NOTEBOOK,
            "A question mark asks for help in notebooks and is not Python: leave it out, or use `help(…)`.",
        )
    return None


def _unknown_name(name: str) -> tuple[Mistake, str] | None:
    if name in ("display", "get_ipython"):
        return Mistake.NOTEBOOK, f"`{name}` exists only in notebooks: use `print`."
    latin = name.translate(LOOK_ALIKES)
    if latin == name or not latin.isascii():
        return None
    letter = next(character for character in name if not character.isascii())
    kind = unicodedata.name(letter, "another letter").lower()
    return (
        Mistake.LOOK_ALIKE,
        f"`{name}` contains `{letter}` ({kind}), which only looks like `{letter.translate(LOOK_ALIKES)}`.",
    )


def _invalid_character(raised: Raised) -> tuple[Mistake, str] | None:
    match = INVALID_CHARACTER.search(raised.message)
    # An answer can raise a SyntaxError of its own, with any number.
    if match is None or (code := int(match["code"], 16)) > sys.maxunicode:
        return None
    character = chr(code)
    name = unicodedata.name(character, "a character without a name").lower()
    shown = f"`{character}` (U+{match['code']}, {name})" if match["shown"] else f"U+{match['code']} ({name})"
    return Mistake.CHARACTER, f"{shown} is not a character of Python: {_instead(character)}."


def _instead(character: str) -> str:
    """Return what to do about a character that Python does not know."""
    plain = PUNCTUATION.get(character, unicodedata.normalize("NFKC", character))
    if character.isspace() or plain.isspace():
        return "type a space"
    if plain != character and plain.isascii():
        return f"type `{plain}`"
    return "remove it" if unicodedata.category(character).startswith("C") else "write it in a string only"
