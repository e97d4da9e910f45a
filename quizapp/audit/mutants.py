"""Machine-made mistakes: a solution changed in one place, as learners get such places wrong.

Each mutant is the solution with one node of its syntax tree replaced, or with one result replaced
as a whole. What a check should do is fail every one that is a mistake.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TypeVar

from quizapp.audit.mutations import mutations
from quizapp.audit.result_mutants import result_mutants
from quizapp.decks.card import Card
from quizapp.decks.parsing.python_syntax import quiet

Item = TypeVar("Item")

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
    statements = [ast.unparse(statement) for statement in tree.body]
    found: dict[str, Mutant] = {}
    for number, place, node, kind, changed in _thinned(_all(tree, setting), 4 * MOST):
        whole = _Replace(node, changed).visit(place)
        now = [*statements[:number], ast.unparse(ast.fix_missing_locations(whole)), *statements[number + 1 :]]
        code = "\n".join(now)
        found.setdefault(code, Mutant(kind, node.lineno, code, ast.unparse(node), ast.unparse(changed)))
    found.pop("\n".join(statements), None)
    return _thinned(sorted(found.values(), key=lambda mutant: mutant.line), MOST)


def _thinned(items: list[Item], most: int) -> list[Item]:
    """At most `most` of them, evenly."""
    step = len(items) / most
    return items if step <= 1 else [items[int(index * step)] for index in range(most)]


def same_code(one: str, other: str) -> bool:
    """Whether two programs differ in layout and comments alone."""
    with quiet():
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


Changed = tuple[int, ast.stmt, ast.expr, str, ast.expr]
"""Number of the statement, the statement, the expression in it, what is done, and what stands there then."""


def _all(tree: ast.Module, setting: ast.Module) -> list[Changed]:
    ready = list(result_mutants(tree, setting))
    found: list[Changed] = []
    for number, statement in enumerate(tree.body):
        nodes = [node for node in ast.walk(statement) if isinstance(node, ast.expr)]
        inside = set(map(id, nodes))
        found += [(number, statement, node, kind, changed) for node in nodes for kind, changed in mutations(node)]
        found += [(number, statement, node, kind, changed) for node, kind, changed in ready if id(node) in inside]
    return [(n, s, node, kind, ast.fix_missing_locations(changed)) for n, s, node, kind, changed in found]


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
