"""Order cards: split the solution into logical lines, shuffle them, and check the lines of an answer."""

from __future__ import annotations

import ast
import builtins
import io
import random
import tokenize
from collections import Counter
from collections.abc import Iterable, Sequence

from quizapp.decks.card import Card

LONGER = 4
"""Factor on the length of the card's lines beyond which an order must contain others."""

MAX_SHUFFLES = 200
"""Number of tries to find an order that fails."""


def card_lines(card: Card) -> tuple[str, ...]:
    """Return the solution's logical lines in order, then the distracting lines."""
    return logical_lines(card.solution) + tuple(line for text in card.distract for line in logical_lines(text))


def logical_lines(source: str) -> tuple[str, ...]:
    """Return the logical lines with their indentation, without blank lines and comments."""
    lines = source.splitlines()
    try:
        return tuple("\n".join(lines[first - 1 : last]).rstrip() for first, last in _spans(source))
    except (tokenize.TokenError, IndentationError):
        # A distracting line, such as a lone `else:`, is not always a program.
        return tuple(line.rstrip() for line in lines if line.strip())


def _spans(source: str) -> Iterable[tuple[int, int]]:
    """Yield the first and last line, from 1, of each logical line."""
    skipped = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    first: int | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE and first is not None:
            yield first, token.start[0]
            first = None
        elif first is None and token.type not in skipped:
            first = token.start[0]


def shuffle_lines(card: Card, seed: str) -> tuple[str, ...]:
    """Return all lines in an order that fails, if there is one; it depends on the seed only."""
    lines = list(card_lines(card))
    generator = random.Random(f"{card.name}:{seed}")
    known = _bound(card.preamble + "\n" + card.given)
    fallback: tuple[str, ...] | None = None
    for _ in range(MAX_SHUFFLES):
        generator.shuffle(lines)
        if surely_fails(lines, known):
            return tuple(lines)
        if tuple(lines) != card_lines(card):
            fallback = tuple(lines)
    return fallback or tuple(reversed(lines))


def surely_fails(order: Sequence[str], known: frozenset[str]) -> bool:
    """Return whether this order fails for certain: it does not parse, or reads a name before it is bound."""
    try:
        tree = ast.parse("\n".join(order))
    except SyntaxError:
        return True
    bound_by_order = _bound("\n".join(order))
    bound = set(known) | set(dir(builtins))
    for statement in tree.body:
        if any(name in bound_by_order and name not in bound for name in _read_immediately(statement)):
            return True
        bound |= _bound(ast.unparse(statement))
    return False


def find_foreign_line(card: Card, program: str) -> str | None:
    """Return the first line of `program` that is not a line of the card, or is used too often; else None."""
    known = card_lines(card)
    unused = Counter(known)
    # Finding logical lines takes time that grows with the square of some texts.
    is_long = len(program) > LONGER * (sum(map(len, known)) + len(known))
    for line in program.splitlines() if is_long else logical_lines(program):
        if unused[line] == 0:
            return line
        unused[line] -= 1
    return None


def _bound(source: str) -> frozenset[str]:
    """Return every name that `source` binds."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return frozenset(found)


def _read_immediately(statement: ast.stmt) -> set[str]:
    """Return the names that `statement` reads when it is reached; the body of a `def` runs later."""
    if isinstance(statement, ast.FunctionDef):
        return set()
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return names - (_bound(ast.unparse(statement)) if not isinstance(statement, ast.Assign) else set())
