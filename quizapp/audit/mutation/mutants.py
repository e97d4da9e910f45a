"""Mutants: solutions with one typical mistake, made by machine.

Each mutant is the solution with one node of its syntax tree or one whole result replaced. The checks should fail
every mutant that is a mistake.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from quizapp.audit.mutation.argument_mutations import argument_mutations
from quizapp.audit.mutation.inert_mutations import is_inert
from quizapp.audit.mutation.library_mutations import library_mutations
from quizapp.audit.mutation.list_mutations import list_mutations
from quizapp.audit.mutation.mutations import mutations
from quizapp.audit.mutation.result_mutations import result_mutations
from quizapp.audit.mutation.surroundings import Surroundings
from quizapp.audit.solution_code import ChangedSolution, SolutionCode, evenly
from quizapp.decks.card import Card
from quizapp.grading.code_changes.code_tree import last_name

MOST_MUTANTS = 60
"""Maximum number of mutants of one solution; if there are more, an evenly spread selection is tried."""


def mutants(card: Card) -> list[ChangedSolution]:
    """Return the mutants of a card's solution, each once, in the order of its lines."""
    code = SolutionCode(card)
    surroundings = Surroundings(code, card)
    changes = [change for change in _changes(code) if not is_inert(surroundings, change[1], change[0])]
    found: dict[str, ChangedSolution] = {}
    # More than needed, because several changes may give the same code.
    for node, kind, changed in evenly(changes, 4 * MOST_MUTANTS):
        mutant = code.change(kind, node, changed)
        if kind == "dimension changed":
            mutant = replace(mutant, control=_dimension_control(code, node))
        found.setdefault(mutant.code, mutant)
    found.pop(code.text, None)
    return evenly(sorted(found.values(), key=lambda mutant: mutant.line), MOST_MUTANTS)


def _changes(code: SolutionCode) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """Yield (expression, kind of change, new expression) in the order of the statements."""
    results = list(result_mutations(code))
    for statement in code.tree.body:
        nodes = [node for node in ast.walk(statement) if isinstance(node, ast.expr)]
        ids = set(map(id, nodes))
        for node in nodes:
            yield from ((node, kind, changed) for kind, changed in mutations(node))
            yield from ((node, kind, changed) for kind, changed in library_mutations(node, code))
            yield from ((node, kind, changed) for kind, changed in list_mutations(node, code))
            yield from ((node, kind, changed) for kind, changed in argument_mutations(node, code))
        yield from (result for result in results if id(result[0]) in ids)


def _dimension_control(code: SolutionCode, node: ast.expr) -> str:
    """Return a program that raises if the value of a top-level name that a call reduces has several dimensions."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or code.function(node):
        return ""
    owner = node.func.value
    operand = node.args[0] if code.aliases.get(last_name(owner)) and node.args else owner
    if not isinstance(operand, ast.Name):
        return ""
    test = ast.Compare(ast.Attribute(operand, "ndim", ast.Load()), [ast.Lt()], [ast.Constant(2)])
    return code.replaced({operand: ast.IfExp(test, operand, ast.Constant(None))})
