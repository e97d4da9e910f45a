"""Undefined and unused names of an answer, found by pyflakes without running it. Contains no widget."""

from __future__ import annotations

import re

from quizapp.decks.card import Card
from quizapp.tui.widgets.code_area import Mark

MAX_CHARACTERS = 20_000
"""Longer answers are not checked."""

MAX_PROBLEMS = 20


def find_problems(card: Card, answer: str) -> list[Mark]:
    """Return a mark for each undefined or unused name of `answer`; none if it does not parse.

    Names of preamble and given, those that are bound for checks, and those that checks use are no problem.
    """
    if len(answer) > MAX_CHARACTERS or not answer.strip():
        return []
    try:
        return _find_problems(card, answer)
    except (SyntaxError, ValueError, RecursionError, MemoryError, AttributeError, KeyError):
        # AttributeError and KeyError are faults of pyflakes, which come from unusual code.
        return []


def _find_problems(card: Card, answer: str) -> list[Mark]:
    # Imported here: each takes time that the first card should not wait for.
    from pyflakes.checker import Checker  # type: ignore[import-untyped]

    from quizapp.audit.proofs.undefined_names import CHECK_NAMES, binds_dynamically
    from quizapp.grading.answer_rules.qualified_names import parse_or_none

    before = "".join(f"{part.rstrip()}\n" for part in (card.preamble, card.given) if part.strip())
    source = before + answer
    tree = parse_or_none(source)
    # Code that parses only together would get marks for what its parts bind.
    if tree is None or parse_or_none(answer) is None or binds_dynamically(source):
        return []
    checker = Checker(tree, filename="answer", builtins=set(CHECK_NAMES), withDoctest=False)
    used = _words_of_checks(card)
    first, lines = before.count("\n") + 1, answer.split("\n")
    marks = []
    for message in checker.messages:
        name = str(message.message_args[0]).split(" as ")[-1] if message.message_args else ""
        text = _describe(type(message).__name__, name, used)
        row = message.lineno - first
        if text and 0 <= row < len(lines):
            marks.append(_mark(row, text, name.split(".")[0], lines[row], message.col))
    return sorted(marks, key=lambda mark: (mark.row, mark.column or 0))[:MAX_PROBLEMS]


def _words_of_checks(card: Card) -> frozenset[str]:
    code = "\n".join(f"{check.run or ''}\n{check.see}" for check in card.checks)
    return frozenset(re.findall(r"[^\W\d]\w*", code))


def _describe(kind: str, name: str, used: frozenset[str]) -> str:
    """Return the sentence for a message of pyflakes; empty for those that are no problem here."""
    if kind == "UndefinedName":
        return f"{name} is not defined"
    if kind == "UndefinedLocal":
        return f"{name} is used before it is bound"
    if name.split(".")[0] in used:
        return ""
    return {"UnusedImport": f"{name} is imported and not used", "UnusedVariable": f"{name} is not used"}.get(kind, "")


def _mark(row: int, text: str, name: str, line: str, byte_column: int) -> Mark:
    """Return a mark on `name`, which follows the column that pyflakes names: that of a whole import."""
    column = len(line.encode()[:byte_column].decode(errors="ignore"))
    found = re.compile(rf"\b{re.escape(name)}\b").search(line, column)
    return Mark(row, text, *found.span()) if found else Mark(row, text, column)
