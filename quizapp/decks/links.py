"""Problems between cards and files: slugs used twice, and unknown or cyclic names in `after` and `was`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quizapp.decks.card import Card, Deck, Position
from quizapp.decks.parsed_file import ParsedFile
from quizapp.decks.problems import nearest
from quizapp.errors import Problem
from quizapp.text.printable import one_line

CardInFile = tuple[ParsedFile, Card]


def check_links(files: Sequence[ParsedFile], known: Collection[str] = ()) -> list[Problem]:
    """Return the problems between decks. `known` are names of cards in decks that are not among `files`."""
    cards = [(file, card) for file in files if file.deck for card in file.deck]
    with_after = [pair for pair in cards if pair[1].after]
    renamed = [pair for pair in cards if pair[1].was]
    problems = _check_slugs(files)
    if with_after:
        problems += _check_after(files, with_after, known)
    if renamed:
        problems += _check_was(renamed, {card.name for _, card in cards})
    return problems + _find_cycles(with_after)


def _check_slugs(files: Sequence[ParsedFile]) -> list[Problem]:
    first: dict[str, ParsedFile] = {}
    problems = []
    for file in files:
        other = first.setdefault(file.slug, file) if file.slug else file
        if other is not file:
            place = f"{one_line(str(other.path))}:{other.slug_position.line}"
            message = f"the slug `{file.slug}` is already used in {place}"
            problems.append(_problem(file, file.slug_position, "duplicate-deck", message, "choose another slug"))
    return problems


def _check_after(files: Sequence[ParsedFile], cards: Sequence[CardInFile], known: Collection[str]) -> list[Problem]:
    """Check that `after` names existing cards."""
    names = {f"{file.slug}/{card_id}" for file in files for card_id in file.ids} | set(known)
    # A file that is not valid YAML may contain any card of another deck.
    has_unknown_cards = any(file.partial for file in files)
    problems = []
    for file, card in cards:
        for index, name in enumerate(card.after):
            if name in names or (has_unknown_cards and name.partition("/")[0] != card.deck):
                continue
            near = nearest(name, sorted(names))
            hint = f"did you mean `{near.removeprefix(card.deck + '/')}`?" if near else "write it as `deck/id`"
            message = f"`after` names an unknown card: `{name}`"
            problems.append(_problem(file, _position(card, f"after[{index}]"), "unknown-card", message, hint, card))
    return problems


def _check_was(cards: Sequence[CardInFile], names: Collection[str]) -> list[Problem]:
    """Check that a former name is not the name of a card, and that only one card has it."""
    owners: dict[str, str] = {}
    problems = []
    for file, card in cards:
        for index, name in enumerate(card.was):
            if name in names:
                conflict, hint = "is the name of a card", "remove it: `was` takes former names only"
            elif (owner := owners.setdefault(name, card.name)) != card.name:
                conflict, hint = f"is also a former name of `{owner}`", "remove it from one of the two cards"
            else:
                continue
            message = f"`was` names `{name}`, which {conflict}"
            problems.append(_problem(file, _position(card, f"was[{index}]"), "name-taken", message, hint, card))
    return problems


def _find_cycles(with_after: Sequence[CardInFile]) -> list[Problem]:
    """Return one problem for each cycle of `after`, at its first card."""
    cards = {card.name: (file, card) for file, card in with_after}
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
                problems.append(_cycle(trail[trail.index(target) :], cards))
            elif target in cards and target not in done:
                stack.append((target, 0))
    return problems


def _cycle(names: list[str], cards: dict[str, tuple[ParsedFile, Card]]) -> Problem:
    file, card = cards[names[0]]
    second = names[1] if len(names) > 1 else names[0]
    path = f"after[{card.after.index(second)}]"
    message = "`after` forms a cycle: " + " -> ".join(f"`{name}`" for name in [*names, names[0]])
    return _problem(file, _position(card, path), "circle", message, "remove one of these from `after`", card)


def _position(card: Card, path: str) -> Position:
    return card.positions.get(path, card.position)


def _problem(
    file: ParsedFile, position: Position, kind: str, message: str, hint: str, card: Card | None = None
) -> Problem:
    return Problem(str(file.path), position.line, position.column, message, hint, kind, card.name if card else None)


def decks_without_duplicates(files: Sequence[ParsedFile]) -> list[Deck]:
    """Return the decks of `files`; of two with the same slug, the first."""
    decks: dict[str, Deck] = {}
    for file in files:
        if file.deck:
            decks.setdefault(file.deck.slug, file.deck)
    return list(decks.values())
