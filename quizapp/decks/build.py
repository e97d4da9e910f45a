"""Values -> Card: what the decoder read, put into frozen facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from quizapp.decks.card import Card, CardKind, Check, Choice, Equivalent, Position, Wrong
from quizapp.decks.parsing.node_decoder import Values
from quizapp.sandbox.protocol import Limits

NOWHERE = Position()


def full_names(deck: str, names: list[str]) -> tuple[str, ...]:
    """Card names with the deck's own slug where none is written."""
    return tuple(name if "/" in name else f"{deck}/{name}" for name in names)


def limits(base: Limits, values: Values) -> Limits:
    """`base` with what a card or a deck says."""
    return replace(base, **values) if values else base


def card(
    values: Values, deck: str, preamble: str, base: Limits, place: Position, places: Mapping[str, Position]
) -> Card:
    """One card; `values` hold the deck's defaults already, except for the limits in `base`."""
    return Card(
        deck=deck,
        id=values["id"],
        question=values["question"],
        checks=tuple([_check(one, index, places) for index, one in enumerate(values.get("checks", ()))]),
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
        wrong=tuple([_wrong(one, index, places) for index, one in enumerate(values.get("wrong", ()))]),
        equivalent=tuple([Equivalent(one["code"], one["why"]) for one in values.get("equivalent", ())]),
        hints=tuple(values.get("hints", ())),
        forbid=tuple(values.get("forbid", ())),
        require=tuple(values.get("require", ())),
        trials=values.get("trials", 1),
        seed=values.get("seed", 0),
        limits=limits(base, values.get("limits", {})),
        choices=tuple(
            [Choice(one["text"], one.get("right", False), one.get("says")) for one in values.get("choices", ())]
        ),
        proof=values.get("proof", ""),
        distract=tuple(values.get("distract", ())),
        place=place,
        places=places,
    )


def _check(values: Values, index: int, places: Mapping[str, Position]) -> Check:
    place = places.get(f"checks[{index}].see", NOWHERE)
    if len(values) == 1:
        return Check(values["see"], place=place)
    ignore = frozenset(values.pop("ignore", ()))
    return Check(**values, ignore=ignore, place=place)


def _wrong(values: Values, index: int, places: Mapping[str, Position]) -> Wrong:
    return Wrong(values["code"], values.get("says"), places.get(f"wrong[{index}].code", NOWHERE))


def with_defaults(values: Values, defaults: Values) -> Values:
    """A card's values, and the deck's where it says nothing. Limits are merged one by one elsewhere."""
    merged: dict[str, Any] = {**defaults, **values}
    if "limits" in merged and "limits" not in values:
        del merged["limits"]
    return merged
