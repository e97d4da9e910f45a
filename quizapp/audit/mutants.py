"""Machine-made mistakes: a solution changed in one place, as learners get such places wrong.

Each mutant is the solution with one node of its syntax tree replaced, or with one result replaced
as a whole. What a check should do is fail every one that is a mistake.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.audit.changes import changes
from quizapp.audit.results import results
from quizapp.decks.card import Card
from quizapp.decks.code import quiet

MOST = 60
"""Mutants of one solution; a long one has them thinned out evenly."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed solution."""

    kind: str
    """What was done: `dimension changed`, `operator swapped` …"""

    line: int
    """Of the solution, from 1."""

    code: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.kind}: `{self.was}` -> `{self.now}`"


def mutants(card: Card) -> list[Mutant]:
    """The mutants of a card's solution, each once, in the order of its lines."""
    with quiet():
        tree = ast.parse(card.solution)
        setting = ast.parse(card.preamble + "\n" + card.given)
    made: dict[str, Mutant] = {ast.unparse(tree): Mutant("", 0, "", "", "")}
    for mutant in _all(tree, setting):
        made.setdefault(mutant.code, mutant)
    found = sorted(list(made.values())[1:], key=lambda mutant: mutant.line)
    step = len(found) / MOST
    return found if step <= 1 else [found[int(index * step)] for index in range(MOST)]


def same_code(one: str, other: str) -> bool:
    """Whether two programs differ in layout and comments alone."""
    with quiet():
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def _all(tree: ast.Module, setting: ast.Module) -> Iterator[Mutant]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for node in nodes:
        for kind, changed in changes(node):
            yield _mutant(tree, node, kind, changed)
    for node, kind, changed in results(tree, setting):
        yield _mutant(tree, node, kind, changed)


def _mutant(tree: ast.Module, node: ast.expr, kind: str, changed: ast.expr) -> Mutant:
    """The whole program with `node` replaced."""
    marked = _Replace(node, changed).visit(tree)
    code = ast.unparse(ast.fix_missing_locations(marked))
    return Mutant(kind, node.lineno, code, ast.unparse(node), ast.unparse(ast.fix_missing_locations(changed)))


class _Replace(ast.NodeTransformer):
    """Copies the way down to one node, and puts another in its place; the original tree stays as it is."""

    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target = target
        self.replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.target:
            return self.replacement
        return self.generic_visit(_with_own_lists(node))


def _with_own_lists(node: ast.AST) -> ast.AST:
    """A copy whose lists of children are its own, because the transformer assigns into them."""
    twin = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(twin, name, list(value))
    return twin
