"""Changes of the called function and of its options: another of a group that is often confused."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.grading.code_changes.code_tree import CodeTree, last_name
from quizapp.grading.code_changes.edits import Edit, Said, change, shown, with_argument, with_function, with_keyword
from quizapp.grading.mistake import Mistake

GROUPS: tuple[tuple[Mistake, tuple[str, ...]], ...] = (
    (Mistake.OTHER_FUNCTION, ("mean", "sum", "median", "amax", "max", "min", "prod", "std", "var", "norm", "nanmean")),
    (Mistake.OTHER_FUNCTION, ("sum", "mean", "count", "size", "nunique", "max", "min", "first", "last", "median")),
    (Mistake.OTHER_FUNCTION, ("chunk", "split")),
    (Mistake.OTHER_FUNCTION, ("amax", "amin", "mean", "sum")),
    (Mistake.OTHER_FUNCTION, ("argmax", "argmin", "amax", "argsort")),
    (Mistake.OTHER_FUNCTION, ("maximum", "minimum", "max", "min")),
    (Mistake.OTHER_FUNCTION, ("any", "all")),
    (Mistake.OTHER_FUNCTION, ("idxmax", "idxmin", "argmax", "max")),
    (Mistake.OTHER_FUNCTION, ("nlargest", "nsmallest", "head", "tail")),
    (Mistake.OTHER_FUNCTION, ("softmax", "log_softmax", "sigmoid")),
    (Mistake.OTHER_FUNCTION, ("relu", "sigmoid", "tanh", "gelu", "leaky_relu", "softplus", "elu", "silu")),
    (Mistake.OTHER_FUNCTION, ("ReLU", "Sigmoid", "Tanh", "GELU", "LeakyReLU", "Softplus", "ELU", "SiLU", "Identity")),
    (Mistake.WRONG_LOSS, ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")),
    (Mistake.WRONG_LOSS, ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss")),
    (Mistake.WRONG_LOSS, ("cross_entropy", "nll_loss")),
    (Mistake.WRONG_LOSS, ("CrossEntropyLoss", "NLLLoss")),
    (Mistake.WRONG_LOSS, ("binary_cross_entropy_with_logits", "binary_cross_entropy")),
    (Mistake.WRONG_LOSS, ("BCEWithLogitsLoss", "BCELoss")),
    (Mistake.OTHER_FUNCTION, ("abs", "square")),
    (Mistake.TRIANGLE, ("tril", "triu")),
    (Mistake.OTHER_FUNCTION, ("zeros", "ones", "rand", "randn", "empty")),
    (Mistake.OTHER_FUNCTION, ("zeros_like", "ones_like", "rand_like", "randn_like")),
    (Mistake.JOINED, ("stack", "cat", "vstack", "hstack", "concatenate")),
    (Mistake.OTHER_FUNCTION, ("cumsum", "cumprod", "cummax")),
    (Mistake.ROUNDED, ("floor", "ceil", "round", "trunc")),
    (Mistake.EXP_LOG, ("exp", "log", "log2", "log10", "log1p", "expm1")),
    (Mistake.SQUARE_SQRT, ("sqrt", "square", "rsqrt", "abs")),
    (Mistake.OTHER_FUNCTION, ("max_pool2d", "avg_pool2d")),
    (Mistake.OTHER_FUNCTION, ("max_pool1d", "avg_pool1d")),
    (Mistake.OTHER_FUNCTION, ("MaxPool2d", "AvgPool2d")),
    (Mistake.OTHER_FUNCTION, ("MaxPool1d", "AvgPool1d")),
    (Mistake.OTHER_FUNCTION, ("adaptive_max_pool2d", "adaptive_avg_pool2d")),
    (Mistake.OTHER_FUNCTION, ("AdaptiveMaxPool2d", "AdaptiveAvgPool2d")),
    (Mistake.REORDERED, ("repeat", "repeat_interleave", "tile", "expand")),
    (Mistake.TRAINING_MODE, ("train", "eval")),
    (Mistake.BOUNDARY, ("gt", "ge")),
    (Mistake.BOUNDARY, ("lt", "le")),
    (Mistake.COMPARISON, ("gt", "lt", "ge", "le", "eq", "ne")),
    (Mistake.OPERANDS, ("add", "sub", "mul", "div", "matmul")),
    (Mistake.SIGN, ("add_", "sub_")),
    (Mistake.OPERANDS, ("mul_", "div_")),
    (Mistake.MASK_INVERTED, ("isna", "notna")),
    (Mistake.MASK_INVERTED, ("isnull", "notnull")),
    (Mistake.OTHER_FUNCTION, ("ffill", "bfill")),
    (Mistake.OTHER_FUNCTION, ("sin", "cos", "tan")),
    (Mistake.OTHER_FUNCTION, ("inner", "outer", "dot")),
    (Mistake.OTHER_FUNCTION, ("append", "extend", "insert")),
    (Mistake.OTHER_FUNCTION, ("upper", "lower", "title", "capitalize")),
    (Mistake.OTHER_FUNCTION, ("strip", "lstrip", "rstrip")),
    (Mistake.OTHER_FUNCTION, ("clip_grad_norm_", "clip_grad_value_")),
    (Mistake.RESHAPED, ("transpose", "view", "reshape")),
)
"""(mistake, names of functions that are taken for one another)."""

OF_FLOATS = ("mean", "std", "var")
"""Functions that need floats, where the function that is confused with them does not."""

STEPPING = ("add_", "sub_", "add", "sub")
LOSS_REDUCTIONS = ("mean", "sum", "none")
OPTIONS: Mapping[str, tuple[Mistake, tuple[str, ...]]] = {
    "reduction": (Mistake.WRONG_LOSS, LOSS_REDUCTIONS),
    "how": (Mistake.ARGUMENT_VALUE, ("inner", "left", "right", "outer", "any", "all")),
    "aggfunc": (Mistake.OTHER_FUNCTION, ("mean", "sum", "median", "max", "min", "count", "size")),
    "padding": (Mistake.ARGUMENT_VALUE, ("same", "valid")),
    "indexing": (Mistake.ARGUMENT_VALUE, ("ij", "xy")),
    "keep": (Mistake.ARGUMENT_VALUE, ("first", "last")),
    "method": (Mistake.ARGUMENT_VALUE, ("first", "min", "max", "average", "dense")),
    "reduce": (Mistake.OTHER_FUNCTION, ("sum", "mean", "amax", "amin", "prod")),
}
"""Keyword -> mistake, and the texts that are taken for one another."""

AGGREGATED = frozenset({"agg", "aggregate", "transform", "apply", "resample", "scatter_reduce"})

OTHER_REDUCTIONS = (("reduction", "sum"), ("reduction", "none"))
DEFAULTS: Mapping[str, tuple[tuple[str, str | int], ...]] = {
    **dict.fromkeys(("std", "var"), (("correction", 0), ("ddof", 0), ("ddof", 1), ("unbiased", False))),
    **dict.fromkeys(("sort", "argsort"), (("descending", True), ("reverse", True))),
    **dict.fromkeys(("sorted",), (("reverse", True),)),
    **dict.fromkeys(("sort_values", "sort_index", "rank"), (("ascending", False),)),
    "topk": (("largest", False),),
    "reset_index": (("drop", True),),
    "groupby": (("as_index", False), ("sort", False), ("dropna", False)),
    "value_counts": (("normalize", True), ("dropna", False), ("ascending", True)),
    "merge": (("how", "left"), ("how", "outer"), ("how", "right")),
    **dict.fromkeys(
        ("mse_loss", "cross_entropy", "l1_loss", "nll_loss"), (("reduction", "sum"), ("reduction", "none"))
    ),
    **dict.fromkeys(("Linear", "Conv2d", "Conv1d"), (("bias", False),)),
    **dict.fromkeys(("MultiheadAttention", "LSTM", "GRU", "RNN"), (("batch_first", True),)),
    **dict.fromkeys(("triu", "tril"), (("diagonal", 1), ("diagonal", -1))),
    "enumerate": (("start", 1),),
    "concat": (("ignore_index", True), ("axis", 1)),
}
"""Function -> options that are often left out: (keyword, value that is not the default)."""

BY_KEYWORD: Mapping[str, tuple[Mistake, str]] = {
    **dict.fromkeys(
        ("correction", "ddof", "unbiased"), (Mistake.BIASED, "the divisor is n instead of n - 1, or vice versa")
    ),
    **dict.fromkeys(
        ("descending", "reverse", "ascending", "largest"), (Mistake.SORTED_OTHER_WAY, "the order is the opposite one")
    ),
    "bias": (Mistake.MISSING_BIAS, "a layer has a bias that it should not have, or lacks one"),
    "diagonal": (Mistake.TRIANGLE_BOUNDARY, "the diagonal is on the wrong side of the triangle's edge"),
    "drop": (Mistake.INDEX, "the old index is kept as a column, or lost"),
    "as_index": (Mistake.INDEX, "the groups are in the index instead of a column, or vice versa"),
    "ignore_index": (Mistake.INDEX, "the old index is kept, or lost"),
    "reduction": (Mistake.WRONG_LOSS, "the losses of the elements are reduced in the wrong way"),
    "create_graph": (Mistake.GRAPH_CUT, "the gradient has no graph: `create_graph` is not set"),
    "start": (Mistake.OFF_BY_ONE, "the counting starts at the wrong number"),
    "is_causal": (Mistake.MASK_FILL, "the causal mask is missing, or should not be there"),
    "inplace": (Mistake.NOT_CHANGED_IN_PLACE, "it is changed in place, or should be"),
    "requires_grad": (Mistake.NO_GRADIENT, "`requires_grad` is wrong"),
}
"""Keyword -> the mistake of its other value."""


def function_edits(node: ast.AST, code: CodeTree) -> Iterator[Edit]:
    """Yield the call of another function of the same group, or the same call with another option."""
    if isinstance(node, ast.Attribute) and node.attr in ("loc", "iloc"):
        other = ast.Attribute(node.value, "iloc" if node.attr == "loc" else "loc", node.ctx)
        said = Mistake.ANOTHER_PART, f"`.{node.attr}` selects by {'label' if node.attr == 'loc' else 'position'}"
        yield change(
            node, other, said, (Mistake.ANOTHER_PART, "rows are selected by position instead of label, or vice versa")
        )
    if not isinstance(node, ast.Call):
        return
    yield from _other_functions(node)
    yield from _other_options(node)
    yield from _other_texts(node)
    if isinstance(node.func, ast.Name) and node.func.id in ("max", "min", "sorted") and not node.keywords:
        said = Mistake.ARGUMENT_VALUE, f"{shown(node)} compares the values themselves, not their lengths"
        yield change(node, with_keyword(node, "key", ast.Name("len", ast.Load())), said, None)
    if last_name(node) == "dropout" and all(keyword.arg != "training" for keyword in node.keywords):
        training = ast.parse("self.training", mode="eval").body
        said = Mistake.TRAINING_MODE, f"{shown(node)} drops values in evaluation mode too: `training` is not passed"
        yield change(node, with_keyword(node, "training", training), said, None)


def _other_functions(call: ast.Call) -> Iterator[Edit]:
    name = last_name(call)
    for mistake, names in GROUPS:
        for other in names if name in names else ():
            if other == name or (isinstance(call.func, ast.Name) and other not in ("max", "min", "sum", "any", "all")):
                continue
            changed = with_function(call, other)
            yield change(call, changed, _wrong(mistake, call), _confused(mistake, name, other))
            if other in OF_FLOATS and isinstance(changed.func, ast.Attribute):
                as_float = ast.Call(ast.Attribute(changed.func.value, "float", ast.Load()), [], [])
                of_float = ast.Call(ast.Attribute(as_float, other, ast.Load()), changed.args, changed.keywords)
                yield change(call, of_float, _wrong(mistake, call), None)


def _wrong(mistake: Mistake, call: ast.Call) -> Said:
    if last_name(call) in STEPPING and "grad" in ast.unparse(call):
        return Mistake.STEP_DIRECTION, f"{shown(call)} steps in the wrong direction along the gradient"
    return mistake, f"`{last_name(call)}` is the wrong function in {shown(call)}"


def _confused(mistake: Mistake, name: str, other: str) -> Said:
    """Return the mistake of an answer that behaves like `other` where the reference calls `name`."""
    if mistake is Mistake.TRAINING_MODE:
        return mistake, f"the model is in the mode of `{other}()` where it should be in that of `{name}()`"
    return mistake, f"it is what you get with `{other}` where another function is needed"


def _other_options(call: ast.Call) -> Iterator[Edit]:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for name, value in given.items():
        mistake, text = option(name)
        said = mistake, f"{shown(call)}: {text}"
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            yield change(call, with_keyword(call, name, ast.Constant(not value.value)), said, (mistake, text))
        known, texts = OPTIONS.get(name, (mistake, ()))
        if isinstance(value, ast.Constant) and value.value in texts:
            repaired = known, f"`{name}={value.value!r}` is the wrong option of `{last_name(call)}`"
            for other in texts:
                if other != value.value:
                    yield change(call, with_keyword(call, name, ast.Constant(other)), repaired, (known, text))
    for name, default in DEFAULTS.get(last_name(call), ()):
        if name not in given:
            mistake, text = option(name)
            repaired = mistake, f"{shown(call)}: {text}"
            yield change(call, with_keyword(call, name, ast.Constant(default)), repaired, (mistake, text))


def option(name: str) -> tuple[Mistake, str]:
    """Return the mistake of another value of a keyword argument."""
    return BY_KEYWORD.get(name, (Mistake.ARGUMENT_VALUE, f"the argument `{name}` has the wrong value"))


def _other_texts(call: ast.Call) -> Iterator[Edit]:
    """Yield `agg("median")` for `agg("mean")`."""
    _, names = OPTIONS["aggfunc"]
    for index, argument in enumerate(call.args):
        if last_name(call) in AGGREGATED and isinstance(argument, ast.Constant) and argument.value in names:
            for other in names:
                if other != argument.value:
                    said = Mistake.OTHER_FUNCTION, f"`{argument.value}` is the wrong function in {shown(call)}"
                    imitated = Mistake.OTHER_FUNCTION, f"it is what you get with `{other}`, the wrong function"
                    yield change(call, with_argument(call, index, ast.Constant(other)), said, imitated)
