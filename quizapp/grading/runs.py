"""A card and a piece of code -> the runs that grade it. Pure: nothing is run here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.code_rules import CONSTRUCTS
from quizapp.sandbox.protocol import Expression, Run

REMEMBERED = 4096
"""Sources whose names are kept: a card's are asked for with every answer to it."""


def run_of(card: Card, code: str, trial: int = 0, device: str = "cpu", *, trace: bool = False) -> Run:
    """One trial of `code` on `device`: the checks are those of that device."""
    # A prediction is about what `given` does, so there it is the code that may raise and print.
    given = "" if card.kind is CardKind.PREDICT else card.given
    return Run(
        code=code,
        checks=tuple(expressions(card, device)),
        preamble=card.preamble,
        given=given,
        seed=card.seed,
        trial=trial,
        device=device,
        limits=card.limits,
        checks_after_error=any(reads(check, "raised") for check in card.checks),
        watch=bound_names(given),
        trace=trace or needs_trace(card),
    )


def expressions(card: Card, device: str) -> Iterator[Expression]:
    """The checks of one device, each with its number in the card."""
    for number, check in enumerate(card.checks):
        if check.device == device:
            yield Expression(number, check.see, check.run)


def needs_trace(card: Card) -> bool:
    """Whether `forbid` or `require` name operators, which only a run can show."""
    return any(name not in CONSTRUCTS for name in card.forbid + card.require)


def reads(check: Check, name: str) -> bool:
    """Whether a check's own code loads `name`."""
    return name in names(check.see) | names(check.run)


@lru_cache(REMEMBERED)
def names(source: str) -> frozenset[str]:
    """Every name that `source` loads; none if it does not parse."""
    return frozenset(node.id for node in _walk(source) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


@lru_cache(REMEMBERED)
def bound_names(source: str) -> tuple[str, ...]:
    """Names that the top level of `source` binds to values, in order; no functions, classes or modules."""
    found = dict.fromkeys(
        node.id for node in _walk(source, top=True) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    return tuple(found)


def _walk(source: str, *, top: bool = False) -> Iterator[ast.AST]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    pending: list[ast.AST] = [tree]
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp)
    while pending:
        node = pending.pop(0)
        yield node
        if not (top and isinstance(node, (*inner, ast.DictComp, ast.GeneratorExp))):
            pending[:0] = ast.iter_child_nodes(node)
