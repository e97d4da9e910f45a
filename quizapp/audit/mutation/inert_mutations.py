"""Mutations that change nothing that the card asks for, whatever its checks are: no mutant is made of them.

Each rule recognises one reason in the syntax. A rule that skips too much hides weak checks; one that skips too little
lets authors get used to warnings.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from quizapp.audit.mutation.in_place_effects import is_argument_unobserved, is_effect_unobservable
from quizapp.audit.mutation.inert_constants import (
    is_in_a_message,
    is_keepdim,
    is_seed,
    is_tiny,
    is_unstated_hyperparameter,
)
from quizapp.audit.mutation.library_mutations import LOSSES
from quizapp.audit.mutation.surroundings import EXACT, Surroundings, draws_floats
from quizapp.audit.mutation.widening import is_widening_hidden
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.grading.code_changes.code_tree import last_name, literal_integer, names_in

EXTREMES = frozenset(["max", "min", "amax", "amin", "median", "quantile", "kthvalue", "topk", "sort", "percentile"])
"""Functions that return one of the numbers that they are given."""


def is_inert(found: Surroundings, kind: str, node: ast.expr) -> bool:
    """Return whether a change of this kind at `node` cannot be a mistake."""
    return any(rule(found, node) for rule in RULES.get(kind, ()))


def _compares_random_floats(found: Surroundings, node: ast.expr) -> bool:
    """Return whether `<` and `<=` differ for equal numbers only, and random floats are never equal."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        return False
    sides = [node.left, *node.comparators]
    called = {last_name(call) for side in sides for call in ast.walk(side) if isinstance(call, ast.Call)}
    if called & (EXTREMES | EXACT):
        return False
    random = found.random - _own_names(found.code.function(node))
    return any(draws_floats(side) or names_in(side) & random for side in sides)


def _own_names(function: ast.FunctionDef | None) -> set[str]:
    """Return the parameters of a function and the names that it binds."""
    nodes = list(ast.walk(function)) if function else []
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return bound | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _scales_a_loss(found: Surroundings, node: ast.expr) -> bool:
    """Return whether only a loss is scaled, and every check accepts a range of values, such as a low final loss."""
    return last_name(node) in LOSSES and all(_accepts_a_range(check.see) for check in found.card.checks)


def _accepts_a_range(expression: str) -> bool:
    with ignore_warnings():
        tree = ast.parse(expression.strip(), mode="eval").body
    return isinstance(tree, ast.Compare) and not any(isinstance(op, ast.Eq | ast.Is | ast.In) for op in tree.ops)


def _only_starts_backward(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a value is made a scalar in `x.sum().backward()`, where any scalar will do."""
    parent = found.code.parent(node)
    return isinstance(parent, ast.Attribute) and parent.attr == "backward" and last_name(node) in ("sum", "mean")


def _broadcasts_equally(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a result keeps its first dimension only for arithmetic, which broadcasts it anyway."""
    if not isinstance(node, ast.Call) or not _reduces_first(node):
        return False
    code, parent = found.code, found.code.parent(node)
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name) and code.function(node):
        uses = code.reads(parent.targets[0].id, code.scope(node))
        return all(isinstance(code.parent(use), ast.BinOp) for use in uses)
    return isinstance(parent, ast.BinOp) and not isinstance(parent.op, ast.MatMult)


def _reduces_first(call: ast.Call) -> bool:
    """Return whether a call reduces dimension 0, or all of them."""
    named = [keyword.value for keyword in call.keywords if keyword.arg in ("dim", "axis")]
    is_method = isinstance(call.func, ast.Attribute) and last_name(call.func.value) not in ("np", "torch", "linalg")
    positional = call.args if is_method else call.args[1:]
    dimensions = [*named, *positional]
    return not dimensions or literal_integer(dimensions[0]) == 0


def _is_hidden_dtype(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a wider dtype cannot reach a result, or the card accepts any dtype."""
    checks = found.card.checks
    is_ignored = any("dtype" in check.ignore for check in checks) and not any("dtype" in check.see for check in checks)
    return is_ignored or is_widening_hidden(found.code, node)


def _is_hidden_change(found: Surroundings, node: ast.expr) -> bool:
    return is_effect_unobservable(found.code, found.card, node)


def _is_unobserved_argument(found: Surroundings, node: ast.expr) -> bool:
    return is_argument_unobserved(found.code, found.card, node)


Rule = Callable[[Surroundings, ast.expr], bool]

CONSTANT_RULES: tuple[Rule, ...] = (is_keepdim, is_seed, is_in_a_message, is_tiny, is_unstated_hyperparameter)
RULES: dict[str, tuple[Rule, ...]] = {
    "off by one": CONSTANT_RULES,
    "constant changed": CONSTANT_RULES,
    "operator swapped": (_compares_random_floats, is_in_a_message),
    "function swapped": (_scales_a_loss, _only_starts_backward),
    "keepdim dropped": (_broadcasts_equally,),
    "dtype changed": (_is_hidden_dtype,),
    "in place for out of place": (_is_hidden_change,),
    "argument changed": (_is_unobserved_argument,),
}
"""Kind of change -> rules; a mutation is inert if any of them applies."""
