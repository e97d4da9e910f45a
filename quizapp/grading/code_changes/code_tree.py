"""The syntax tree of a program: the surroundings of each node, and the program with some nodes replaced."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property

from quizapp.grading.answer_rules.qualified_names import find_aliases

Replacement = ast.AST | Sequence[ast.stmt]

USUAL_MODULES = frozenset({"torch", "F", "nn", "np", "numpy", "pd", "math"})


class CodeTree:
    """The syntax tree of a program; it is never modified."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names of modules: usual ones, which a preamble imports, and those that the program imports itself."""
        return USUAL_MODULES | find_aliases(self.tree).keys()

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node that contains `node`; None for the whole tree."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what contains `node`, from the inside out."""
        while (found := self._parents.get(node)) is not None:
            yield found
            node = found

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the innermost statement that contains `node`."""
        return next(found for found in (node, *self.ancestors(node)) if isinstance(found, ast.stmt))

    def function(self, node: ast.AST) -> ast.FunctionDef | None:
        """Return the innermost function that contains `node`; None at the top level."""
        return next((found for found in self.ancestors(node) if isinstance(found, ast.FunctionDef)), None)

    def scope(self, node: ast.AST) -> ast.FunctionDef | ast.Module:
        """Return the innermost function that contains `node`, or the whole tree."""
        return self.function(node) or self.tree

    def functions(self) -> list[ast.FunctionDef]:
        """Return every function and method, in the order of their lines."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def reads(self, name: str, scope: ast.AST) -> list[ast.Name]:
        """Return where `name` is read within `scope`."""
        names = (node for node in ast.walk(scope) if isinstance(node, ast.Name))
        return [node for node in names if node.id == name and isinstance(node.ctx, ast.Load)]

    def replaced(self, replacements: Mapping[ast.AST, Replacement]) -> str:
        """Return the text of the program with some nodes replaced; a statement can be replaced by several."""
        changed = {found for node in replacements for found in self.ancestors(node)}
        tree = _Replacer(replacements, changed).visit(self.tree)
        assert isinstance(tree, ast.Module)
        for new in replacements.values():
            for node in [new] if isinstance(new, ast.AST) else new:
                ast.fix_missing_locations(node)
        return ast.unparse(tree)


class _Replacer(ast.NodeTransformer):
    """Replaces nodes in a copy of the tree, which shares the nodes that do not change."""

    def __init__(self, replacements: Mapping[ast.AST, Replacement], changed: Set[ast.AST]) -> None:
        self.replacements = replacements
        self.changed = changed

    def visit(self, node: ast.AST) -> ast.AST | list[ast.stmt]:
        found = self.replacements.get(node)
        if found is None:
            return self.generic_visit(_copy_with_lists(node)) if node in self.changed else node
        return found if isinstance(found, ast.AST) else list(found)


def _copy_with_lists(node: ast.AST) -> ast.AST:
    """Return a shallow copy with copied lists of children, because the transformer assigns to them."""
    copied = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(copied, name, list(value))
    return copied


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted path, of a call that of its function; an empty string for anything else."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def names_in(*nodes: ast.AST) -> set[str]:
    """Return every name that occurs in the nodes."""
    return {found.id for node in nodes for found in ast.walk(node) if isinstance(found, ast.Name)}


def literal_integer(node: ast.expr | None) -> int | None:
    """Return the value of an integer literal, also of a negative one; None for anything else."""
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError):
        return None
    return value if type(value) is int else None
