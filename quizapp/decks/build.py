"""Builds a Card from the values that the decoder has read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from quizapp.decks.card import Budget, Card, CardKind, Check, Choice, Equivalent, Position, Wrong
from quizapp.decks.parsing.node_decoder import Values
from quizapp.sandbox.protocol import Limits


def full_names(deck: str, names: list[str]) -> tuple[str, ...]:
    """Return card names with the slug of `deck` added to bare ids."""
    return tuple(name if "/" in name else f"{deck}/{name}" for name in names)


def merge_limits(base: Limits, values: Values) -> Limits:
    """Return `base` with the values that a card or a deck sets."""
    return replace(base, **values) if values else base


def build_card(
    values: Values, deck: str, preamble: str, base: Limits, position: Position, positions: Mapping[str, Position]
) -> Card:
    """Return a card; `values` include the deck's defaults, except for the limits in `base`."""
    return Card(
        deck=deck,
        id=values["id"],
        question=values["question"],
        checks=tuple([_build_check(check) for check in values.get("checks", ())]),
        kind=CardKind(values.get("kind", "code")),
        title=values.get("title") or values["id"],
        note=values.get("note", ""),
        sources=tuple(values.get("from", ())),
        tags=tuple(values.get("tags", ())),
        level=values.get("level", 1),
        minutes=values.get("minutes"),
        after=full_names(deck, values.get("after", [])),
        was=full_names(deck, values.get("was", [])),
        preamble=preamble,
        given=values.get("given", ""),
        starter=values.get("starter", ""),
        solution=values.get("solution", ""),
        accept=tuple(values.get("accept", ())),
        wrong=tuple([Wrong(wrong["code"], wrong.get("says")) for wrong in values.get("wrong", ())]),
        equivalent=tuple([Equivalent(entry["code"], entry["why"]) for entry in values.get("equivalent", ())]),
        hints=tuple(values.get("hints", ())),
        forbid=tuple(values.get("forbid", ())),
        require=tuple(values.get("require", ())),
        allow=tuple(values.get("allow", ())),
        budget=Budget(**values["budget"]) if values.get("budget") else None,
        trials=values.get("trials", 1),
        seed=values.get("seed", 0),
        limits=merge_limits(base, values.get("limits", {})),
        choices=tuple(
            [
                Choice(choice["text"], choice.get("right", False), choice.get("says"))
                for choice in values.get("choices", ())
            ]
        ),
        proof=values.get("proof", ""),
        distract=tuple(values.get("distract", ())),
        position=position,
        positions=positions,
    )


def _build_check(values: Values) -> Check:
    if len(values) == 1:
        return Check(values["see"])
    ignore = frozenset(values.pop("ignore", ()))
    return Check(**values, ignore=ignore)


def with_defaults(values: Values, defaults: Values) -> Values:
    """Return a card's values, with the deck's defaults for fields it does not set. `merge_limits` merges the limits."""
    merged: dict[str, Any] = {**defaults, **values}
    if "limits" in merged and "limits" not in values:
        del merged["limits"]
    return merged
