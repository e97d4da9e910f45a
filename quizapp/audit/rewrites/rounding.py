"""The same result with other rounding: computed in float64, in place on a copy, or with a reciprocal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.rewrites.results import results
from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.grading.answer_rules.qualified_names import resolve_name
from quizapp.grading.code_changes.code_tree import last_name

IN_FLOAT64 = "computed in float64"
ON_A_COPY = "in place on a copy"
RECIPROCAL = "multiplied by the reciprocal"
KINDS = frozenset({IN_FLOAT64, RECIPROCAL})

HELPER = """
def widened(value):
    assert getattr(value, 'dtype', None) != torch.float64
    return value.double() if isinstance(value, torch.Tensor) and value.dtype == torch.float32 else value

def in_float64(function, *values):
    result = function(*map(widened, values))
    assert isinstance(result, torch.Tensor | int | float)
    return result.float() if isinstance(result, torch.Tensor) and result.dtype == torch.float64 else result
"""
"""Calls a function with float32 tensors converted to float64, and converts its result back."""

ARITHMETIC = frozenset(
    [
        *("sum", "mean", "std", "var", "exp", "log", "sqrt", "softmax", "log_softmax", "matmul", "mm", "bmm", "einsum"),
        *("norm", "pow", "prod", "cumsum", "sigmoid", "tanh", "logsumexp", "dot", "mse_loss", "cross_entropy", "sin"),
        *("cos", "cdist", "l1_loss", "nll_loss", "rsqrt", "log1p", "erf", "softplus", "addmm", "cov", "corrcoef"),
    ]
)
"""Functions and methods that round."""

UNSUITABLE = frozenset(
    [
        *("double", "float64", "half", "bfloat16", "float16", "dtype", "type", "astype", "finfo", "iinfo"),
        *("append", "pop", "backward", "Parameter", "data_ptr", "element_size", "hash", "id"),
        *("rand_like", "randn_like", "rand", "randn", "dropout", "bernoulli", "multinomial", "normal"),
    ]
)
"""Names of an expression that may mean something else in float64."""

IN_PLACE = {ast.Add: "add_", ast.Sub: "sub_", ast.Mult: "mul_", ast.Div: "div_"}


def rounding_rewrites(code: SolutionCode) -> Iterator[ChangedSolution]:
    """Yield the solution with the arithmetic of one result rounded in another way."""
    for value in _single_results(code):
        if code.aliases.get("torch") == "torch":
            yield from _in_float64(code, value)
            yield from _on_a_copy(code, value)
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div) and code.imports("numpy"):
            inverse = ast.BinOp(ast.Constant(1), ast.Div(), value.right)
            yield code.change(RECIPROCAL, value, ast.BinOp(value.left, ast.Mult(), inverse))


def _single_results(code: SolutionCode) -> Iterator[ast.expr]:
    for value in results(code):
        yield from value.elts if isinstance(value, ast.Tuple) else [value]


def _in_float64(code: SolutionCode, value: ast.expr) -> Iterator[ChangedSolution]:
    names = _data_names(code, value)
    if not names or not _rounds(value) or _is_unsuitable(value):
        return
    parameters = [ast.arg(name) for name in names]
    function = ast.Lambda(ast.arguments([], parameters, None, [], [], None, []), value)
    call = ast.Call(ast.Name("in_float64", ast.Load()), [function, *(ast.Name(name, ast.Load()) for name in names)], [])
    change = code.change(IN_FLOAT64, value, call)
    yield ChangedSolution(
        change.kind, change.line, HELPER.strip() + "\n" + change.code, change.original, change.changed
    )


def _data_names(code: SolutionCode, value: ast.expr) -> list[str]:
    """Return the names of an expression that may be bound to tensors, each once; none that it binds itself."""
    loaded = [node for node in ast.walk(value) if isinstance(node, ast.Name)]
    own = {node.id for node in loaded if isinstance(node.ctx, ast.Store)}
    called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    names = [node.id for node in loaded if id(node) not in called and node.id not in own | {"self"}]
    return list(dict.fromkeys(name for name in names if name not in code.aliases))


def _rounds(value: ast.expr) -> bool:
    """Return whether an expression does arithmetic outside its indices, and its value is no container."""
    if isinstance(value, ast.ListComp | ast.List | ast.Dict | ast.DictComp | ast.Set | ast.JoinedStr):
        return False
    for node in _outside_indices(value):
        if isinstance(node, ast.BinOp) or (isinstance(node, ast.Call) and last_name(node) in ARITHMETIC):
            return True
    return False


def _outside_indices(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, child in ast.iter_fields(node):
        if isinstance(node, ast.Subscript) and name == "slice":
            continue
        for inner in child if isinstance(child, list) else [child]:
            if isinstance(inner, ast.AST):
                yield from _outside_indices(inner)


def _is_unsuitable(value: ast.expr) -> bool:
    names = {last_name(node) for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute)}
    keywords = {node.arg for node in ast.walk(value) if isinstance(node, ast.keyword)}
    changes = any(name.endswith("_") for name in names)
    scopes = any(isinstance(node, ast.Lambda | ast.NamedExpr | ast.Yield | ast.Await) for node in ast.walk(value))
    return changes or scopes or bool(UNSUITABLE & (names | keywords))


def _on_a_copy(code: SolutionCode, value: ast.expr) -> Iterator[ChangedSolution]:
    """Yield `x.clone().mul_(y)` for `x * y`; where the shape or dtype differs from that of `x`, it raises."""
    if not isinstance(value, ast.BinOp) or type(value.op) not in IN_PLACE or not isinstance(value.left, ast.Name):
        return
    if resolve_name(value.left, code.aliases):
        return
    clone = ast.Call(ast.Attribute(value.left, "clone", ast.Load()), [], [])
    method = ast.Attribute(clone, IN_PLACE[type(value.op)], ast.Load())
    yield code.change(ON_A_COPY, value, ast.Call(method, [value.right], []))
