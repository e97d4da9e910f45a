"""What cards say of each other, across files: names used twice, `after` that leads nowhere or in a circle."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quizapp.decks.card import Card, Deck, Place
from quizapp.decks.problems import nearest
from quizapp.decks.reading import Reading
from quizapp.errors import Problem


def link(readings: Sequence[Reading], known: Collection[str] = ()) -> list[Problem]:
    """The problems between decks. `known` are names of cards in decks that were read elsewhere."""
    return [*_same_slugs(readings), *_after(readings, known), *_was(readings), *_circles(readings)]


def _same_slugs(readings: Sequence[Reading]) -> list[Problem]:
    first: dict[str, Reading] = {}
    problems = []
    for reading in readings:
        other = first.setdefault(reading.slug, reading) if reading.slug else reading
        if other is not reading:
            message = f"the deck `{reading.slug}` is already in {other.path}:{other.slug_place.line}"
            problems.append(_problem(reading, reading.slug_place, "duplicate-deck", message, "give it another slug"))
    return problems


def _after(readings: Sequence[Reading], known: Collection[str]) -> list[Problem]:
    """`after` must name a card that is there; a deck that could not be read whole may hold any."""
    names = {f"{reading.slug}/{id}" for reading in readings for id in reading.ids} | set(known)
    unsure = {reading.slug for reading in readings if reading.partial}
    blind = any(reading.partial and not reading.slug for reading in readings)
    problems = []
    for reading, card in _cards(readings):
        for index, name in enumerate(card.after):
            slug = name.partition("/")[0]
            if name in names or slug in unsure or (blind and slug != card.deck):
                continue
            near = nearest(name, sorted(names))
            hint = f"did you mean `{near.removeprefix(card.deck + '/')}`?" if near else "name a card as `deck/id`"
            message = f"`after` names `{name}`, which is no card"
            problems.append(_problem(reading, _place(card, f"after[{index}]"), "unknown-card", message, hint, card))
    return problems


def _was(readings: Sequence[Reading]) -> list[Problem]:
    """A card's former name must be nobody's name now, and only one card's."""
    names = {card.name for _, card in _cards(readings)}
    claimed: dict[str, str] = {}
    problems = []
    for reading, card in _cards(readings):
        for index, name in enumerate(card.was):
            owner = name if name in names else claimed.setdefault(name, card.name)
            if owner != card.name or name in names:
                message = (
                    f"`was` names `{name}`, which is {'still a card' if name in names else f'claimed by `{owner}`'}"
                )
                hint = "a former name belongs to one card alone"
                problems.append(_problem(reading, _place(card, f"was[{index}]"), "name-taken", message, hint, card))
    return problems


def _circles(readings: Sequence[Reading]) -> list[Problem]:
    """Each circle of `after` once, told at the card in it that was read first."""
    cards = {card.name: (reading, card) for reading, card in _cards(readings)}
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
            following = after[step]
            if following in trail:
                problems.append(_circle(trail[trail.index(following) :], cards))
            elif following in cards and following not in done:
                stack.append((following, 0))
    return problems


def _circle(names: list[str], cards: dict[str, tuple[Reading, Card]]) -> Problem:
    reading, card = cards[names[0]]
    following = names[1] if len(names) > 1 else names[0]
    path = f"after[{card.after.index(following)}]"
    message = "`after` runs in a circle: " + " -> ".join(f"`{name}`" for name in [*names, names[0]])
    return _problem(reading, _place(card, path), "circle", message, "take one of these out of the circle", card)


def _cards(readings: Sequence[Reading]) -> list[tuple[Reading, Card]]:
    return [(reading, card) for reading in readings if reading.deck for card in reading.deck]


def _place(card: Card, path: str) -> Place:
    return card.places.get(path, card.place)


def _problem(
    reading: Reading, place: Place, kind: str, message: str, hint: str | None = None, card: Card | None = None
) -> Problem:
    return Problem(str(reading.path), place.line, place.column, message, hint, kind, card.name if card else None)


def decks_without_duplicates(readings: Sequence[Reading]) -> list[Deck]:
    """The decks that can be used: of two with one slug, the first."""
    decks: dict[str, Deck] = {}
    for reading in readings:
        if reading.deck:
            decks.setdefault(reading.deck.slug, reading.deck)
    return list(decks.values())
