"""The lines of an order card: cut, shuffled, and recognised again."""

from __future__ import annotations

import ast
import builtins
import io
import random
import tokenize
from collections import Counter
from collections.abc import Iterable, Sequence

from quizapp.decks.card import Card

ATTEMPTS = 200


def pieces(card: Card) -> tuple[str, ...]:
    """The solution's logical lines in order, then the lines that belong nowhere."""
    return cut(card.solution) + tuple(line for text in card.distract for line in cut(text))


def cut(source: str) -> tuple[str, ...]:
    """Logical lines with their indentation; a statement over several lines is one, blank ones and comments none."""
    lines = source.splitlines()
    try:
        return tuple("\n".join(lines[first - 1 : last]).rstrip() for first, last in _spans(source))
    except (tokenize.TokenError, IndentationError):
        # A distracting line such as `else:` alone need not be a program.
        return tuple(line.rstrip() for line in lines if line.strip())


def _spans(source: str) -> Iterable[tuple[int, int]]:
    skipped = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    first: int | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE and first is not None:
            yield first, token.start[0]
            first = None
        elif first is None and token.type not in skipped:
            first = token.start[0]


def shuffled(card: Card, seed: str) -> tuple[str, ...]:
    """All pieces in an order that cannot already be right, the same for the same seed."""
    every = list(pieces(card))
    generator = random.Random(f"{card.name}:{seed}")
    known = _bound(card.preamble + "\n" + card.given)
    spare: tuple[str, ...] | None = None
    for _ in range(ATTEMPTS):
        generator.shuffle(every)
        if is_broken(every, known):
            return tuple(every)
        if tuple(every) != pieces(card):
            spare = tuple(every)
    return spare or tuple(reversed(every))


def is_broken(order: Sequence[str], known: frozenset[str]) -> bool:
    """Whether this order surely fails: it does not parse, or reads a name before its piece binds it."""
    try:
        tree = ast.parse("\n".join(order))
    except SyntaxError:
        return True
    ours = _bound("\n".join(order))
    bound = set(known) | set(dir(builtins))
    for statement in tree.body:
        if any(name in ours and name not in bound for name in _loaded_at_once(statement)):
            return True
        bound |= _bound(ast.unparse(statement))
    return False


def foreign(card: Card, program: str) -> str | None:
    """The first line of `program` that is no piece of the card, or is used too often."""
    left = Counter(pieces(card))
    for piece in cut(program):
        if left[piece] == 0:
            return piece
        left[piece] -= 1
    return None


def _bound(source: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return frozenset(found)


def _loaded_at_once(statement: ast.stmt) -> set[str]:
    """Names that `statement` reads when it is reached; the body of a `def` runs later."""
    if isinstance(statement, ast.FunctionDef):
        return set()
    inside = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return inside - (_bound(ast.unparse(statement)) if not isinstance(statement, ast.Assign) else set())
