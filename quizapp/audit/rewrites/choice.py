"""The rewrites that are tried on one card: one of each kind first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, zip_longest

from quizapp.audit.rewrites.calls import call_rewrites
from quizapp.audit.rewrites.creation_order import order_rewrites
from quizapp.audit.rewrites.draws import draw_rewrites
from quizapp.audit.rewrites.locals import local_rewrites
from quizapp.audit.rewrites.operators import operator_rewrites
from quizapp.audit.rewrites.results import result_rewrites
from quizapp.audit.rewrites.rounding import rounding_rewrites
from quizapp.audit.solution_code import ChangedSolution, SolutionCode
from quizapp.decks.card import Card

MOST_REWRITES = 12
"""Maximum number of rewrites of one solution."""

SOURCES: tuple[Callable[[SolutionCode], Iterator[ChangedSolution]], ...] = (
    draw_rewrites,
    order_rewrites,
    rounding_rewrites,
    result_rewrites,
    operator_rewrites,
    call_rewrites,
    local_rewrites,
)
"""In the order of what they find most often."""


def rewrites(card: Card) -> list[ChangedSolution]:
    """Return at most MOST_REWRITES rewrites of a card's solution: one of each kind, then a second of each, …"""
    code = SolutionCode(card)
    by_kind: dict[str, list[ChangedSolution]] = {}
    seen = {code.text}
    for rewrite in chain.from_iterable(source(code) for source in SOURCES):
        if rewrite.code not in seen:
            seen.add(rewrite.code)
            by_kind.setdefault(rewrite.kind, []).append(rewrite)
    rounds = zip_longest(*by_kind.values())
    return [rewrite for found in rounds for rewrite in found if rewrite is not None][:MOST_REWRITES]
