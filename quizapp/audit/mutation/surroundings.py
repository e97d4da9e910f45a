"""What surrounds a mutated expression: the solution, and the parts of the card that say what it should do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from quizapp.audit.solution_code import SolutionCode
from quizapp.decks.card import Card
from quizapp.grading.code_changes.code_tree import last_name
from quizapp.grading.runs import loaded_names

RANDOM_FLOATS = frozenset(
    [
        *("rand", "randn", "rand_like", "randn_like", "normal", "normal_", "uniform", "uniform_", "random"),
        *("standard_normal", "random_sample"),
    ]
)
"""Functions whose values are practically never equal to another number."""

EXACT = frozenset(["round", "int", "long", "floor", "ceil", "trunc", "astype", "clamp", "clip", "sign", "where"])
"""Functions that map many numbers to the same one."""


class Surroundings:
    """A card and its solution's code, as the rules on inert mutations see them."""

    def __init__(self, code: SolutionCode, card: Card) -> None:
        self.code = code
        self.card = card
        self.stated = _numbers(f"{card.question}\n{card.given}\n{card.starter}")
        """Numbers that the learner reads."""

        self.read = frozenset[str]().union(*(loaded_names(c.see) | loaded_names(c.run) for c in card.checks))
        """Names that the checks read."""

        self.random = frozenset(_random_names(code.context, code.tree))
        """Top-level names that are bound to random floats."""

    def ancestor_calls(self, node: ast.AST) -> Iterator[ast.Call]:
        """Yield the calls that contain `node`, from the inside out."""
        return (found for found in self.code.ancestors(node) if isinstance(found, ast.Call))


def _numbers(text: str) -> frozenset[float]:
    return frozenset(float(number) for number in re.findall(r"\d+(?:\.\d*)?(?:[eE][-+]?\d+)?", text))


def _random_names(*trees: ast.Module) -> Iterator[str]:
    for statement in (found for tree in trees for found in tree.body if isinstance(found, ast.Assign)):
        if draws_floats(statement.value):
            nodes = (node for target in statement.targets for node in ast.walk(target))
            yield from (node.id for node in nodes if isinstance(node, ast.Name))


def draws_floats(node: ast.AST) -> bool:
    """Return whether an expression is made of random floats."""
    called = {last_name(found) for found in ast.walk(node) if isinstance(found, ast.Call)}
    return bool(called & RANDOM_FLOATS) and not called & EXACT
