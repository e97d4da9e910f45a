"""Other spellings of a typed value as Python writes it: full-width characters, blanks as separators, `2x3`, `1,000`."""

from __future__ import annotations

import re

from quizapp.grading.cards.typed_tokens import CLOSING, TOKEN
from quizapp.text.pasted_code import clean_code

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(character): plain
    for characters, plain in (
        ("\u3001", ","),
        ("\u3002", "."),
        ("\u2018\u2019", "'"),
        ("\u201c\u201d", '"'),
        ("\u3010", "["),
        ("\u3011", "]"),
        ("\u2212", "-"),
    )
    for character in characters
}
"""Characters that input methods and word processors type -> those of Python."""

SIZES = re.compile(r"(?<![\w.])\d++(?:\s*+[xX×]\s*+\d++)++(?![\w.])")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
CONSTANTS = {"true": True, "false": False, "none": None}
NUMBER_WORDS = frozenset({"inf", "nan", "infinity"})


def narrow(text: str) -> str:
    """Return `text` with full-width and invisible characters replaced, and without backticks around all of it."""
    narrowed = clean_code(text).translate(FULL_WIDTH)
    is_quoted = len(narrowed) > 2 and narrowed[0] == narrowed[-1] == "`" and "`" not in narrowed[1:-1]
    return narrowed[1:-1] if is_quoted else narrowed


def without_autograd(text: str) -> str:
    """Return `text` without what torch prints about the graph: `grad_fn=<…>` and `Parameter containing:`."""
    return re.sub(r",\s*grad_fn=<\w+>", "", text.removeprefix("Parameter containing:").strip())


def with_commas(text: str) -> str:
    """Return `text` with a comma between items that blanks, line ends or brackets separate, and `(2, 3)` for `2x3`."""
    parts: list[str] = []
    before, before_kind, gap = "", None, ""
    for match in TOKEN.finditer(SIZES.sub(_tuple_of_sizes, text)):
        token, kind = match[0], match.lastgroup
        if kind in ("space", "line"):
            gap = " "
            continue
        are_items = _ends_item(before, before_kind) and _starts_item(token, kind)
        is_separated = gap or token in CLOSING or before in CLOSING.values()
        if are_items and is_separated and not _is_call(before, before_kind, token):
            gap = ", "
        parts += [gap, token]
        before, before_kind, gap = token, kind, ""
    return "".join(parts)


def _tuple_of_sizes(match: re.Match[str]) -> str:
    return f"({', '.join(re.split(r'[^0-9]+', match[0]))})"


def _ends_item(token: str, kind: str | None) -> bool:
    return kind in ("string", "number", "word") or token in CLOSING.values()


def _starts_item(token: str, kind: str | None) -> bool:
    return kind in ("string", "number", "word") or token in CLOSING


def _is_call(before: str, kind: str | None, token: str) -> bool:
    """Return whether a bracket belongs to the name before it, as in `Size (2, 3)`, but not in `True (2, 3)`."""
    return token in CLOSING and kind == "word" and before.casefold() not in CONSTANTS.keys() | NUMBER_WORDS
