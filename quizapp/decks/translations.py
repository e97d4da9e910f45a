"""Reads a deck's texts in another language from a file beside it: `joining.zh.yaml` beside `joining.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, CardTexts, Choice, Deck, Position
from quizapp.decks.fields import TEXTS, TRANSLATION
from quizapp.decks.parsing.node_decoder import Decoder, Values
from quizapp.decks.parsing.source import read_source
from quizapp.decks.parsing.yaml_tree import Mapping, Scalar, position_of
from quizapp.decks.problems import Problems, as_code, did_you_mean, shorten
from quizapp.decks.translation_files import language_of
from quizapp.text.printable import one_line


def read_translation(
    path: Path, slug: str, ids: Collection[str], deck: Deck | None
) -> tuple[Problems, dict[str, CardTexts]]:
    """Return the problems of a translation and its texts by card id (those of the deck itself under the empty id).

    `ids` are those of the deck's cards. If the deck has problems (`deck` is None), texts are not compared with it.
    """
    problems = Problems(str(path))
    source = read_source(path, problems)
    if source is None:
        return problems, {}
    decoder = Decoder(source, problems)
    values = decoder.read_map(source.root, TRANSLATION, "")
    _validate_names(values, decoder, path, slug)
    texts = {"": CardTexts(title=values.get("title", ""), note=values.get("description", ""))}
    cards = values.get("cards")
    for name, node in _entries(cards, decoder) if isinstance(cards, Mapping) else ():
        problems.card = f"{slug}/{name.value}" if name.value in ids else None
        if name.value not in ids:
            hint = did_you_mean(name.value, sorted(ids), "use the id of a card of that deck")
            decoder.add_problem("unknown-card", name, f"`{slug}` has no card {as_code(shorten(name.value))}", hint)
            continue
        decoder.start_card(f"cards.{name.value}.")
        translated = decoder.read_map(node, TEXTS, "")
        card = next((card for card in deck if card.id == name.value), None) if deck else None
        if card is not None:
            _check_counterparts(translated, card, decoder, position_of(name.start_mark))
            texts[card.id] = _texts(translated, len(card.choices))
    return problems, texts


def _entries(cards: Mapping, decoder: Decoder) -> list[tuple[Scalar, Any]]:
    """Return card ids and their nodes; a repeated id is reported."""
    seen: dict[str, Any] = {}
    entries = []
    for key, node in cards.pairs:
        if decoder.read_key(key, seen) is not None:
            assert isinstance(key, Scalar)
            entries.append((key, node))
    return entries


def _validate_names(values: Values, decoder: Decoder, path: Path, slug: str) -> None:
    """Check that `translates` and `language` agree with the file name."""
    expected_values = {"translates": slug, "language": language_of(path) or ""}
    for name, expected in expected_values.items():
        if expected and values.get(name, expected) != expected:
            message = f"`{name}` is {as_code(shorten(values[name]))}, but `{one_line(path.name)}` translates `{slug}`"
            decoder.problems.add("wrong-value", decoder.positions[name], message, f"write `{name}: {expected}`")


def _check_counterparts(values: Values, card: Card, decoder: Decoder, start: Position) -> None:
    """Check that every text has a counterpart in the deck. `start` is the position of the card's id."""
    if values.get("note") and not card.note:
        _add_no_counterpart("note", f"the deck's card has no `note`: `{card.name}`", decoder, start)
    counterparts_by_field: dict[str, tuple[Any, ...]] = {
        "hints": card.hints,
        "checks": tuple(check.says for check in card.checks),
        "wrong": tuple(wrong.says for wrong in card.wrong),
        "choices": card.choices,
    }
    for name, counterparts in counterparts_by_field.items():
        texts = values.get(name, [])
        if texts and len(texts) != len(counterparts):
            message = f"{len(texts)} `{name}` here, {len(counterparts)} in the deck"
            _add_no_counterpart(
                name,
                message,
                decoder,
                start,
                "write the same number in the same order; empty text keeps the deck's own",
            )
            continue
        for index, (text, counterpart) in enumerate(zip(texts, counterparts, strict=False)):
            if name in ("checks", "wrong") and text and not counterpart:
                _add_no_counterpart(f"{name}[{index}]", f"the deck's `{name}[{index}]` has no `says`", decoder, start)


def _add_no_counterpart(
    path: str, message: str, decoder: Decoder, start: Position, hint: str = "add it to the deck first"
) -> None:
    position = decoder.positions.get(path) or decoder.positions.get(f"{path}[0]") or start
    decoder.problems.add("no-counterpart", position, message, hint)


def _texts(values: Values, choices: int) -> CardTexts:
    translated = [Choice(choice.get("text", ""), says=choice.get("says")) for choice in values.get("choices", ())]
    return CardTexts(
        title=values.get("title", ""),
        question=values.get("question", ""),
        note=values.get("note", ""),
        hints=tuple(values.get("hints", ())),
        checks=tuple(text or None for text in values.get("checks", ())),
        wrong=tuple(text or None for text in values.get("wrong", ())),
        choices=tuple(translated) if len(translated) == choices else (),
    )
