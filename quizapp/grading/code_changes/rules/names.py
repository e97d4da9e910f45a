"""Changes of names: another variable, another attribute, two arguments exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from quizapp.grading.code_changes.code_tree import CodeTree, names_in
from quizapp.grading.code_changes.edits import Edit, change, shown
from quizapp.grading.mistake import Mistake


def name_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield another local name or attribute in place of one that is read, and two names exchanged."""
    if isinstance(node, ast.FunctionDef):
        yield from _exchanged_names(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _other_names(node, code)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in sorted(_attributes(code.tree, node.value.id) - {node.attr}):
            said = Mistake.WRONG_NAME, f"`.{node.attr}` is the wrong attribute in {shown(code.statement(node))}"
            yield change(node, ast.Attribute(node.value, other, ast.Load()), said, None)


def _other_names(node: ast.Name, code: CodeTree) -> Iterator[Edit]:
    function = code.function(node)
    local = _locals(function) if function else set[str]()
    if function is None or node.id not in local:
        return
    statement = code.statement(node)
    where = "" if isinstance(statement, ast.For | ast.While | ast.If | ast.With) else f" in {shown(statement)}"
    said = Mistake.WRONG_NAME, f"`{node.id}` is the wrong variable{where}"
    for other in sorted(local - {node.id}):
        yield change(node, ast.Name(other, ast.Load()), said, None)
    for other in sorted(_attributes(code.tree, "self") - {node.id}) if "self" in names_in(function) else ():
        yield change(node, ast.Attribute(ast.Name("self", ast.Load()), other, ast.Load()), said, None)


def _exchanged_names(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the function with two of its arguments exchanged wherever they are read."""
    arguments = [argument.arg for argument in function.args.args if argument.arg != "self"]
    pairs = list(combinations(arguments[:MOST_EXCHANGED], 2))
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            pairs += combinations([item.id for item in node.target.elts if isinstance(item, ast.Name)], 2)
    for first, second in pairs:
        exchanged: dict[ast.AST, ast.Name] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in (first, second):
                exchanged[node] = ast.Name(second if node.id == first else first, ast.Load())
        if len({node.id for node in exchanged.values()}) == 2:
            said = Mistake.EXCHANGED, f"`{first}` and `{second}` are exchanged in `{function.name}`"
            yield Edit(exchanged, function.lineno, said, (Mistake.EXCHANGED, "two arguments are exchanged"))


MOST_EXCHANGED = 4
"""Arguments that are exchanged in pairs."""


def _locals(function: ast.FunctionDef) -> set[str]:
    names = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)} - {"self"}
    return names | {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _attributes(tree: ast.AST, owner: str) -> set[str]:
    """Return the attributes of a name that a program reads or writes."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    }
