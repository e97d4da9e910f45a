"""Changes of training steps and of values in place: calls that are often forgotten, names bound to new tensors."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from quizapp.grading.code_changes.code_tree import CodeTree, last_name, names_in
from quizapp.grading.code_changes.edits import Edit, Said, change, method_call, shown, with_argument, with_function
from quizapp.grading.mistake import Mistake

ITERATORS = frozenset({"parameters", "named_parameters", "map", "filter", "zip", "buffers", "children", "modules"})
"""Functions whose value can be iterated over once."""

CHANGING = frozenset({"sort", "append", "extend", "insert", "pop", "remove", "clear", "update", "reverse", "resize_"})
"""Methods of lists and dicts that change them."""


def training_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the program with a forgotten call of a training loop, or with an assignment in place."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="backward"))):
            yield from _around_backward(node, code)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="step"))):
            yield from _before_step(node, code)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield from _in_place(node, name, value, code)
            if _is_in_loop(node, code):
                text = f"{shown(node)} overwrites `{name}` in each round instead of adding to it"
                added = ast.AugAssign(ast.Name(name, ast.Store()), ast.Add(), value)
                yield change(node, added, (Mistake.LEFT_OUT, text), None)
            if last_name(value) in ITERATORS or isinstance(value, ast.GeneratorExp):
                listed = ast.Assign([ast.Name(name, ast.Store())], _as_list(value))
                yield change(node, listed, _exhausted(name), None)
        case ast.Assign(targets=[ast.Subscript() as target], value=value) if _is_in_loop(node, code):
            text = f"{shown(node)} overwrites an earlier value instead of adding to it"
            if isinstance(value, ast.Constant):
                get = method_call(target.value, "get", target.slice, ast.Constant(0))
                counted = ast.BinOp(get, ast.Add(), value)
                yield change(node, ast.Assign([target], counted), (Mistake.LEFT_OUT, text), None)
            yield change(node, ast.AugAssign(target, ast.Add(), value), (Mistake.LEFT_OUT, text), None)
        case ast.For(iter=over):
            yield from _chained(node)
            said = Mistake.REVERSED, f"the loop goes through {shown(over)} in the wrong order"
            backwards = ast.Call(ast.Name("reversed", ast.Load()), [_as_list(over)], [])
            yield Edit({over: backwards}, node.lineno, said, is_risky=True)
        case ast.AugAssign(target=ast.Name() as target) if not isinstance(node.value, ast.Constant):
            rebound = ast.Assign([target], ast.BinOp(ast.Name(target.id, ast.Load()), node.op, node.value))
            said = Mistake.REBOUND_NAME, "a name is bound to a new value, where the original should be changed in place"
            yield change(node, rebound, (Mistake.ARGUMENT_CHANGED, _changes(target.id)), said)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) as call) if (
            attribute.endswith("_") and not attribute.endswith("__")
        ):
            other = with_function(call, attribute[:-1])
            said = Mistake.REBOUND_NAME, "a new value is computed, where the original should be changed in place"
            yield change(node, ast.Assign([ast.Name(name, ast.Store())], other), None, said)
        case ast.FunctionDef():
            yield from _protected_arguments(node)
            yield from _listed_arguments(node)


def _in_place(node: ast.Assign, name: str, value: ast.expr, code: CodeTree) -> Iterator[Edit]:
    """Yield the assignment of a new value to an argument or a loop variable as a change of the original."""
    loops = (found for found in code.ancestors(node) if isinstance(found, ast.For))
    outer = {found.id for loop in loops for found in ast.walk(loop.target) if isinstance(found, ast.Name)}
    function = code.function(node)
    outer |= {argument.arg for argument in function.args.args} if function else set()
    if name not in outer:
        return
    original = ast.Name(name, ast.Load())
    said = Mistake.REBOUND_NAME, f"{shown(node)} binds `{name}` to a new value: the original is not changed"
    data = ast.Expr(method_call(ast.Attribute(original, "data", ast.Load()), "copy_", value))
    yield change(node, data, said, None)


def _chained(loop: ast.For) -> Iterator[Edit]:
    """Yield `y = x` before a loop of `y = f(x)`, and `y = f(y)` in it."""
    for statement in loop.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=result)], value=ast.Call(args=[ast.Name(id=source), *_]) as call) if (
                source != result
            ):
                start = ast.Assign([ast.Name(result, ast.Store())], ast.Name(source, ast.Load()))
                chained = ast.Assign(statement.targets, with_argument(call, 0, ast.Name(result, ast.Load())))
                body = [chained if found is statement else found for found in loop.body]
                new = ast.For(loop.target, loop.iter, body, loop.orelse)
                text = f"{shown(statement)} starts from `{source}` again in each round, so only the last round counts"
                yield Edit({loop: [start, new]}, statement.lineno, (Mistake.NOT_UPDATED, text))


def _is_in_loop(node: ast.AST, code: CodeTree) -> bool:
    return any(isinstance(found, ast.For | ast.While) for found in code.ancestors(node))


def _as_list(value: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("list", ast.Load()), [value], [])


def _exhausted(name: str) -> Said:
    return Mistake.EXHAUSTED_ITERATOR, f"`{name}` is a generator: it is empty after the first loop over it"


def _listed_arguments(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the function with a list of each argument that it iterates over several times."""
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.comprehension)]
    for argument in function.args.args:
        name = argument.arg
        over = [node for node in loops if name in names_in(node.iter)]
        if len(over) > 1:
            listed = ast.Assign([ast.Name(name, ast.Store())], _as_list(ast.Name(name, ast.Load())))
            line = max(node.iter.lineno for node in over)
            yield Edit({function: _with_first(function, listed)}, line, _exhausted(name))


