"""Cards whose answer is one line, which Enter submits. Contains no widget."""

from __future__ import annotations

import ast

from quizapp.decks.card import Card

MAX_CHARACTERS = 2000
COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With)


def asks_for_one_line(card: Card) -> bool:
    """Return whether the author wrote both the starter and the solution of `card` on one line."""
    return all(len(code.strip().splitlines()) == 1 for code in (card.starter, card.solution))


def is_finished_line(text: str, row: int, column: int, starter: str) -> bool:
    """Return whether the cursor ends the only line of `text`, which is a whole statement other than `starter`."""
    lines = text.split("\n")
    line = lines[row]
    if column < len(line.rstrip()) or text.strip() != line.strip() or text.strip() == starter.strip():
        return False
    return len(line) <= MAX_CHARACTERS and _is_simple_statement(line.strip())


def _is_simple_statement(line: str) -> bool:
    # Imported here: the rules of answers are not needed for the first screen.
    from quizapp.grading.answer_rules.qualified_names import parse_or_none

    tree = parse_or_none(line)
    return tree is not None and len(tree.body) == 1 and not isinstance(tree.body[0], COMPOUND)
