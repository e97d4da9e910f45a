"""What a card forbids and requires: Python constructs by syntax, the rest by name and by what really was called."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from quizapp.decks.card import Card
from quizapp.grading.qualified_names import Use, aliases, parsed, uses

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
"""Where torch keeps some functions -> where a deck's author knows them."""


def violations(
    card: Card, answer: str, operators: Mapping[str, int], reference: Mapping[str, int] | None = None
) -> list[str]:
    """One sentence for each rule of the card that `answer` breaks.

    `operators` are the calls that the answer's run counted. With `reference`, those of the reference's run, calls
    that belong to the checks cancel out, and what a run can show must really have been called.
    """
    tree = parsed(answer)
    if tree is None:
        return []
    known = aliases(parsed(f"{card.preamble}\n{card.given}") or ast.Module([], [])) | aliases(tree)
    found = list(uses(tree, known))
    called, shown = _called(operators), _called(reference or {})
    problems = []
    for rule in card.forbid:
        line = _first_line(rule, tree, found)
        if line is not None:
            problems.append(f"`{rule}` is not allowed on this card, and line {line} uses it.")
        elif any(count > shown.get(name, 0) for name, count in called.items() if _names(rule, name)):
            problems.append(f"{_is_called(rule)}, which is not allowed on this card.")
    for rule in card.require:
        if not _kept(rule, tree, found, called, shown):
            problems.append(f"This card asks for `{rule}`, and the answer does not use it.")
    return problems


def _is_called(rule: str) -> str:
    if canonical(rule).startswith("aten::"):
        return f"The answer leads to `{rule}`, an operator that torch calls inside"
    return f"The answer calls `{rule}`"


def _called(operators: Mapping[str, int]) -> dict[str, int]:
    """Calls by the names that authors use."""
    counts: dict[str, int] = {}
    for name, count in operators.items():
        name = canonical(name)
        counts[name] = counts.get(name, 0) + count
    return counts


def canonical(name: str) -> str:
    """`torch.functional.einsum` is `torch.einsum`; an operator's overload is no part of its name."""
    for old, new in RELOCATED.items():
        if name.startswith(old):
            name = new + name.removeprefix(old)
            break
    return name.partition(".")[0] if name.startswith("aten::") else name


def _names(rule: str, name: str) -> bool:
    """Whether a called operator, by its canonical name, is what the rule means."""
    if rule.startswith("."):
        return name == f"torch.Tensor{rule}"
    wanted = canonical(rule)
    # Softmax and its like reach the dispatcher under a name of their own.
    return name in (wanted, wanted.replace("aten::", "aten::_", 1)) or name.startswith(f"{wanted}.")


def _first_line(rule: str, tree: ast.Module, found: list[Use]) -> int | None:
    """The first line of the code whose syntax shows what the rule names."""
    return next(_lines(rule, tree, found), None)


def _lines(rule: str, tree: ast.Module, found: list[Use]) -> Iterator[int]:
    if rule in CONSTRUCTS:
        yield from _construct_lines(rule, tree)
        return
    wanted = canonical(rule)
    for use in found:
        name = canonical(use.name)
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


def _kept(rule: str, tree: ast.Module, found: list[Use], called: dict[str, int], shown: dict[str, int]) -> bool:
    """Whether the answer uses what the rule asks for: really calls it, where the reference's run shows such calls."""
    if rule in CONSTRUCTS:
        return _first_line(rule, tree, found) is not None
    if any(_names(rule, name) for name in called):
        return True
    if any(_names(rule, name) for name in shown):
        return False
    return _first_line(rule, tree, found) is not None