def _with_first(function: ast.FunctionDef, statement: ast.stmt) -> ast.FunctionDef:
    changed = copy.copy(function)
    changed.body = [statement, *function.body]
    return changed


def _changes(name: str) -> str:
    return f"`{name}` is changed in place, also for the caller"


def _around_backward(backward: ast.Expr, code: CodeTree) -> Iterator[Edit]:
    """Yield `zero_grad` before, and `step` after, the backward pass, where the scope knows an optimizer or a model."""
    scope = code.scope(backward)
    loop = next((found for found in code.ancestors(backward) if isinstance(found, ast.For | ast.While)), scope)
    called = {last_name(found) for found in ast.walk(loop) if isinstance(found, ast.Call)}
    for name in sorted(_known_names(scope, code)):
        value = ast.Name(name, ast.Load())
        if "zero_grad" not in called:
            cleared = ast.Expr(method_call(value, "zero_grad"))
            yield Edit({backward: [cleared, backward]}, backward.lineno, _accumulated(backward))
        if "step" not in called:
            stepped = ast.Expr(method_call(value, "step"))
            said = Mistake.NOT_UPDATED, "nothing updates the weights after the backward pass: `step` is not called"
            yield Edit({backward: [backward, stepped]}, backward.lineno, said)


def _before_step(step: ast.Expr, code: CodeTree) -> Iterator[Edit]:
    """Yield `loss.backward()` before a step, for each name that the scope assigns."""
    scope = code.scope(step)
    if "backward" in {last_name(found) for found in ast.walk(scope) if isinstance(found, ast.Call)}:
        return
    assigned = {n.id for n in ast.walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for name in sorted(assigned):
        said = Mistake.NO_BACKWARD, f"{shown(step)} has no gradients to use: `backward` is not called before it"
        backward = ast.Expr(method_call(ast.Name(name, ast.Load()), "backward"))
        yield Edit({step: [backward, step]}, step.lineno, said)


def _accumulated(backward: ast.Expr) -> Said:
    text = f"{shown(backward)} adds to the gradients of earlier steps, which are never cleared"
    return Mistake.ACCUMULATED_GRADIENTS, text


def _known_names(scope: ast.AST, code: CodeTree) -> set[str]:
    """Return the parameters of a function, and the names that the program binds, which may be an optimizer."""
    arguments = {node.arg for node in ast.walk(scope) if isinstance(node, ast.arg)}
    methods = {
        node.value.id
        for node in ast.walk(code.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in ("step", "zero_grad")
    }
    return arguments | methods


def _protected_arguments(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield the function with a copy of each argument that it changes."""
    for argument in function.args.args:
        name = argument.arg
        if name == "self" or not any(_is_changed(node, name) for node in ast.walk(function)):
            continue
        (copied,) = ast.parse(f"{name} = __import__('copy').deepcopy({name})").body
        line = next(
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.stmt | ast.expr) and _is_changed(node, name)
        )
        said = Mistake.ARGUMENT_CHANGED, f"`{function.name}` changes its argument `{name}` in place"
        yield Edit({function: _with_first(function, copied)}, line, said)


def _is_changed(node: ast.AST, name: str) -> bool:
    """Return whether a node changes the value of a name in place."""
    match node:
        case ast.AugAssign(target=target) | ast.Assign(targets=[ast.Subscript() as target]):
            return name in names_in(target)
        case ast.Call(func=ast.Attribute(value=owner, attr=attribute)):
            is_changing = attribute in CHANGING or (attribute.endswith("_") and not attribute.endswith("__"))
            is_changing |= any(keyword.arg in ("inplace", "out") for keyword in node.keywords)
            return is_changing and name in names_in(owner)
        case ast.Delete(targets=targets):
            return name in names_in(*targets)
    return False
