"""The full names that a piece of code uses, under any import alias. Reads the syntax and runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.decks.parsing.python_syntax import ignore_warnings

MAX_PARTS = 32


@dataclass(frozen=True, slots=True)
class NameUse:
    """One name that the code reads."""

    name: str
    """The full name, `torch.nn.functional.softmax`; `.softmax` for an attribute of anything but a module."""

    line: int


def parse_or_none(source: str) -> ast.Module | None:
    """Return the syntax tree, or None if `source` does not parse."""
    try:
        with ignore_warnings():
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def find_aliases(tree: ast.AST) -> dict[str, str]:
    """Return alias -> full name, for names bound by imports and by assignments of a full name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    found[name.asname or name.name.partition(".")[0]] = (
                        name.name if name.asname else name.name.partition(".")[0]
                    )
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                found |= {name.asname or name.name: f"{module}.{name.name}" for name in names if name.name != "*"}
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                if full := resolve_name(value, found):
                    found[target] = full
                else:
                    found.pop(target, None)
            case ast.FunctionDef(name=target) | ast.ClassDef(name=target) | ast.AsyncFunctionDef(name=target):
                found.pop(target, None)
    return found


def resolve_name(node: ast.expr, known: dict[str, str]) -> str | None:
    """Return the full name of a dotted path from an import, also by `getattr` with a literal; None for the rest.

    Paths of more than MAX_PARTS names are not resolved: in a chain of calls, each attribute is the end of a path.
    """
    parts: list[str] = []
    while len(parts) < MAX_PARTS:
        match node:
            case ast.Name(id=name):
                return ".".join([known[name], *reversed(parts)]) if name in known else None
            case ast.Attribute(value=value, attr=attribute):
                pass
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str() as attribute), *_]):
                pass
            case _:
                return None
        parts.append(attribute)
        node = value
    return None


def find_uses(tree: ast.AST, known: dict[str, str]) -> Iterator[NameUse]:
    """Yield every name that the code reads; `known` is the result of `find_aliases`."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in known:
                yield NameUse(known[node.id], node.lineno)
            elif node.id not in bound:
                yield NameUse(node.id, node.lineno)
        elif isinstance(node, ast.Attribute | ast.Call) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            yield from _attribute_uses(node, known)


def _attribute_uses(node: ast.Attribute | ast.Call, known: dict[str, str]) -> Iterator[NameUse]:
    full = resolve_name(node, known)
    if full:
        yield NameUse(full, node.lineno)
        owner, _, last = full.rpartition(".")
        # `torch.Tensor.softmax(x)` is the same call as `x.softmax()`.
        if owner.rpartition(".")[2][:1].isupper():
            yield NameUse(f".{last}", node.lineno)
    elif isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        yield NameUse(f".{node.attr}", node.lineno)
