"""The syntax tree of a card's solution: the surroundings of each node, and the solution with some nodes replaced."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from quizapp.decks.card import Card
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.grading.answer_rules.qualified_names import find_aliases
from quizapp.grading.code_changes.code_tree import CodeTree, Replacement

Item = TypeVar("Item")

MOST_SHOWN = 120
"""Characters of the code that a message shows."""


@dataclass(frozen=True, slots=True)
class ChangedSolution:
    """A solution that a machine has changed: a mutant, which should fail, or an equivalent, which should pass."""

    kind: str
    """The change: `dimension changed`, `operator swapped` …"""

    line: int
    """Line of the solution, from 1."""

    code: str
    """The whole changed solution."""

    original: str
    changed: str
    control: str = ""
    """A program that passes only if the change has no effect on this card; empty if there is none."""

    def __str__(self) -> str:
        return f"{self.kind}: `{_clipped(self.original)}` -> `{_clipped(self.changed)}`"


def _clipped(code: str) -> str:
    line = "; ".join(filter(None, map(str.strip, code.splitlines())))
    return line if len(line) <= MOST_SHOWN else f"{line[: MOST_SHOWN // 2]} … {line[-MOST_SHOWN // 2 :]}"


class SolutionCode(CodeTree):
    """The solution of a card as a tree that is never modified."""

    def __init__(self, card: Card) -> None:
        with ignore_warnings():
            super().__init__(ast.parse(card.solution))
            self.context = ast.parse(card.preamble + "\n" + card.given)
        self.text = ast.unparse(self.tree)
        self.aliases = find_aliases(ast.Module([*self.context.body, *self.tree.body], []))
        """Name -> full name of the module or function that it is imported from."""

    def top_level_functions(self) -> list[ast.FunctionDef]:
        """Return the functions that checks can call, and the methods of classes that they can use."""
        bodies = [self.tree.body, *(node.body for node in self.tree.body if isinstance(node, ast.ClassDef))]
        return [node for body in bodies for node in body if isinstance(node, ast.FunctionDef)]

    def imports(self, module: str) -> str | None:
        """Return the name to which `module` is bound: `np` for `numpy`; None if it is not imported."""
        return next((name for name, full in self.aliases.items() if full == module), None)

    def starts_empty(self, name: ast.Name) -> bool:
        """Return whether a name of a function starts as an empty list."""
        return any(
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.List)
            and not statement.value.elts
            and any(isinstance(target, ast.Name) and target.id == name.id for target in statement.targets)
            for statement in ast.walk(self.scope(name))
        )

    def library(self) -> str | None:
        """Return the name to which the library of the card's arrays is bound: that of torch or NumPy, if used more."""
        names = [node.id for tree in (self.tree, self.context) for node in ast.walk(tree) if isinstance(node, ast.Name)]
        bound = [name for module in ("torch", "numpy") if (name := self.imports(module))]
        return max(bound, key=names.count, default=None)

    def change(self, kind: str, node: ast.stmt | ast.expr, changed: ast.AST) -> ChangedSolution:
        """Return the solution with one node replaced."""
        return self.change_several(kind, {node: changed}, shown=(node, changed))

    def change_several(
        self, kind: str, replacements: Mapping[ast.AST, Replacement], shown: tuple[ast.stmt | ast.expr, ast.AST | str]
    ) -> ChangedSolution:
        """Return the solution with several nodes replaced; `shown` are a node and what to show in its place."""
        node, changed = shown
        text = changed if isinstance(changed, str) else ast.unparse(ast.fix_missing_locations(changed))
        return ChangedSolution(kind, node.lineno, self.replaced(replacements), ast.unparse(node), text)


def evenly(items: list[Item], most: int) -> list[Item]:
    """Return at most `most` of the items, evenly spread."""
    step = len(items) / most
    return items if step <= 1 else [items[int(index * step)] for index in range(most)]


def is_same_code(a: str, b: str) -> bool:
    """Return whether two programs differ in layout and comments only."""
    with ignore_warnings():
        return ast.dump(ast.parse(a)) == ast.dump(ast.parse(b))
