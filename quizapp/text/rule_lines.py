"""The rules of a card as sentences, shown with its question: what an answer may, must and must not use.

The front ends escape the text, and style the names in backticks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from quizapp.text.counting import format_bytes, format_points, plural

if TYPE_CHECKING:
    from quizapp.decks.card import Budget, Cap, Card
    from quizapp.sandbox.protocol import Limits

GROUPS = {
    "loops": ("loops", "a loop", "`for`, `while`, comprehensions, `map`, `vectorize`, recursion …"),
    "products": ("matrix products", "a matrix product", "`@`, `matmul`, `mm`, `bmm`, `einsum`, `dot`, `linear` …"),
}
"""Group of `forbid` and `require` -> its name as forbidden, its name as required, and what belongs to it."""

CONSTRUCTS = {
    "for": "`for` (comprehensions too)",
    "if": "`if` (conditional expressions too)",
    "recursion": "recursion",
}
"""Constructs whose name does not say all."""

SYMBOLS = {
    "@": ("matmul",),
    "+": ("add",),
    "-": ("sub", "subtract", "neg", "negative"),
    "*": ("mul", "multiply"),
    "/": ("div", "divide", "true_divide"),
    "//": ("floor_divide",),
    "%": ("remainder",),
    "**": ("pow",),
    "==": ("eq",),
    "!=": ("ne", "not_equal"),
    "<": ("lt", "less"),
    "<=": ("le", "less_equal"),
    ">": ("gt", "greater"),
    ">=": ("ge", "greater_equal"),
    "&": ("bitwise_and",),
    "|": ("bitwise_or",),
    "^": ("bitwise_xor",),
    "~": ("bitwise_not",),
    "abs": ("abs", "absolute"),
}
"""Python's spelling -> functions of torch, which count in that spelling too."""

SPELLINGS = {function: symbol for symbol, functions in SYMBOLS.items() for function in functions}

LIMITS: dict[str, Callable[[float], str]] = {
    "seconds": lambda seconds: f"{seconds:g} s",
    "memory": lambda size: f"{format_bytes(size)} of memory",
    "output": lambda size: f"{format_bytes(size)} of output",
    "scratch": lambda size: f"{format_bytes(size)} of files",
    "gpu_memory": lambda size: f"{format_bytes(size)} of GPU memory",
    "processes": lambda count: f"{count:g} processes and threads",
}
"""Field of the limits -> its value as text."""


def rule_lines(card: Card) -> list[str]:
    """Return one sentence for each rule of the card; none if its answers are not run."""
    return list(_rules(card)) if card.kind.value in ("code", "order") else []


def rule_list(card: Card) -> str:
    """Return the rules as a list in Markdown; empty if there are none."""
    return "\n".join(f"- {line}" for line in rule_lines(card))


def _rules(card: Card) -> Iterator[str]:
    yield from _list("Not allowed", map(_describe, card.forbid))
    yield from _list("Required", (_describe(rule, is_required=True) for rule in card.require))
    yield from _list("Only these names of torch", (f"`{rule}`" for rule in card.allow))
    if card.budget is not None:
        yield from _caps(card.budget)
    yield from _list("Limits", _changed_limits(card.limits))
    count, total = sum(check.device == "cuda" for check in card.checks), len(card.checks)
    if count:
        yield "Needs a GPU" if count == total else f"{count} of {total} checks need{'s' if count == 1 else ''} a GPU"


def _list(title: str, entries: Iterable[str]) -> Iterator[str]:
    if text := ", ".join(entries):
        yield f"{title}: {text}"


def _describe(rule: str, *, is_required: bool = False) -> str:
    if rule in GROUPS:
        *names, members = GROUPS[rule]
        return f"{names[is_required]} ({members})"
    if rule in CONSTRUCTS:
        return CONSTRUCTS[rule]
    if rule.startswith("aten::"):
        return f"the operator `{rule}`"
    home, _, function = rule.rpartition(".")
    if home in ("torch", "torch.Tensor") and function in SPELLINGS:
        return f"`{rule}` (also `{SPELLINGS[function]}` and `.{function}()`)"
    return f"`{rule}`"


def _caps(budget: Budget) -> Iterator[str]:
    points = f"({format_points(budget.points)} point{'' if budget.points == 1 else 's'})"
    if cap := budget.operators:
        amount = f"{plural(int(cap.value), 'torch operator')}, those of the checks included"
        yield f"{_most(cap, amount, 'torch operators')} {points}"
    if cap := budget.memory:
        yield f"{_most(cap, f'{format_bytes(cap.value)} of tensors', 'tensor memory')} {points}"


def _most(cap: Cap, amount: str, thing: str) -> str:
    """Return a cap as text: `amount` if it is absolute, else a multiple of what the reference uses of `thing`."""
    if not cap.is_relative:
        return f"At most {amount}"
    if cap.value == 1:
        return f"No more {thing} than the reference"
    times = "twice" if cap.value == 2 else f"{cap.value:g} times"
    return f"At most {times} the {thing} of the reference"


def _changed_limits(limits: Limits) -> Iterator[str]:
    for field in fields(limits):
        value = getattr(limits, field.name)
        if value != field.default:
            yield LIMITS[field.name](value)
