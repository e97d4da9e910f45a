"""All changes of a program, the most specific first."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial

from quizapp.grading.code_changes.code_tree import CodeTree
from quizapp.grading.code_changes.edits import Edit
from quizapp.grading.code_changes.rules.arithmetic import operator_edits, result_edits
from quizapp.grading.code_changes.rules.broadcasting import broadcast_edits
from quizapp.grading.code_changes.rules.conditions import condition_edits, inversion_edits, nan_edits
from quizapp.grading.code_changes.rules.constants import constant_edits, length_edits
from quizapp.grading.code_changes.rules.dimensions import dimension_edits
from quizapp.grading.code_changes.rules.functions import function_edits
from quizapp.grading.code_changes.rules.ingredients import Ingredients, ingredient_edits
from quizapp.grading.code_changes.rules.modules import module_edits
from quizapp.grading.code_changes.rules.names import name_edits
from quizapp.grading.code_changes.rules.omitted_calls import call_edits
from quizapp.grading.code_changes.rules.operands import operand_edits
from quizapp.grading.code_changes.rules.statements import loop_edits, statement_edits
from quizapp.grading.code_changes.rules.training import training_edits

Rule = Callable[[ast.AST, CodeTree], Iterator[Edit]]

RULES: tuple[Rule, ...] = (
    nan_edits,
    training_edits,
    module_edits,
    dimension_edits,
    operand_edits,
    operator_edits,
    condition_edits,
    call_edits,
    function_edits,
    statement_edits,
    loop_edits,
    constant_edits,
    broadcast_edits,
    inversion_edits,
    result_edits,
    length_edits,
    name_edits,
)


def find_edits(code: CodeTree, ingredients: Ingredients | None = None) -> Iterator[Edit]:
    """Yield the changes of a program, by rule and then by line; `ingredients` are parts of the reference."""
    nodes = sorted(ast.walk(code.tree), key=lambda node: getattr(node, "lineno", 0))
    rules: list[Rule] = list(RULES)
    if ingredients:
        # Before the names, which are the most numerous.
        rules.insert(rules.index(name_edits), partial(ingredient_edits, found=ingredients))
    for rule in rules:
        for node in nodes:
            yield from rule(node, code)
