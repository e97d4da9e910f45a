"""Values that need quotes in YAML, and hints that show them quoted."""

from __future__ import annotations

import ast
import re

from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.decks.problems import as_code

KEY_OR_DASH = re.compile(r"^(\s*(?:-\s+)*(?:[\w-]+:\s+)?)(.*?)\s*$")
MAX_LINE = 1000
"""Characters of a line that a hint may quote."""

QUOTE_ENTRIES = "separate entries with commas, and quote those that contain brackets, quotes or `: `"


def quoted(text: str) -> str:
    """Return `text` as a quoted YAML scalar."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def quote_hint(line: str, column: int) -> str:
    """Return the hint to quote the value on `line` that begins at `column` (counted from 1)."""
    value = line[column - 1 :]
    if value.count("]") > value.count("[") or value.count("}") > value.count("{"):
        value = re.split(r"[],}]", value)[0]
    return f"if it is text or code, quote it: {as_code(quoted(value.strip()))}"


def value_on(line: str) -> str:
    """Return what follows the indentation, dashes and key of a line; nothing if it is too long for a hint."""
    match = KEY_OR_DASH.match(line) if len(line) <= MAX_LINE else None
    return match[2] if match else ""


def quote_value(line: str) -> str:
    """Return the hint to quote the value on `line`, or each entry of its list."""
    value = value_on(line)
    if value.startswith("[") and (entries := _python_entries(value)):
        return "quote it: `[" + ", ".join(quoted(entry) for entry in entries) + "]`"
    if not value or value[0] in "{|>" or (value[0] == "[" and value.endswith("]")):
        return QUOTE_ENTRIES if value[:1] in ("[", "{") else "quote text and expressions with special characters"
    return f"quote it: {as_code(quoted(value))}"


def _python_entries(text: str) -> list[str]:
    """Return the entries of a list as Python reads it; none if it is not a list."""
    try:
        with ignore_warnings():
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [ast.get_source_segment(text, entry) or "" for entry in tree.elts] if isinstance(tree, ast.List) else []
