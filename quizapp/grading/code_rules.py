"""`forbid` and `require`: Python constructs are found in the syntax, functions by name and by their counted calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.decks.card import Card
from quizapp.grading.qualified_names import NameUse, find_aliases, find_uses, parse_or_none

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor, *COMPREHENSIONS),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "import": (ast.Import, ast.ImportFrom),
    "lambda": (ast.Lambda,),
    "def": (ast.FunctionDef, ast.AsyncFunctionDef),
}

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


def find_violations(
    card: Card, answer: str, operators: Mapping[str, int], reference: Mapping[str, int] | None = None
) -> list[str]:
    """Return one sentence for each rule of the card that `answer` breaks.

    `operators` are the calls counted in the answer's run, `reference` those in the reference's run. Both contain the
    calls of the checks, so only the difference is attributed to the answer; and a required function whose calls the
    reference's run counted must be called, not only mentioned.
    """
    tree = parse_or_none(answer)
    if tree is None:
        return []
    known_names = find_aliases(parse_or_none(f"{card.preamble}\n{card.given}") or ast.Module([], [])) | find_aliases(
        tree
    )
    name_uses = list(find_uses(tree, known_names))
    calls, reference_calls = _by_public_name(operators), _by_public_name(reference or {})
    problems = []
    for rule in card.forbid:
        line = _first_line(rule, tree, name_uses)
        if line is not None:
            problems.append(f"`{rule}` is not allowed on this card, and line {line} uses it.")
        elif any(count > reference_calls.get(name, 0) for name, count in calls.items() if _matches(rule, name)):
            problems.append(f"{_call_clause(rule)}, which is not allowed on this card.")
    for rule in card.require:
        if not _is_used(rule, tree, name_uses, calls, reference_calls):
            problems.append(f"This card requires `{rule}`, and the answer does not use it.")
    return problems


def _call_clause(rule: str) -> str:
    if canonical_name(rule).startswith("aten::"):
        return f"The answer makes torch call `{rule}`, an internal operator"
    return f"The answer calls `{rule}`"


def _by_public_name(operators: Mapping[str, int]) -> dict[str, int]:
    """Return the number of calls by public name."""
    counts: dict[str, int] = {}
    for name, count in operators.items():
        name = canonical_name(name)
        counts[name] = counts.get(name, 0) + count
    return counts


def canonical_name(name: str) -> str:
    """Return the public name: `torch.einsum` for `torch.functional.einsum`; operators lose their overload."""
    for old, new in RELOCATED.items():
        if name.startswith(old):
            name = new + name.removeprefix(old)
            break
    return name.partition(".")[0] if name.startswith("aten::") else name


def _matches(rule: str, name: str) -> bool:
    """Return whether a rule applies to a called function, given by its canonical name."""
    if rule.startswith("."):
        return name == f"torch.Tensor{rule}"
    wanted = canonical_name(rule)
    # Some functions call an operator with an underscore: `torch.softmax` calls `aten::_softmax`.
    return name in (wanted, wanted.replace("aten::", "aten::_", 1)) or name.startswith(f"{wanted}.")


def _first_line(rule: str, tree: ast.Module, name_uses: list[NameUse]) -> int | None:
    """Return the first line of the code that uses what the rule names, or None."""
    return next(_lines(rule, tree, name_uses), None)


def _lines(rule: str, tree: ast.Module, name_uses: list[NameUse]) -> Iterator[int]:
    if rule in CONSTRUCTS:
        yield from _construct_lines(rule, tree)
        return
    wanted = canonical_name(rule)
    for use in name_uses:
        name = canonical_name(use.name)
        if name == wanted or name.startswith(f"{wanted}."):
            yield use.line


def _construct_lines(rule: str, tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, CONSTRUCTS[rule]):
            yield node.lineno  # type: ignore[attr-defined]
        elif rule == "if" and isinstance(node, ast.comprehension) and node.ifs:
            yield node.ifs[0].lineno
        elif rule == "import" and isinstance(node, ast.Name) and node.id == "__import__":
            yield node.lineno


def _is_used(
    rule: str, tree: ast.Module, name_uses: list[NameUse], calls: dict[str, int], reference_calls: dict[str, int]
) -> bool:
    """Return whether the answer uses what the rule requires: by calls, if the reference's run counted any."""
    if rule in CONSTRUCTS:
        return _first_line(rule, tree, name_uses) is not None
    if any(_matches(rule, name) for name in calls):
        return True
    if any(_matches(rule, name) for name in reference_calls):
        return False
    return _first_line(rule, tree, name_uses) is not None
