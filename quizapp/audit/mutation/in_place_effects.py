"""Whether anything can tell a method in place from the same method out of place."""

from __future__ import annotations

import ast
import re
from collections import Counter

from quizapp.audit.solution_code import SolutionCode
from quizapp.decks.card import Card
from quizapp.grading.code_changes.code_tree import last_name
from quizapp.grading.runs import bound_names, loaded_names

ABOUT_CHANGES = re.compile(
    r"in[- ]place|unchanged|untouched|intact|(not|without|never) (chang|modif|touch|writ)|overwrit"
    r"|new (tensor|array|list)|\bcop(y|ies)\b",
    re.IGNORECASE,
)
"""Words of a question that says what happens to the values that are passed."""

VIEWS = frozenset(
    [
        *("view", "view_as", "reshape", "T", "mT", "t", "transpose", "permute", "squeeze", "unsqueeze", "expand"),
        *("detach", "flatten", "narrow", "chunk", "split", "unbind", "diagonal", "numpy", "from_numpy", "data", "real"),
        *("select", "unfold", "contiguous", "to", "float", "double", "long", "cpu", "cuda", "asarray", "as_tensor"),
        *("swapaxes", "movedim", "ravel", "requires_grad_"),
    ]
)
"""Methods and attributes whose value may share the memory of their owner."""


def is_effect_unobservable(code: SolutionCode, card: Card, node: ast.expr) -> bool:
    """Return whether the owner of a method call is a temporary value, or an argument that nobody looks at again."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    if not isinstance(owner, ast.Name):
        return False
    if owner.id in code.aliases:
        # `copy.copy` is no method.
        return True
    function = code.function(node)
    if function is None:
        return _is_rebound(code, node, owner.id) or not _is_watched(card, owner.id)
    if _is_used_again(code, node, owner.id):
        return False
    if owner.id in {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}:
        return not _are_arguments_watched(card)
    return _is_fresh(code, function, owner.id)


def is_argument_unobserved(code: SolutionCode, card: Card, node: ast.expr) -> bool:
    """Return whether an operation in place on the left operand, an argument, has no effect that the card asks about."""
    assert isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name)
    return _is_used_again(code, node, node.left.id) or not ABOUT_CHANGES.search(card.question)


def _is_watched(card: Card, name: str) -> bool:
    if ABOUT_CHANGES.search(card.question):
        return True
    return any(name in loaded_names(check.see) | loaded_names(check.run) for check in card.checks)


def _are_arguments_watched(card: Card) -> bool:
    """Return whether the question speaks of changes, or two pieces of checks read the same bound value."""
    if ABOUT_CHANGES.search(card.question):
        return True
    pieces = [piece for check in card.checks for piece in (check.run, check.see)]
    bound = {name for piece in (card.given, *pieces) for name in bound_names(piece)}
    reads = Counter(name for piece in pieces for name in loaded_names(piece) & bound)
    return any(count > 1 for count in reads.values())


def _is_fresh(code: SolutionCode, function: ast.FunctionDef, name: str) -> bool:
    """Return whether every value that the function assigns to `name` is a new one."""
    values = [
        statement.value
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
    ]
    return bool(values) and all(_is_new(value) for value in values)


def _is_new(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare):
        return True
    return isinstance(value, ast.Call) and last_name(value) not in VIEWS


def _is_used_again(code: SolutionCode, node: ast.expr, name: str) -> bool:
    """Return whether `name` is read after the expression `node`, or again in the next round of its loop."""
    if _is_rebound(code, node, name):
        return False
    loops = [found for found in code.ancestors(node) if isinstance(found, ast.For | ast.While)]
    # The arguments of a call are evaluated before it changes its owner.
    own = set(ast.walk(node))
    uses = (found for found in ast.walk(loops[-1] if loops else code.scope(node)) if found not in own)
    return any(
        isinstance(use, ast.Name) and use.id == name and (loops or use.lineno >= code.statement(node).lineno)
        for use in uses
    )


def _is_rebound(code: SolutionCode, node: ast.expr, name: str) -> bool:
    """Return whether the statement of `node` binds `name` again: `x = x.abs()`."""
    statement = code.statement(node)
    return isinstance(statement, ast.Assign) and [last_name(target) for target in statement.targets] == [name]
