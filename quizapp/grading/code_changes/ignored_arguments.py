"""Arguments that an answer never reads, though the reference does: seen in the code, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.grading.code_changes.proved_mistake import ProvedMistake
from quizapp.grading.mistake import Mistake

Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_ignored_argument(answer: str, reference: str) -> ProvedMistake | None:
    """Return the first argument that a function of the answer ignores and the same one of the reference reads."""
    expected = dict(_functions(reference))
    for name, function in _functions(answer):
        other = expected.get(name)
        if other is None or len(other.args.args) != len(function.args.args):
            continue
        for argument, wanted in zip(function.args.args, other.args.args, strict=True):
            if not _reads(function, argument.arg) and _reads(other, wanted.arg):
                text = f"`{function.name}` never uses its argument `{argument.arg}`"
                return ProvedMistake(Mistake.ARGUMENT_IGNORED, text, argument.lineno)
    return None


def _functions(source: str) -> Iterator[tuple[str, Function]]:
    """Yield (qualified name, function) of each function and method."""
    tree = parse_or_none(source)
    for node in tree.body if tree else ():
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{found.name}", found) for found in node.body if isinstance(found, Function))


def _reads(function: Function, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) for node in ast.walk(function)
    )
