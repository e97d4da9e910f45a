"""Adds a call after each binding of a program, with the names that it bound, and around its last expression."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

RECORD, ECHO = "<record>", "<echo>"
"""Names of the functions that are called; no program can contain them."""

RETURNED = "→"
"""Stands for the name of a returned value."""

COMPILER = re.compile(r"\b(?:(?:compile|compiler|export|_?dynamo|flex_attention)\b|(?:cond|while_loop|\w*scan)\()")
"""Names of torch's compiler, and of functions that compile the functions they are given."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Binding:
    """The names that one statement binds."""

    line: int
    """From 1."""

    names: tuple[str, ...]
    scope: int = 0
    """The first line of the outermost function that contains the statement; 0 outside functions."""


@dataclass(slots=True)
class BindingCalls:
    """The bindings of a program, found while the calls are added."""

    has_functions: bool = True
    """Whether calls are also added to the bodies of functions."""

    bindings: list[Binding] = field(default_factory=list)
    _scope: int = 0

    def add(self, tree: ast.Module) -> None:
        """Change the tree in place. Raises RecursionError if it is nested too deeply."""
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr):
            last.value = _call(ECHO, last.value, [last.value])
        tree.body = self._body(tree.body)

    def _body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [added for statement in statements for added in self._statement(statement)]

    def _statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """Yield the statement, then the call with the names that it has bound."""
        if isinstance(statement, FUNCTIONS):
            self._change_function(statement)
        else:
            self._change_blocks(statement)
        yield statement
        if isinstance(statement, ast.Return) and statement.value:
            statement.value = self._call(statement, (RETURNED,), statement.value)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from self._after_assignment(statement)

    def _change_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if self.has_functions:
            outer, self._scope = self._scope, self._scope or function.lineno
            self._change_blocks(function)
            self._scope = outer

    def _change_blocks(self, statement: Any) -> None:
        """Add the calls to each block of a compound statement; those for the names of its head come first."""
        for block in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            block.body = self._body(block.body)
        for name in ("body", "orelse", "finalbody"):
            if block := getattr(statement, name, None):
                head = list(self._record_names(statement, _head_targets(statement))) if name == "body" else []
                setattr(statement, name, head + self._body(block))

    def _after_assignment(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[ast.stmt]:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if statement.value is None:
            return
        if isinstance(statement, ast.AugAssign) or not isinstance(targets[0], ast.Attribute) or len(targets) > 1:
            yield from self._record_names(statement, targets)
        else:
            # Reading the attribute could run a property.
            statement.value = self._call(statement, (ast.unparse(targets[0]),), statement.value)

    def _record_names(self, statement: ast.stmt, targets: Sequence[ast.expr]) -> Iterator[ast.stmt]:
        """Yield a call with the values of the names in the targets, if there are any."""
        names = tuple(dict.fromkeys(name for target in targets for name in _names(target)))
        if names:
            loads = [ast.copy_location(ast.Name(name, ast.Load()), statement) for name in names]
            yield ast.copy_location(ast.Expr(self._call(statement, names, *loads)), statement)

    def _call(self, statement: ast.stmt, names: tuple[str, ...], *values: ast.expr) -> ast.Call:
        number = ast.copy_location(ast.Constant(len(self.bindings)), statement)
        self.bindings.append(Binding(statement.lineno, names, self._scope))
        return _call(RECORD, values[-1], [number, *values])


def may_be_compiled(*sources: str) -> bool:
    """Return whether a program names torch's compiler, which stops at calls that it does not know."""
    return any(COMPILER.search(source) for source in sources)


def _call(name: str, place: ast.expr, arguments: list[ast.expr]) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(function, arguments, []), place)


def _head_targets(statement: ast.stmt) -> list[ast.expr]:
    """Return the targets in the head of a `for` or `with` statement."""
    if isinstance(statement, ast.For | ast.AsyncFor):
        return [statement.target]
    if isinstance(statement, ast.With | ast.AsyncWith):
        return [item.optional_vars for item in statement.items if item.optional_vars]
    return []


def _names(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target binds, and `x` for `x[0]`; none for attributes."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _names(element)
    elif isinstance(target, ast.Starred | ast.Subscript):
        yield from _names(target.value)
