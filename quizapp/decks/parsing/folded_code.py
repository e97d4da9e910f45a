"""Code on several lines that YAML joins into one, because it is not a block that begins with `|`."""

from __future__ import annotations

import ast
import re
import textwrap

from quizapp.decks.parsing.python_syntax import Mode, find_fault, ignore_warnings
from quizapp.decks.parsing.source import DeckSource
from quizapp.decks.parsing.yaml_tree import Scalar

FENCE = re.compile(r"^[ \t]*(?:`{3}|~{3})", re.MULTILINE)


def is_folded_code(node: Scalar, mode: Mode, source: DeckSource) -> bool:
    """Return whether the lines of a value are Python, and not the same Python when YAML has joined them."""
    if node.style == "|" or node.start_mark.line == node.end_mark.line:
        return False
    written = _lines(node, source).strip()
    if "\n" not in written or find_fault(written, mode) is not None:
        return False
    joined = node.value.strip()
    return find_fault(joined, mode) is not None or _dump(joined, mode) != _dump(written, mode)


def has_folded_fence(node: Scalar, source: DeckSource) -> bool:
    """Return whether a folded text joins the lines of a Markdown code block."""
    if node.style != ">":
        return False
    return len(FENCE.findall(node.value)) < len(FENCE.findall(source.block_lines(node)))


def folding_hint(node: Scalar) -> str:
    """Return how to keep the lines of a value that YAML joins."""
    return (
        "write `|` instead of `>`" if node.style == ">" else "begin the value with `|`, and its text on the next line"
    )


def _lines(node: Scalar, source: DeckSource) -> str:
    """Return a value as its lines were written."""
    if node.style == ">":
        return source.block_lines(node)
    first, last = node.start_mark, node.end_mark
    lines = source.lines[first.line : last.line + 1]
    lines[-1] = lines[-1][: last.column]
    text = f"{lines[0][first.column :]}\n{textwrap.dedent(chr(10).join(lines[1:]))}"
    return text[1:].rstrip().removesuffix(node.style) if node.style else text


def _dump(code: str, mode: Mode) -> str:
    with ignore_warnings():
        return ast.dump(ast.parse(code, mode=mode))
