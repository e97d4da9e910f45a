"""Changes of statements: left out, in another order, inside or outside a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from quizapp.grading.code_changes.code_tree import CodeTree, Replacement, last_name, names_in
from quizapp.grading.code_changes.edits import Edit, Said, shown
from quizapp.grading.mistake import Mistake

Loop = ast.For | ast.While
DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)

MISSING: Mapping[str, tuple[Mistake, str]] = {
    "zero_grad": (Mistake.ACCUMULATED_GRADIENTS, "the gradients of earlier steps are not cleared, and add up"),
    "zero_": (Mistake.ACCUMULATED_GRADIENTS, "the gradients of earlier steps are not cleared, and add up"),
    "step": (Mistake.NOT_UPDATED, "the weights are never updated: `step` is not called"),
    "backward": (Mistake.NO_BACKWARD, "no gradient is computed: `backward` is not called"),
    "eval": (Mistake.TRAINING_MODE, "the model is not switched to `eval()`"),
    "train": (Mistake.TRAINING_MODE, "the model is not switched back to `train()`"),
    "append": (Mistake.STEP_MISSING, "a value is not appended"),
    "manual_seed": (Mistake.UNSEEDED, "the generator is not seeded"),
}
"""Method -> the mistake of not calling it."""


def statement_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the changes of the statements in the bodies of one node."""
    for body in _bodies(node):
        for index, statement in enumerate(body):
            yield from _left_out(node, statement)
            if isinstance(statement, ast.If | ast.With):
                yield from _unwrapped(statement)
            if index:
                yield from _swapped(body[index - 1], statement)


