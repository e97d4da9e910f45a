"""Names that code reads and nothing binds, found without running it.

Code that may bind names in ways that its syntax does not show, such as a star import or `exec`, has none.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator

from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.decks.problems import nearest
from quizapp.grading.answer_rules.qualified_names import parse_or_none

RUN_NAMES = frozenset({"caught", "device", "fill", "shares_memory", "tmp"})
"""Names that are bound when a run starts."""

CHECK_NAMES = RUN_NAMES | {"again", "raised", "source", "stderr", "stdout", "warned"}
"""Names that are bound for checks."""

BUILTINS = frozenset(dir(builtins))
DYNAMIC_NAMES = frozenset({"eval", "exec", "globals", "locals", "vars", "NameError", "UnboundLocalError"})
"""Names in code that may bind further names, or that expects some to be undefined."""

DYNAMIC_ATTRIBUTES = frozenset({"__dict__", "__globals__", "f_globals", "modules", "_getframe"})
DYNAMIC_MODULES = frozenset({"__future__", "__main__", "builtins"})
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
CATCHING = frozenset({"caught", "raises", "suppress"})
"""Functions that handle exceptions of the code that is given to them or runs within them."""


def undefined_names(source: str, known: Collection[str]) -> list[tuple[str, int]]:
    """Return (name, line from 1) for each name that `source` reads, and neither it nor `known` nor Python binds."""
    tree, table = parse_or_none(source), _table(source)
    if tree is None or table is None or binds_dynamically(source):
        return []
    defined = BUILTINS | set(known) | bound_names(source)
    read = {name for name in _global_reads(table) if name not in defined and not name.startswith("__")}
    local_uses = _local_uses(tree)
    uses = [n for n in _unguarded(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in read]
    # A use in a scope that binds the name comes last, because it is probably not the one that fails.
    uses.sort(key=lambda node: (node in local_uses, node.lineno))
    lines: dict[str, int] = {}
    for node in uses:
        lines.setdefault(node.id, node.lineno)
    return sorted(lines.items(), key=lambda item: (item[1], item[0]))


def did_you_mean(name: str, known: Collection[str]) -> str | None:
    """Return the most similar of the names that Python or `known` bind, or None if none is similar."""
    by_lower_case = {bound.lower(): bound for bound in sorted(BUILTINS) + sorted(known)}
    near = nearest(name, list(by_lower_case))
    return by_lower_case[near] if near else None


def unbound_hint(name: str, known: Collection[str]) -> str:
    """Return the hint for a name that is never bound, where `known` are."""
    near = did_you_mean(name, known)
    return f"did you mean `{near}`?" if near else "bind it first, for example in `given`, or correct the name"


def bound_names(source: str) -> set[str]:
    """Return the names that `source` binds in its module; none if it does not parse."""
    tree, table = parse_or_none(source), _table(source)
    if tree is None or table is None:
        return set()
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    # From Python 3.12 on, the tables do not show that `:=` in a comprehension binds a name outside it.
    found |= {node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)}
    for inner in _inner_tables(table):
        found |= {
            symbol.get_name()
            for symbol in inner.get_symbols()
            if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported())
        }
    return found


def binds_dynamically(source: str) -> bool:
    """Return whether `source` may bind names in a way that its syntax does not show."""
    tree = parse_or_none(source)
    return tree is not None and any(_is_dynamic(node) for node in ast.walk(tree))


def _is_dynamic(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name in DYNAMIC_NAMES
        case ast.Attribute(attr=name):
            return name in DYNAMIC_ATTRIBUTES
        case ast.Constant(value="__main__"):
            return True
        case ast.Import(names=names):
            return any(alias.name in DYNAMIC_MODULES for alias in names)
        case ast.ImportFrom(module=module, names=names):
            return module in DYNAMIC_MODULES or any(alias.name in ("*", "modules") for alias in names)
    return False


def _local_uses(tree: ast.AST) -> set[ast.AST]:
    """Return the uses of names inside functions and comprehensions that bind these names."""
    found: set[ast.AST] = set()
    for scope in ast.walk(tree):
        if isinstance(scope, SCOPES):
            names = [node for node in ast.walk(scope) if isinstance(node, ast.Name)]
            bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            bound |= {node.arg for node in ast.walk(scope) if isinstance(node, ast.arg)}
            found |= {node for node in names if node.id in bound}
    return found


def _global_reads(table: symtable.SymbolTable) -> set[str]:
    """Return the names that are looked up in the module's namespace, from any scope."""
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for inner in _inner_tables(table):
        found |= {s.get_name() for s in inner.get_symbols() if s.is_global() and s.is_referenced()}
    return found


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner_tables(child)


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        with ignore_warnings():
            return symtable.symtable(source, "<deck>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _unguarded(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of `tree` where an undefined name would end the code: not where its exception is handled."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        guarded: list[ast.AST] = []
        match node:
            case ast.Try(body=body, handlers=[_, *_]) | ast.TryStar(body=body):
                guarded += body
            case ast.With(items=items, body=body) if any(_is_catching(item.context_expr) for item in items):
                guarded += body
            case ast.Call(args=arguments) if _is_catching(node):
                guarded += [argument for argument in arguments if isinstance(argument, ast.Lambda)]
            case ast.AnnAssign(annotation=annotation):
                # The annotations of a function's variables are never evaluated.
                guarded.append(annotation)
        pending += [child for child in ast.iter_child_nodes(node) if child not in guarded]


def _is_catching(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in CATCHING
    return False
