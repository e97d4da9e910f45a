"""A card and a piece of code -> the runs that grade it. Nothing is run here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.answer_rules.budget import reference_caps
from quizapp.grading.answer_rules.code_rules import call_rules
from quizapp.grading.answer_rules.qualified_names import parse_or_none
from quizapp.sandbox.protocol import Expression, Run, UsageCaps

CACHED_SOURCES = 4096
"""Number of sources whose names are cached: those of a card are needed for every answer to it."""


def build_run(card: Card, code: str, trial: int = 0, device: str = "cpu", *, usage: UsageCaps | None = None) -> Run:
    """Return one trial of `code` with the checks of `device`; `usage` says what is counted."""
    # The answer to a predict card is about `given`, which may therefore raise and print.
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
        checks_after_error=any(reads_name(check, "raised") for check in card.checks),
        watch=bound_names(given),
        calls=call_rules(card, code),
        usage=usage,
    )


def reference_run(card: Card, trial: int = 0, device: str = "cpu") -> Run:
    """Return one trial of the reference, which also counts what a relative budget is measured by."""
    return build_run(card, card.reference, trial, device, usage=reference_caps(card))


def scratch_run(card: Card, code: str, history: tuple[str, ...] = (), *, trace_lines: bool = True) -> Run:
    """Return a run of `code` after `history` that counts nothing.

    It has no checks, unless it traces lines: then the visible checks call the functions that `code` only defines.
    """
    run = build_run(card, code)
    checks = tuple(e for e in run.checks if trace_lines and not card.checks[e.number].hidden)
    return replace(run, checks=checks, watch=(), calls=(), history=history, trace_lines=trace_lines)


def expressions(card: Card, device: str) -> Iterator[Expression]:
    """Yield the checks of one device, each with its index in the card."""
    for number, check in enumerate(card.checks):
        if check.device == device:
            yield Expression(number, check.see, check.run)


def reads_name(check: Check, name: str) -> bool:
    """Return whether a check's own code reads `name`."""
    return name in loaded_names(check.see) | loaded_names(check.run)


@lru_cache(CACHED_SOURCES)
def loaded_names(source: str) -> frozenset[str]:
    """Return every name that `source` reads; none if it does not parse."""
    return frozenset(node.id for node in _walk(source) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


@lru_cache(CACHED_SOURCES)
def bound_names(source: str) -> tuple[str, ...]:
    """Return the names that the top level of `source` assigns, in order; no functions, classes or modules."""
    unique = dict.fromkeys(
        node.id for node in _walk(source, top=True) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    return tuple(unique)


def _walk(source: str, *, top: bool = False) -> Iterator[ast.AST]:
    """Yield the nodes of `source` in the order of the text; with `top`, none inside functions and classes."""
    tree = parse_or_none(source)
    # A stack: taking from the front of a list would make the walk quadratic.
    pending: list[ast.AST] = [tree] if tree else []
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp)
    while pending:
        node = pending.pop()
        yield node
        if not (top and isinstance(node, (*scopes, ast.DictComp, ast.GeneratorExp))):
            pending += reversed(list(ast.iter_child_nodes(node)))