def loop_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the program with a statement moved into a loop or out of it."""
    for body in _bodies(node):
        for first, second in pairwise(body):
            yield from _loop_borders(first, second)
    if isinstance(node, Loop):
        yield from _moved_out(node)
    elif isinstance(node, ast.If) and len(node.body) > 1 and not node.orelse:
        *rest, last = node.body
        said = Mistake.INDENTATION, f"{shown(_head(last))} is inside the `if`, but belongs after it"
        imitated = Mistake.INDENTATION, "a step is done only under a condition, but belongs after it"
        yield Edit({node: [ast.If(node.test, rest, []), last]}, last.lineno, said, imitated)


def _bodies(node: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        found = getattr(node, name, None)
        if isinstance(found, list) and found and isinstance(found[0], ast.stmt):
            yield found


def _left_out(parent: ast.AST, statement: ast.stmt) -> Iterator[Edit]:
    if isinstance(statement, ast.Return | ast.Import | ast.ImportFrom | ast.Pass) or _is_docstring(statement):
        return
    repaired = Mistake.STEP_TOO_MANY, f"{shown(_head(statement))} should not be there"
    name = last_name(statement.value) if isinstance(statement, ast.Expr) else ""
    if name in ("zero_grad", "zero_"):
        repaired = Mistake.NO_GRADIENT, f"{shown(statement)} clears the gradients before they are used"
    yield Edit({statement: [ast.Pass()]}, statement.lineno, repaired, _missing(parent, statement, name))


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _head(statement: ast.stmt) -> ast.AST:
    """Return what to show of a statement: of a compound one, only its condition."""
    if isinstance(statement, ast.If | ast.While):
        return statement.test
    if isinstance(statement, ast.For):
        return statement.iter
    return statement


def _missing(parent: ast.AST, statement: ast.stmt, name: str) -> Said | None:
    if name in MISSING:
        return MISSING[name]
    match statement:
        case ast.If():
            return Mistake.CONDITION, "a case is not treated: an `if` is missing"
        case ast.FunctionDef(name=function) if isinstance(parent, ast.ClassDef):
            return Mistake.STEP_MISSING, f"the method `{function}` is missing"
        case ast.Expr(value=ast.Call()):
            return Mistake.STEP_MISSING, f"the effect of `{name}` is missing"
        case ast.AugAssign():
            return Mistake.STEP_MISSING, f"{shown(statement.target)} is never updated, or its last step is missing"
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target in names_in(value):
            step = f": `{last_name(value)}` is missing" if last_name(value) else ""
            return Mistake.STEP_MISSING, f"a step of the computation is missing{step}"
        case ast.Assign(targets=[ast.Attribute(attr="grad")]):
            return Mistake.ACCUMULATED_GRADIENTS, "a gradient is not cleared, and is added to"
        case ast.Assign(targets=[ast.Name()]) if isinstance(parent, ast.For | ast.While | ast.If):
            return Mistake.NOT_UPDATED, "a variable is never updated"
        case ast.Assign(targets=[ast.Attribute(attr=attribute)]):
            return Mistake.STEP_MISSING, f"`.{attribute}` is not set as it should be"
        case ast.Assign(targets=[ast.Subscript()]):
            return Mistake.STEP_MISSING, "some elements are not set as they should be"
    return None


def _unwrapped(statement: ast.If | ast.With) -> Iterator[Edit]:
    """Yield the body of an `if` or a `with` without its head."""
    if isinstance(statement, ast.If):
        repaired = Mistake.CONDITION, f"the condition {shown(statement.test)} should not be there"
        yield Edit(
            {statement: statement.body}, statement.lineno, repaired, (Mistake.CONDITION, "a condition is missing")
        )
        return
    name = last_name(statement.items[0].context_expr)
    if name in ("no_grad", "inference_mode"):
        repaired = Mistake.GRAPH_CUT, f"`{name}` cuts the graph that is needed"
        imitated = Mistake.GRAPH_ATTACHED, f"it is computed with a graph: `{name}` is missing"
        yield Edit({statement: statement.body}, statement.lineno, repaired, imitated)


def _swapped(first: ast.stmt, second: ast.stmt) -> Iterator[Edit]:
    if isinstance(first, DEFINITIONS) or isinstance(second, ast.Return):
        return
    if _is_docstring(first):
        return
    text = f"{shown(_head(first))} comes before {shown(_head(second))}: the order is wrong"
    repaired = Mistake.STATEMENT_ORDER, text
    yield Edit({first: second, second: first}, first.lineno, repaired, (Mistake.STATEMENT_ORDER, _order(first, second)))


def _order(first: ast.stmt, second: ast.stmt) -> str:
    names = [last_name(found.value) for found in (first, second) if isinstance(found, ast.Expr)]
    if len(names) == 2 and all(names):
        return f"`{names[1]}` is called before `{names[0]}`"
    return "two steps are in the wrong order"


def _moved_out(loop: Loop) -> Iterator[Edit]:
    """Yield the loop with its first statement moved before it, and with its last one moved behind it."""
    if len(loop.body) < 2:
        return
    first, *others = loop.body
    text = f"{shown(_head(first))} is inside the loop, so it is done again in each round"
    yield Edit({loop: [first, _with_body(loop, others)]}, first.lineno, (Mistake.INDENTATION, text), EACH_ROUND)
    *rest, last = loop.body
    text = f"{shown(_head(last))} is inside the loop, but belongs after it"
    if isinstance(last, ast.Return):
        text = f"{shown(last)} is inside the loop, so the first round is also the last"
    yield Edit({loop: [_with_body(loop, rest), last]}, last.lineno, (Mistake.INDENTATION, text), EACH_ROUND)


EACH_ROUND = Mistake.INDENTATION, "a step is done in each round instead of once outside the loop, or vice versa"


def _loop_borders(first: ast.stmt, second: ast.stmt) -> Iterator[Edit]:
    """Yield a statement beside a loop moved into it."""
    if isinstance(second, Loop) and not isinstance(first, (*DEFINITIONS, ast.For, ast.While)):
        said = Mistake.INDENTATION, f"{shown(_head(first))} is outside the loop, but belongs into it"
        inside = _with_body(second, [first, *second.body])
        yield Edit({first: [ast.Pass()], second: inside}, first.lineno, said, EACH_ROUND)
    if isinstance(first, ast.If) and not first.orelse and not isinstance(second, DEFINITIONS):
        said = Mistake.INDENTATION, f"{shown(_head(second))} is after the `if`, but belongs into it"
        imitated = Mistake.INDENTATION, "a step is done in any case, but belongs under a condition"
        inside_if = ast.If(first.test, [*first.body, second], [])
        yield Edit({first: inside_if, second: [ast.Pass()]}, second.lineno, said, imitated)
    if isinstance(first, Loop):
        inside = _with_body(first, [*first.body, second])
        new: dict[ast.AST, Replacement] = {first: inside, second: [ast.Pass()]}
        if isinstance(second, ast.Return):
            # A `return` that belongs into a loop is rare; one that should be after it is the usual mistake.
            text = "`return` is inside the loop, so the first round is also the last"
            yield Edit(new, second.lineno, None, (Mistake.INDENTATION, text))
        else:
            said = Mistake.INDENTATION, f"{shown(_head(second))} is after the loop, but belongs into it"
            yield Edit(new, second.lineno, said, EACH_ROUND)


def _with_body(loop: Loop, body: Sequence[ast.stmt]) -> Loop:
    if isinstance(loop, ast.For):
        return ast.For(loop.target, loop.iter, list(body), loop.orelse)
    return ast.While(loop.test, list(body), loop.orelse)
