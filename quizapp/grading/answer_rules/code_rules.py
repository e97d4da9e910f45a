"""`forbid`, `require` and `allow`: constructs are found in the syntax, functions by name and by their counted calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from quizapp.decks.card import Card
from quizapp.grading.answer_rules.constructs import construct_lines, matrix_product_lines
from quizapp.grading.answer_rules.qualified_names import NameUse, find_aliases, find_uses, parse_or_none
from quizapp.grading.answer_rules.rule_targets import (
    GROUPS,
    canonical_name,
    expand_group,
    is_construct,
    is_matrix_product,
    targets,
)
from quizapp.sandbox.protocol import CallRule

METADATA = frozenset({"dim", "item", "numel", "size", "tolist"})
"""Methods of a tensor that compute nothing: an answer may always call them."""

ALWAYS_ALLOWED = frozenset({"torch.Tensor", "torch.Size", "torch.device", "torch.dtype", "torch.nn.Module"})
DTYPES = ("torch.float", "torch.int", "torch.uint", "torch.bool", "torch.complex", "torch.bfloat", "torch.double")
"""Beginnings of the names of dtypes, which are always allowed too; no function of torch begins so."""

COUNTED = ("torch.", "aten::", "aten.", "numpy.")
LIBRARY_LOOPS = ("numpy.apply_along_axis", "numpy.frompyfunc", "numpy.vectorize")
"""Functions that NumPy itself calls: they are found in the syntax only."""

DYNAMIC_ACCESS = frozenset(
    [
        *("getattr", "eval", "exec", "__import__", "importlib", "vars", "globals", "locals", ".__dict__"),
        *(".__getattribute__", "operator.attrgetter", "operator.methodcaller"),
    ]
)
"""Names by which an answer could reach functions that `allow` does not contain."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is known of an answer: its syntax, the names that it uses, and the calls that were counted in its run."""

    tree: ast.Module
    aliases: Mapping[str, str]
    uses: Sequence[NameUse]
    calls: Mapping[str, int]
    reference_calls: Mapping[str, int]
    """Both counts contain the calls that the checks make; only the difference is attributed to the answer."""


def call_rules(card: Card, answer: str) -> tuple[CallRule, ...]:
    """Return the functions whose calls must be counted to find out whether `answer` obeys the card's rules."""
    rules = [CallRule(rule, _counted_targets(rule)) for rule in card.forbid]
    rules += [CallRule(rule, _counted_targets(rule), once=True) for rule in card.require if rule not in card.forbid]
    if card.allow:
        tree = parse_or_none(answer)
        uses = find_uses(tree, _aliases(card, tree)) if tree else ()
        methods = sorted({use.name for use in uses if use.name.startswith(".")})
        rules += [CallRule(method, targets(method), once=True) for method in methods]
    return tuple(rule for rule in rules if rule.targets)


def _counted_targets(rule: str) -> tuple[str, ...]:
    """Return the targets whose calls are counted; those that libraries call for their own purposes are not."""
    return tuple(name for name in targets(rule) if name.startswith(COUNTED) and name not in LIBRARY_LOOPS)


def find_violations(
    card: Card, answer: str, calls: Mapping[str, int], reference: Mapping[str, int] | None = None
) -> list[str]:
    """Return one sentence for each rule of the card that `answer` breaks.

    `calls` and `reference` are the calls of `call_rules` counted in the answer's run and in the reference's.
    """
    tree = parse_or_none(answer)
    if tree is None or not (card.forbid or card.require or card.allow):
        return []
    aliases = _aliases(card, tree)
    parsed = _Answer(tree, aliases, list(find_uses(tree, aliases)), calls, reference or {})
    return [
        *filter(None, (_broken_ban(rule, parsed) for rule in card.forbid)),
        *(
            f"This card requires {_rule_text(rule)}, and the answer does not use {'one' if rule in GROUPS else 'it'}."
            for rule in card.require
            if not _is_used(rule, parsed)
        ),
        *(_names_not_allowed(card, parsed) if card.allow else ()),
    ]


def _aliases(card: Card, tree: ast.Module | None) -> dict[str, str]:
    context = parse_or_none(f"{card.preamble}\n{card.given}") or ast.Module([], [])
    return find_aliases(context) | (find_aliases(tree) if tree else {})


