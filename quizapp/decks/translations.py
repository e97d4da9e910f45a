"""Texts in another language, from the file beside a deck: `joining.zh.yaml` beside `joining.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, Choice, Deck, Position, Texts
from quizapp.decks.fields import SIDECAR, TEXTS
from quizapp.decks.parsing.node_decoder import Decoder, Values
from quizapp.decks.parsing.source import read_source
from quizapp.decks.parsing.yaml_tree import Mapping, Scalar, place
from quizapp.decks.problems import Problems, did_you_mean, shown

SUFFIXES = (".yaml", ".yml")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def language_of(path: Path) -> str | None:
    """The language of a translation by its file's name; None for a deck."""
    _, dot, language = path.stem.rpartition(".")
    return language if dot and LANGUAGE.match(language) else None


def deck_beside(path: Path) -> Path | None:
    """The deck that the translation at `path` stands beside."""
    if language_of(path) is None:
        return None
    stem = path.stem.rpartition(".")[0]
    return next((deck for suffix in SUFFIXES if (deck := path.with_name(stem + suffix)).is_file()), None)


def translations_of(files: Iterable[Path]) -> dict[Path, list[Path]]:
    """The translations beside each deck file, in order; every folder is listed once."""
    beside: dict[Path, list[Path]] = {}
    listed: dict[Path, dict[str, list[Path]]] = {}
    for file in files:
        if file.parent not in listed:
            listed[file.parent] = _translations_in(file.parent)
        beside[file] = listed[file.parent].get(file.stem, [])
    return beside


def _translations_in(folder: Path) -> dict[str, list[Path]]:
    """The translations in a folder, by the stems of their decks."""
    found: dict[str, list[Path]] = {}
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return found
    for name in names:
        if name.endswith(SUFFIXES) and name.count(".") > 1 and language_of(path := folder / name):
            found.setdefault(path.stem.rpartition(".")[0], []).append(path)
    return found


def read_sidecar(path: Path, slug: str, ids: Collection[str], deck: Deck | None) -> tuple[Problems, dict[str, Texts]]:
    """Texts by card id (the deck's own under the empty id), and what is wrong with them.

    Where the deck itself has problems (`deck` is None), only the file and its card ids are looked at.
    """
    problems = Problems(str(path))
    source = read_source(path, problems)
    if source is None or source.root is None:
        return problems, {}
    decoder = Decoder(source, problems)
    values = decoder.map(source.root, SIDECAR, "")
    _names_fit(values, decoder, path, slug)
    texts = {"": Texts(title=values.get("title", ""), note=values.get("description", ""))}
    cards = values.get("cards")
    for name, node in _entries(cards, decoder) if isinstance(cards, Mapping) else ():
        problems.card = f"{slug}/{name.value}" if name.value in ids else None
        if name.value not in ids:
            hint = did_you_mean(name.value, sorted(ids), "use the id of a card of that deck")
            decoder.tell("unknown-card", name, f"`{slug}` has no card `{shown(name.value)}`", hint)
            continue
        decoder.begin(f"cards.{name.value}.")
        own = decoder.map(node, TEXTS, "")
        card = next((card for card in deck if card.id == name.value), None) if deck else None
        if card is not None:
            _fits(own, card, decoder, place(name.start_mark))
            texts[card.id] = _texts(own, len(card.choices))
    return problems, texts


def _entries(cards: Mapping, decoder: Decoder) -> list[tuple[Scalar, Any]]:
    """Card ids and their nodes; a repeated id is told."""
    seen: dict[str, Any] = {}
    entries = []
    for key, node in cards.pairs:
        if decoder.key(key, seen) is not None:
            assert isinstance(key, Scalar)
            entries.append((key, node))
    return entries


def _names_fit(values: Values, decoder: Decoder, path: Path, slug: str) -> None:
    """The file must say the deck and the language that its own name says."""
    wanted = {"translates": slug, "language": language_of(path) or ""}
    for name, expected in wanted.items():
        if expected and values.get(name, expected) != expected:
            message = f"`{name}` is `{shown(values[name])}`, but the file stands beside `{slug}` as `{path.name}`"
            decoder.problems.add("wrong-value", decoder.places[name], message, f"write `{name}: {expected}`")


def _fits(values: Values, card: Card, decoder: Decoder, at: Position) -> None:
    """Every text must have its counterpart in the deck."""
    if values.get("note") and not card.note:
        _no_counterpart("note", f"the deck's card has no `note`: `{card.name}`", decoder, at)
    own: dict[str, tuple[Any, ...]] = {
        "hints": card.hints,
        "checks": tuple(check.says for check in card.checks),
        "wrong": tuple(wrong.says for wrong in card.wrong),
        "choices": card.choices,
    }
    for name, counterparts in own.items():
        given = values.get(name, [])
        if given and len(given) != len(counterparts):
            message = f"{len(given)} `{name}` here, {len(counterparts)} in the deck"
            _no_counterpart(name, message, decoder, at, "write as many, in the same order; leave one empty to keep it")
            continue
        for index, (text, counterpart) in enumerate(zip(given, counterparts, strict=False)):
            if name in ("checks", "wrong") and text and not counterpart:
                _no_counterpart(f"{name}[{index}]", f"the deck's `{name}[{index}]` has no `says`", decoder, at)


def _no_counterpart(path: str, message: str, decoder: Decoder, at: Position, hint: str = "add it there first") -> None:
    where = decoder.places.get(path) or decoder.places.get(f"{path}[0]") or at
    decoder.problems.add("no-counterpart", where, message, hint)


def _texts(values: Values, choices: int) -> Texts:
    translated = [Choice(one.get("text", ""), says=one.get("says")) for one in values.get("choices", ())]
    return Texts(
        title=values.get("title", ""),
        question=values.get("question", ""),
        note=values.get("note", ""),
        hints=tuple(values.get("hints", ())),
        checks=tuple(text or None for text in values.get("checks", ())),
        wrong=tuple(text or None for text in values.get("wrong", ())),
        choices=tuple(translated) if len(translated) == choices else (),
    )
