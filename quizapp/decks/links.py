"""What cards say of each other, across files: names used twice, `after` that leads nowhere or in a circle."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quizapp.decks.card import Card, Deck, Position
from quizapp.decks.parsing.file_parser import ParsedFile
from quizapp.decks.problems import nearest
from quizapp.errors import Problem

Linked = tuple[ParsedFile, Card]
"""A card, and the file that it was read from."""


def link(readings: Sequence[ParsedFile], known: Collection[str] = ()) -> list[Problem]:
    """The problems between decks. `known` are names of cards in decks that were read elsewhere."""
    cards = [(reading, card) for reading in readings if reading.deck for card in reading.deck]
    following = [pair for pair in cards if pair[1].after]
    renamed = [pair for pair in cards if pair[1].was]
    problems = _same_slugs(readings)
    if following:
        problems += _after(readings, following, known)
    if renamed:
        problems += _was(renamed, {card.name for _, card in cards})
    return problems + _circles(following)


def _same_slugs(readings: Sequence[ParsedFile]) -> list[Problem]:
    first: dict[str, ParsedFile] = {}
    problems = []
    for reading in readings:
        other = first.setdefault(reading.slug, reading) if reading.slug else reading
        if other is not reading:
            message = f"the deck `{reading.slug}` is already in {other.path}:{other.slug_place.line}"
            problems.append(_problem(reading, reading.slug_place, "duplicate-deck", message, "give it another slug"))
    return problems


def _after(readings: Sequence[ParsedFile], cards: Sequence[Linked], known: Collection[str]) -> list[Problem]:
    """`after` must name a card that is there; a deck that could not be read whole may hold any."""
    names = {f"{reading.slug}/{id}" for reading in readings for id in reading.ids} | set(known)
    unsure = {reading.slug for reading in readings if reading.partial}
    blind = any(reading.partial and not reading.slug for reading in readings)
    problems = []
    for reading, card in cards:
        for index, name in enumerate(card.after):
            slug = name.partition("/")[0]
            if name in names or slug in unsure or (blind and slug != card.deck):
                continue
            near = nearest(name, sorted(names))
            hint = f"did you mean `{near.removeprefix(card.deck + '/')}`?" if near else "name a card as `deck/id`"
            message = f"`after` names `{name}`, which is no card"
            problems.append(_problem(reading, _place(card, f"after[{index}]"), "unknown-card", message, hint, card))
    return problems


def _was(cards: Sequence[Linked], names: Collection[str]) -> list[Problem]:
    """A card's former name must be nobody's name now, and only one card's."""
    claimed: dict[str, str] = {}
    problems = []
    for reading, card in cards:
        for index, name in enumerate(card.was):
            owner = name if name in names else claimed.setdefault(name, card.name)
            if owner != card.name or name in names:
                message = (
                    f"`was` names `{name}`, which is {'still a card' if name in names else f'claimed by `{owner}`'}"
                )
                hint = "a former name belongs to one card alone"
                problems.append(_problem(reading, _place(card, f"was[{index}]"), "name-taken", message, hint, card))
    return problems


def _circles(following: Sequence[Linked]) -> list[Problem]:
    """Each circle of `after` once, told at the card in it that was read first. Only followers can be in one."""
    cards = {card.name: (reading, card) for reading, card in following}
    done: set[str] = set()
    problems = []
    for start in cards:
        trail: list[str] = []
        stack = [(start, 0)] if start not in done else []
        while stack:
            name, step = stack.pop()
            after = cards[name][1].after
            if step == 0:
                trail.append(name)
            if step == len(after):
                done.add(trail.pop())
                continue
            stack.append((name, step + 1))
            target = after[step]
            if target in trail:
                problems.append(_circle(trail[trail.index(target) :], cards))
            elif target in cards and target not in done:
                stack.append((target, 0))
    return problems


def _circle(names: list[str], cards: dict[str, tuple[ParsedFile, Card]]) -> Problem:
    reading, card = cards[names[0]]
    following = names[1] if len(names) > 1 else names[0]
    path = f"after[{card.after.index(following)}]"
    message = "`after` runs in a circle: " + " -> ".join(f"`{name}`" for name in [*names, names[0]])
    return _problem(reading, _place(card, path), "circle", message, "take one of these out of the circle", card)


def _place(card: Card, path: str) -> Position:
    return card.places.get(path, card.place)


def _problem(
    reading: ParsedFile, place: Position, kind: str, message: str, hint: str | None = None, card: Card | None = None
) -> Problem:
    return Problem(str(reading.path), place.line, place.column, message, hint, kind, card.name if card else None)


def decks_without_duplicates(readings: Sequence[ParsedFile]) -> list[Deck]:
    """The decks that can be used: of two with one slug, the first."""
    decks: dict[str, Deck] = {}
    for reading in readings:
        if reading.deck:
            decks.setdefault(reading.deck.slug, reading.deck)
    return list(decks.values())
