"""What an entry of `forbid`, `require` or `allow` means: the functions, methods, operators and constructs it names.

Teachers who ban `torch.matmul` mean `@` and `x.matmul(y)` as well: a function counts under all of its spellings.
"""

from __future__ import annotations

from functools import cache

from quizapp.decks.fields import CONSTRUCTS

GROUPS: dict[str, tuple[str, ...]] = {
    "loops": (
        *("for", "while", "recursion", "map", "filter", "functools.reduce", "itertools.accumulate"),
        *("itertools.starmap", "numpy.vectorize", "numpy.frompyfunc", "numpy.apply_along_axis", "torch.Tensor.map_"),
        *(".iterrows", ".itertuples", ".applymap", "torch.Tensor.apply_"),
    ),
    "products": (
        *("torch.matmul", "torch.mm", "torch.bmm", "torch.mv", "torch.dot", "torch.inner", "torch.vdot"),
        *("torch.einsum", "torch.tensordot", "torch.addmm", "torch.addmv", "torch.addbmm", "torch.baddbmm"),
        *("torch.chain_matmul", "torch.linalg.multi_dot", "torch.linalg.vecdot"),
        *("torch.nn.functional.linear", "torch.nn.functional.bilinear", "torch.nn.Linear", "torch.nn.Bilinear"),
        *("torch.nn.functional.scaled_dot_product_attention", "torch.nn.MultiheadAttention"),
        *("torch.sparse.mm", "torch.sparse.addmm", "torch.smm", "torch.hspmm", ".dot"),
        *("numpy.matmul", "numpy.dot", "numpy.einsum", "numpy.inner", "numpy.tensordot", "numpy.vdot", "numpy.vecdot"),
        *("numpy.matvec", "numpy.vecmat", "numpy.linalg.matmul", "numpy.linalg.multi_dot", "numpy.linalg.vecdot"),
    ),
}
"""Group -> its rules."""

HOMES = ("torch", "torch.Tensor", "torch.nn.functional", "torch.linalg", "torch.special", "torch.functional")
"""Where one function may have several spellings: `torch.softmax`, `torch.Tensor.softmax` …"""

ALIASES = (
    ("abs", "absolute"),
    ("acos", "arccos"),
    ("asin", "arcsin"),
    ("atan", "arctan"),
    ("atan2", "arctan2"),
    ("cat", "concat", "concatenate"),
    ("clamp", "clip"),
    ("div", "divide", "true_divide"),
    ("expit", "sigmoid"),
    ("ge", "greater_equal"),
    ("ger", "outer"),
    ("gt", "greater"),
    ("inv", "inverse"),
    ("le", "less_equal"),
    ("lt", "less"),
    ("batch_norm", "native_batch_norm"),
    ("dropout", "native_dropout"),
    ("group_norm", "native_group_norm"),
    ("layer_norm", "native_layer_norm"),
    ("moveaxis", "movedim"),
    ("mul", "multiply"),
    ("ne", "not_equal"),
    ("neg", "negative"),
    ("pinv", "pinverse"),
    ("row_stack", "vstack"),
    ("sub", "subtract"),
    ("swapaxes", "swapdims", "transpose"),
    ("trunc", "fix"),
)
"""Names of one function of torch."""

OPERATORS: dict[str, tuple[str, ...]] = {
    "abs": ("__abs__",),
    "add": ("__add__", "__radd__", "__iadd__"),
    "sub": ("__sub__", "__rsub__", "__isub__"),
    "mul": ("__mul__", "__rmul__", "__imul__"),
    "div": ("__truediv__", "__rtruediv__", "__itruediv__"),
    "floor_divide": ("__floordiv__", "__rfloordiv__", "__ifloordiv__"),
    "remainder": ("__mod__", "__rmod__", "__imod__"),
    "pow": ("__pow__", "__rpow__", "__ipow__"),
    "matmul": ("__matmul__", "__rmatmul__", "__imatmul__"),
    "neg": ("__neg__",),
    "eq": ("__eq__",),
    "ne": ("__ne__",),
    "lt": ("__lt__",),
    "le": ("__le__",),
    "gt": ("__gt__",),
    "ge": ("__ge__",),
    "bitwise_and": ("__and__", "__rand__", "__iand__"),
    "bitwise_or": ("__or__", "__ror__", "__ior__"),
    "bitwise_xor": ("__xor__", "__rxor__", "__ixor__"),
    "bitwise_not": ("__invert__",),
}
"""Function -> methods of a tensor that Python calls for an operator."""

RELOCATED = {
    "torch.functional.": "torch.",
    "torch._VF.": "torch.",
    "torch._C._VariableFunctions.": "torch.",
    "torch._C.TensorBase.": "torch.Tensor.",
    "torch._C._TensorBase.": "torch.Tensor.",
    "torch._C._nn.": "torch.nn.functional.",
    "torch._C._linalg.linalg_": "torch.linalg.",
    "torch._C._fft.fft_": "torch.fft.",
    "torch._C._special.special_": "torch.special.",
    "torch.ops.aten.": "aten::",
    "aten.": "aten::",
}
"""Internal location of some torch functions -> their public location, which decks use."""


def canonical_name(name: str) -> str:
    """Return the public name: `torch.einsum` for `torch.functional.einsum`; operators lose their overload."""
    for old, new in RELOCATED.items():
        if name.startswith(old):
            name = new + name.removeprefix(old)
            break
    return name.partition(".")[0] if name.startswith("aten::") else name


def is_construct(rule: str) -> bool:
    """Return whether a rule is a construct of Python."""
    return rule in CONSTRUCTS


def expand_group(rule: str) -> tuple[str, ...]:
    """Return the rules of a group, or the rule itself."""
    return GROUPS.get(rule, (rule,))


@cache
def targets(rule: str) -> tuple[str, ...]:
    """Return the full names of all functions, methods, modules and operators that a rule names; none for constructs."""
    if is_construct(rule):
        return ()
    if rule in GROUPS:
        return tuple(dict.fromkeys(target for member in GROUPS[rule] for target in targets(member)))
    if rule.startswith("."):
        return (f"torch.Tensor{rule}",)
    name = canonical_name(rule)
    home, _, short = name.rpartition(".")
    if home not in HOMES or short[:1].isupper():
        return (name,)
    names = next((group for group in ALIASES if short in group), (short,))
    functions = [f"{place}.{alias}{ending}" for place in HOMES for alias in names for ending in ("", "_")]
    methods = [f"torch.Tensor.{method}" for alias in names for method in OPERATORS.get(alias, ())]
    return tuple(dict.fromkeys([name, *functions, *methods]))


def is_matrix_product(rule: str) -> bool:
    """Return whether the operator `@` is a spelling of the rule."""
    return "torch.Tensor.__matmul__" in targets(rule)
