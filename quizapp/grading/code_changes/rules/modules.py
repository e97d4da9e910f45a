"""Changes of modules and of the autograd graph: buffers, parameters, and the value that is detached."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import Edit, method_call, shown
from quizapp.grading.mistake import Mistake


def module_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield attributes registered as buffers or parameters, and another value detached."""
    match node:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()], value=ast.Name() | ast.Attribute() as value):
            said = Mistake.VIEW, f"{shown(value)} is stored without a copy, so later changes of it are seen"
            yield Edit({value: _copied(value)}, node.lineno, said)
        case ast.Call(func=ast.Attribute(attr="append"), args=[ast.Name() | ast.Attribute() as value]):
            said = Mistake.VIEW, f"{shown(value)} is collected without a copy, so later changes of it are seen"
            yield Edit({value: _copied(value)}, node.lineno, said)
        case ast.FunctionDef(name="__init__"):
            yield from _registered(node)
        case ast.Call(func=ast.Attribute(value=inner, attr="detach"), args=[]):
            yield from _detached_elsewhere(node, inner, code)


def _registered(function: ast.FunctionDef) -> Iterator[Edit]:
    """Yield all parameters as buffers, and all plain attributes as buffers or as parameters."""
    attributes = dict(_attributes(function))
    parameters = {node: name for node, name in attributes.items() if _is_parameter(node.value)}
    plain = {node: name for node, name in attributes.items() if isinstance(node.value, ast.Name)}
    for group, text in (
        (parameters, "is a parameter, which training changes: it is not registered as a buffer"),
        (plain, "is a plain attribute, missing from the state dict: it is not registered as a buffer"),
    ):
        if group:
            first, name = next(iter(group.items()))
            said = Mistake.OTHER_FUNCTION, f"`self.{name}` {text}"
            yield Edit({found: _as_buffer(found, of) for found, of in group.items()}, first.lineno, said)
    if plain:
        first, name = next(iter(plain.items()))
        said = Mistake.OTHER_FUNCTION, f"`self.{name}` is a plain attribute, not a parameter, so that it is not trained"
        yield Edit({found: ast.Assign(found.targets, _parameter(found.value)) for found in plain}, first.lineno, said)


def _copied(value: ast.expr) -> ast.expr:
    call = ast.parse("__import__('copy').deepcopy(x)", mode="eval").body
    assert isinstance(call, ast.Call)
    call.args = [value]
    return call


def _attributes(function: ast.FunctionDef) -> Iterator[tuple[ast.Assign, str]]:
    for node in function.body:
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
                yield node, name


def _is_parameter(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and last_name(value) == "Parameter" and bool(value.args)


def _as_buffer(node: ast.Assign, name: str) -> ast.stmt:
    value = node.value.args[0] if isinstance(node.value, ast.Call) else node.value
    return ast.Expr(method_call(ast.Name("self", ast.Load()), "register_buffer", ast.Constant(name), value))


def _parameter(value: ast.expr) -> ast.expr:
    return ast.Call(ast.parse("__import__('torch').nn.Parameter", mode="eval").body, [value], [])


def _detached_elsewhere(node: ast.Call, inner: ast.expr, code: CodeTree) -> Iterator[Edit]:
    """Yield the program with another call detached in place of this one."""
    inside = set(ast.walk(node))
    for other in ast.walk(code.scope(node)):
        if isinstance(other, ast.Call) and other not in inside and node not in set(ast.walk(other)):
            said = Mistake.GRAPH_CUT, f"{shown(node)} cuts the wrong value out of the graph"
            yield Edit({node: inner, other: method_call(other, "detach")}, node.lineno, said)