def _broken_ban(rule: str, answer: _Answer) -> str | None:
    """Return the sentence on a forbidden rule that the answer uses, or None."""
    is_called = answer.calls.get(rule, 0) > answer.reference_calls.get(rule, 0)
    places = list(_certain_uses(rule, answer)) or (list(_possible_uses(rule, answer)) if is_called else [])
    if places:
        line, spelling = min(places)
        used = "it" if spelling == rule else f"`{spelling}`"
        return f"{_rule_text(rule, 'A')} is not allowed on this card, and line {line} uses {used}."
    if not is_called:
        return None
    if canonical_name(rule).startswith("aten::"):
        return f"The answer makes torch call `{rule}`, an internal operator, which is not allowed on this card."
    return f"The answer calls {_rule_text(rule)}, which is not allowed on this card."


def _rule_text(rule: str, article: str = "a") -> str:
    return {"loops": f"{article} loop", "products": f"{article} matrix product"}.get(rule, f"`{rule}`")


def _is_used(rule: str, answer: _Answer) -> bool:
    """Return whether the answer uses what is required: by its calls, if the reference's run counted any."""
    if answer.calls.get(rule):
        return True
    if answer.reference_calls.get(rule):
        return False
    return any(True for _ in (*_certain_uses(rule, answer), *_possible_uses(rule, answer)))


def _certain_uses(rule: str, answer: _Answer) -> Iterator[tuple[int, str]]:
    """Yield (line, spelling) where the syntax alone shows that a rule is used."""
    for member in expand_group(rule):
        if is_construct(member):
            yield from ((line, member) for line in construct_lines(member, answer.tree))
            continue
        member = answer.aliases.get(member, member)
        names = targets(member)
        for use in answer.uses:
            name = canonical_name(use.name)
            if (
                use.name == member
                or any(name == target or name.startswith(f"{target}.") for target in names)
                or (name.startswith("aten::") and _is_operator_of(name, names))
            ):
                yield use.line, rule if rule not in GROUPS and name == names[0] else use.name
        if is_matrix_product(member):
            yield from ((line, "@") for line in matrix_product_lines(answer.tree))


def _is_operator_of(operator: str, names: Sequence[str]) -> bool:
    """Return whether an operator such as `aten::_softmax` is that of one of the functions."""
    short = operator.removeprefix("aten::").strip("_")
    return any(name.rpartition(".")[2].strip("_") == short for name in names if name.startswith("torch."))


def _possible_uses(rule: str, answer: _Answer) -> Iterator[tuple[int, str]]:
    """Yield (line, spelling) of methods that belong to the rule if they are called on a tensor."""
    names = {target for member in expand_group(rule) for target in targets(member)}
    yield from ((use.line, use.name) for use in answer.uses if f"torch.Tensor{use.name}" in names)


def _names_not_allowed(card: Card, answer: _Answer) -> Iterator[str]:
    """Yield a sentence for the first use of each name of torch that `allow` does not contain."""
    allowed = {target for rule in card.allow for target in (rule, *targets(rule))}
    shown = ", ".join(f"`{rule}`" for rule in card.allow)
    uses = [use for use in answer.uses if _is_outside(use.name, allowed, answer)]
    lines: dict[str, int] = {}
    for use in [*_star_imports(answer.tree), *sorted(uses, key=attrgetter("line"))]:
        lines.setdefault(use.name, use.line)
    for name, line in lines.items():
        yield f"Of torch, only {shown} may be used on this card, and line {line} uses `{name}`."


def _star_imports(tree: ast.Module) -> Iterator[NameUse]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module)
    for node in imports:
        if any(alias.name == "*" for alias in node.names) and f"{node.module}.".startswith("torch."):
            yield NameUse(f"from {node.module} import *", node.lineno)


def _is_outside(name: str, allowed: set[str], answer: _Answer) -> bool:
    if name in DYNAMIC_ACCESS:
        return name not in allowed
    if name.startswith("."):
        is_called = bool(answer.calls.get(name))
        return is_called and name[1:] not in METADATA and name not in allowed and f"torch.Tensor{name}" not in allowed
    public_name = canonical_name(name)
    if not public_name.startswith(("torch.", "aten::")) or public_name in ALWAYS_ALLOWED:
        return False
    if public_name.startswith(DTYPES) or any(public_name.startswith(f"{target}.") for target in allowed):
        return False
    # `torch.nn` in `torch.nn.functional.relu`: the longer name decides.
    is_prefix = any(use.name.startswith(f"{name}.") for use in answer.uses)
    return public_name not in allowed and not is_prefix
