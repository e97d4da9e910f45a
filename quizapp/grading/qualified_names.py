"""Which full names a piece of code uses, whatever it imported them as. Reads the syntax, runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """One name that the code reads."""

    name: str
    """In full: `torch.nn.functional.softmax`; `.softmax` where what it is taken from is no module."""

    line: int


def parsed(source: str) -> ast.Module | None:
    """The syntax tree, or None for what is no Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def aliases(tree: ast.AST) -> dict[str, str]:
    """Names that imports and plain assignments bind to something with a full name."""
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
                if full := full_name(value, found):
                    found[target] = full
                else:
                    found.pop(target, None)
            case ast.FunctionDef(name=own) | ast.ClassDef(name=own) | ast.AsyncFunctionDef(name=own):
                found.pop(own, None)
    return found


def full_name(node: ast.expr, known: dict[str, str]) -> str | None:
    """The full name of an expression that is a dotted path from an import; `getattr` with a text counts too."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=value, attr=attribute):
            base = full_name(value, known)
            return f"{base}.{attribute}" if base else None
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str() as attribute), *_]):
            base = full_name(value, known)
            return f"{base}.{attribute}" if base else None
    return None


def uses(tree: ast.AST, known: dict[str, str]) -> Iterator[Use]:
    """Every name that the code reads, in full."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in known:
                yield Use(known[node.id], node.lineno)
            elif node.id not in bound:
                yield Use(node.id, node.lineno)
        elif isinstance(node, ast.Attribute | ast.Call) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            yield from _attribute_uses(node, known)


def _attribute_uses(node: ast.Attribute | ast.Call, known: dict[str, str]) -> Iterator[Use]:
    full = full_name(node, known)
    if full:
        yield Use(full, node.lineno)
        owner, _, last = full.rpartition(".")
        # `torch.Tensor.softmax(x)` is the method by another road.
        if owner.rpartition(".")[2][:1].isupper():
            yield Use(f".{last}", node.lineno)
    elif isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        yield Use(f".{node.attr}", node.lineno)
