"""Extra draws of random numbers: a right answer may draw more of them than the solution, for example to initialise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.code_changes.code_tree import last_name

KIND = "more random numbers"
DRAWS = {"torch": "{}.rand(3)", "numpy": "{}.random.rand(3)", "random": "{}.random()"}
"""Module -> an expression that draws from its generator."""

PARAMETRIC = (
    "Bilinear",
    "Conv",
    "Embedding",
    "GRU",
    "LSTM",
    "Lazy",
    "Linear",
    "Multihead",
    "Parameter",
    "RNN",
    "Trans",
)
"""Prefixes of the modules of torch with parameters, which draw random numbers when they are created."""


def draw_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with a draw at the end of what builds modules, then with one at the end of other functions.

    The draw changes nothing that the same call has drawn.
    """
    drawn = [text.format(name) for module, text in DRAWS.items() if (name := code.imports(module))]
    if not drawn:
        return
    draw = ast.parse(", ".join(drawn)).body[0]
    functions = code.top_level_functions()
    builders = [function for function in functions if _builds_modules(code, function)]
    others = [function for function in functions if function not in builders and not function.name.startswith("__")]
    for drawing in (builders, others):
        replacements: dict[ast.AST, list[ast.stmt]] = {
            function.body[-1]: _with_draw(function.body[-1], draw) for function in drawing
        }
        for shown in [function.body[-1] for function in drawing][:1]:
            text = "; ".join(map(ast.unparse, replacements[shown]))
            yield code.change_several(KIND, replacements, (shown, text))


def _builds_modules(code: SolutionCode, function: ast.FunctionDef) -> bool:
    owner = code.parent(function)
    if isinstance(owner, ast.ClassDef):
        return function.name == "__init__" and any(last_name(base) == "Module" for base in owner.bases)
    called = (last_name(node) for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(name.startswith(PARAMETRIC) for name in called)


def _with_draw(last: ast.stmt, draw: ast.stmt) -> list[ast.stmt]:
    """Return the last statement of a function, and a draw after its value is computed."""
    if not isinstance(last, ast.Return):
        return [last, draw]
    if last.value is None or isinstance(last.value, ast.Name | ast.Constant):
        return [draw, last]
    value = ast.Name("built", ast.Load())
    return [ast.Assign([ast.Name("built", ast.Store())], last.value, lineno=last.lineno), draw, ast.Return(value)]
