"""All changes of a program, the most specific first."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial

from quizapp.grading.code_changes.calls import call_edits
from quizapp.grading.code_changes.code_tree import CodeTree
from quizapp.grading.code_changes.constants import constant_edits, length_edits
from quizapp.grading.code_changes.dimensions import broadcast_edits, dimension_edits
from quizapp.grading.code_changes.edits import Edit
from quizapp.grading.code_changes.functions import function_edits
from quizapp.grading.code_changes.ingredients import Ingredients, ingredient_edits
from quizapp.grading.code_changes.modules import module_edits
from quizapp.grading.code_changes.names import name_edits
from quizapp.grading.code_changes.operators import inversion_edits, nan_edits, operator_edits
from quizapp.grading.code_changes.statements import loop_edits, statement_edits
from quizapp.grading.code_changes.training import training_edits

Rule = Callable[[ast.AST, CodeTree], Iterator[Edit]]

RULES: tuple[Rule, ...] = (
    nan_edits,
    training_edits,
    module_edits,
    dimension_edits,
    operator_edits,
    call_edits,
    function_edits,
    statement_edits,
    loop_edits,
    constant_edits,
    broadcast_edits,
    inversion_edits,
    length_edits,
    name_edits,
)


def find_edits(code: CodeTree, ingredients: Ingredients | None = None) -> Iterator[Edit]:
    """Yield the changes of a program, by rule and then by line; `ingredients` are parts of the reference."""
    nodes = sorted(ast.walk(code.tree), key=lambda node: getattr(node, "lineno", 0))
    rules: list[Rule] = list(RULES)
    if ingredients:
        rules.append(partial(ingredient_edits, found=ingredients))
    for rule in rules:
        for node in nodes:
            yield from rule(node, code)
