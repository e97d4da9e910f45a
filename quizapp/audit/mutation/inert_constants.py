"""Constants that are a matter of taste, or that nothing shows: no mutant is made of another value."""

from __future__ import annotations

import ast

from quizapp.audit.mutation.surroundings import Surroundings
from quizapp.audit.solution_code import SolutionCode
from quizapp.grading.code_changes.code_tree import last_name, names_in

SEEDERS = frozenset({"manual_seed", "manual_seed_all", "seed", "default_rng", "RandomState", "Random", "seed_all"})
SEEDS = frozenset({"seed", "random_state"})
PAUSES = frozenset({"sleep", "pause"})
OPTIMISERS = frozenset(["SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta", "LBFGS"])
HYPERPARAMETERS = frozenset(
    [
        *("lr", "learning_rate", "momentum", "weight_decay", "betas", "batch_size", "patience"),
        *("epochs", "n_epochs", "num_epochs", "steps", "n_steps", "num_steps", "iterations", "n_iter", "max_iter"),
    ]
)
MANY_ROUNDS = 10
"""Rounds of a loop from which one more or less is not a mistake, unless the card states the number."""

TINY = 1e-4
"""Largest constant that only avoids a division by zero or the like."""


def is_keepdim(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a constant is that of `keepdim`: dropping the keyword makes the same mutant."""
    parent = found.code.parent(node)
    return isinstance(parent, ast.keyword) and parent.arg in ("keepdim", "keepdims")


def is_seed(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a constant is a seed."""
    parent = found.code.parent(node)
    is_keyword = isinstance(parent, ast.keyword) and parent.arg in SEEDS
    return is_keyword or any(last_name(call) in SEEDERS for call in found.ancestor_calls(node))


def is_in_a_message(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a constant only reaches the text of an exception, text that no check reads, or a pause."""
    unchecked = PAUSES if {"stdout", "stderr"} & found.read else PAUSES | {"print"}
    if any(last_name(call) in unchecked for call in found.ancestor_calls(node)):
        return True
    return isinstance(found.code.statement(node), ast.Raise)


def is_tiny(_: Surroundings, node: ast.expr) -> bool:
    """Return whether a constant is far below the tolerance of any comparison."""
    value = _number(node)
    return value is not None and 0 < value <= TINY


def is_unstated_hyperparameter(found: Surroundings, node: ast.expr) -> bool:
    """Return whether a number that the card does not state is a setting of the training, which the learner chooses."""
    value = _number(node)
    if value is None or value in found.stated:
        return False
    in_optimiser = any(last_name(call) in OPTIMISERS for call in found.ancestor_calls(node))
    many = value >= MANY_ROUNDS and _counts_rounds(found.code, node)
    return in_optimiser or many or _names_hyperparameter(found.code, node)


def _number(node: ast.expr) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _names_hyperparameter(code: SolutionCode, node: ast.expr) -> bool:
    parent = code.parent(node)
    if isinstance(parent, ast.keyword):
        return parent.arg in HYPERPARAMETERS
    if isinstance(parent, ast.Assign):
        return all(last_name(target) in HYPERPARAMETERS for target in parent.targets)
    if isinstance(parent, ast.arguments):
        named = dict(zip(reversed(parent.defaults), reversed(parent.args), strict=False))
        return node in named and named[node].arg in HYPERPARAMETERS
    return False


def _counts_rounds(code: SolutionCode, node: ast.expr) -> bool:
    """Return whether a number is that of a loop's rounds, all of which do the same."""
    call = code.parent(node)
    loop = code.parent(call) if isinstance(call, ast.Call) and last_name(call) == "range" else None
    return isinstance(loop, ast.For) and not names_in(loop.target) & names_in(*loop.body)
