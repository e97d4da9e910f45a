"""Mutants: solutions with one typical mistake, made by machine.

Each mutant is the solution with one node of its syntax tree or one whole result replaced. The checks should fail
every mutant that is a mistake.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TypeVar

from quizapp.audit.mutations import mutations
from quizapp.audit.result_mutants import result_mutants
from quizapp.decks.card import Card
from quizapp.decks.parsing.python_syntax import ignore_warnings

Item = TypeVar("Item")

MOST_MUTANTS = 60
"""Maximum number of mutants of one solution; if there are more, an evenly spread selection is tried."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed solution."""

    kind: str
    """The change: `dimension changed`, `operator swapped` …"""

    line: int
    """Line of the solution, from 1."""

    code: str
    """The whole changed solution."""

    original: str
    changed: str

    def __str__(self) -> str:
        return f"{self.kind}: `{self.original}` -> `{self.changed}`"


def mutants(card: Card) -> list[Mutant]:
    """Return the mutants of a card's solution, each once, in the order of its lines."""
    with ignore_warnings():
        tree = ast.parse(card.solution)
        context = ast.parse(card.preamble + "\n" + card.given)
    statements = [ast.unparse(statement) for statement in tree.body]
    found: dict[str, Mutant] = {}
    # More than needed, because several changes may give the same code.
    for index, statement, node, kind, changed in _evenly(_changes(tree, context), 4 * MOST_MUTANTS):
        mutated = ast.fix_missing_locations(_Replace(node, changed).visit(statement))
        code = "\n".join([*statements[:index], ast.unparse(mutated), *statements[index + 1 :]])
        found.setdefault(code, Mutant(kind, node.lineno, code, ast.unparse(node), ast.unparse(changed)))
    found.pop("\n".join(statements), None)
    return _evenly(sorted(found.values(), key=lambda mutant: mutant.line), MOST_MUTANTS)


def _evenly(items: list[Item], most: int) -> list[Item]:
    """Return at most `most` of the items, evenly spread."""
    step = len(items) / most
    return items if step <= 1 else [items[int(index * step)] for index in range(most)]


def is_same_code(a: str, b: str) -> bool:
    """Return whether two programs differ in layout and comments only."""
    with ignore_warnings():
        return ast.dump(ast.parse(a)) == ast.dump(ast.parse(b))


Change = tuple[int, ast.stmt, ast.expr, str, ast.expr]
"""(index of the statement, the statement, an expression in it, the kind of change, the new expression)."""


def _changes(tree: ast.Module, context: ast.Module) -> list[Change]:
    results = list(result_mutants(tree, context))
    found: list[Change] = []
    for index, statement in enumerate(tree.body):
        nodes = [node for node in ast.walk(statement) if isinstance(node, ast.expr)]
        ids = set(map(id, nodes))
        found += [(index, statement, node, kind, changed) for node in nodes for kind, changed in mutations(node)]
        found += [(index, statement, node, kind, changed) for node, kind, changed in results if id(node) in ids]
    return [(i, s, node, kind, ast.fix_missing_locations(changed)) for i, s, node, kind, changed in found]


class _Replace(ast.NodeTransformer):
    """Replaces one node in a copy of the path to it; the original tree is not changed."""

    def __init__(self, target: ast.AST, replacement: ast.AST) -> None:
        self.target = target
        self.replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.target:
            return self.replacement
        return self.generic_visit(_copy_with_lists(node))


def _copy_with_lists(node: ast.AST) -> ast.AST:
    """Return a shallow copy with copied lists of children, because the transformer assigns to them."""
    copied = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(copied, name, list(value))
    return copied
