"""ASCII text for characters that the encoding of a terminal does not contain, as error handlers for `str.encode`."""

from __future__ import annotations

import codecs
import unicodedata
from itertools import chain

LINES = "ptquiz-lines"
"""Name of the error handler for text printed in lines."""

CELLS = "ptquiz-cells"
"""Name of the error handler for a screen, where a replacement must be as wide as the character."""

SINGLE = {
    "✓☑": "+",
    "✗×": "x",
    "·": ".",
    "–—−─━═▔▁": "-",
    "│┃║▎▏▕▌▐▊": "|",
    "┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝": "+",
    "•●": "*",
    "○☐◐◑◒◓": "o",
    "†◷▲⊘⚑": "!",
    "≡": "=",
    "↻": "?",
    "↑": "^",
    "↓": "v",
    "›▶": ">",
    "‘’": "'",
    "“”": '"',
    "▂▃": ":",
    "▄▅▋▍": "=",
    "▆▇█▉▓": "#",
    "▒": "%",
    "░": ".",
}
MULTIPLE = {"…": "...", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf"}
STAND_INS = dict(chain.from_iterable(((c, text) for c in characters) for characters, text in SINGLE.items())) | MULTIPLE
"""Character -> ASCII text."""


def _line(character: str) -> str:
    """Return what is printed in place of a character; the code point if no ASCII text resembles it."""
    return STAND_INS.get(character) or character.encode("ascii", "backslashreplace").decode()


def _cells(character: str) -> str:
    """Return ASCII text that is as wide on a screen as the character."""
    if unicodedata.combining(character):
        return ""
    if unicodedata.east_asian_width(character) in "WF":
        return "??"
    return STAND_INS.get(character, "?")[0]


def _replace_in_lines(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_line, error.object[error.start : error.end])), error.end


def _replace_in_cells(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_cells, error.object[error.start : error.end])), error.end


codecs.register_error(LINES, _replace_in_lines)
codecs.register_error(CELLS, _replace_in_cells)
