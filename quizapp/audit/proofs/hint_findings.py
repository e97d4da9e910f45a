"""Hints that give the solution away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from quizapp.audit.audit_findings import AuditFinding
from quizapp.decks.card import Card, CardKind
from quizapp.decks.parsing.python_syntax import ignore_warnings

SHORTEST = 4
"""Characters of the shortest expression that counts as a solution."""


def hint_findings(card: Card) -> list[AuditFinding]:
    """Return a finding for each hint that contains the solution, or the expression of a one-line solution."""
    if card.kind is not CardKind.CODE or not card.solution:
        return []
    secrets = [_without_whitespace(text) for text in _secrets(card.solution)]
    # Text that the question shows is no secret.
    secrets = [text for text in secrets if text not in _without_whitespace(card.question)]
    return [
        AuditFinding(
            "hint-tells",
            f"hints[{index}]",
            "the hint contains the solution",
            "lead towards the solution, but leave out the last step",
        )
        for index, hint in enumerate(card.hints)
        if any(text in _without_whitespace(hint) for text in secrets)
    ]


def _secrets(solution: str) -> Iterator[str]:
    yield solution
    with ignore_warnings():
        body = ast.parse(solution).body
    if len(body) == 1 and isinstance(body[0], ast.Assign) and not isinstance(body[0].value, ast.Name | ast.Constant):
        text = ast.get_source_segment(solution, body[0].value) or solution
        if len(text) >= SHORTEST:
            yield text


def _without_whitespace(text: str) -> str:
    """Return `text` without whitespace, so that its layout does not matter."""
    return "".join(text.split())
