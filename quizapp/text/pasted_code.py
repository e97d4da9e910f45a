"""Code pasted from web pages and documents: replaces spaces and invisible characters that Python rejects."""

from __future__ import annotations

import re

CODE = re.compile(
    r"""
    (?P<string> "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'? )
    | (?P<space> [\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000] )
    | (?P<invisible> [\u00ad\u200b\u200e\u200f\u2060\ufeff] )
    """,
    re.VERBOSE,
)
"""A string on one line; a space other than the ASCII one; a character without width, such as a byte order mark."""


def clean_code(text: str) -> str:
    """Return code with ASCII spaces only and without invisible characters; strings on one line are unchanged."""
    return text if text.isascii() else CODE.sub(_clean, text)


def _clean(match: re.Match[str]) -> str:
    if match["string"]:
        return match["string"]
    return " " if match["space"] else ""
