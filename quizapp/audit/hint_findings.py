"""Whether a hint gives the solution away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.audit_findings import AuditFinding
from quizapp.decks.card import Card, CardKind
from quizapp.decks.parsing.python_syntax import quiet

SHORTEST = 4
"""Characters of an expression that would be worth hiding."""


def hint_faults(card: Card) -> list[AuditFinding]:
    """Hints that hold the whole solution, or all that a one-line solution computes."""
    if card.kind is not CardKind.CODE or not card.solution:
        return []
    told = [_squeezed(text) for text in _worth_hiding(card.solution)]
    told = [text for text in told if text not in _squeezed(card.question)]
    return [
        AuditFinding(
            "hint-tells", f"hints[{index}]", "the hint contains the solution", "lead there, and leave the last step"
        )
        for index, hint in enumerate(card.hints)
        if any(text in _squeezed(hint) for text in told)
    ]


def _worth_hiding(solution: str) -> Iterator[str]:
    yield solution
    with quiet():
        body = ast.parse(solution).body
    if len(body) == 1 and isinstance(body[0], ast.Assign) and not isinstance(body[0].value, ast.Name | ast.Constant):
        text = ast.get_source_segment(solution, body[0].value) or solution
        if len(text) >= SHORTEST:
            yield text


def _squeezed(text: str) -> str:
    """Text without blanks, so that layout hides nothing."""
    return "".join(text.split())
