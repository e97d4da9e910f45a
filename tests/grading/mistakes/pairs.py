"""Reads the tables of wrong answers, and judges the explanation that an answer gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from quizapp.decks.card import Card
from quizapp.decks.reader import read_decks
from quizapp.grading.verdict import Verdict

TABLES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pair:
    """A card, a wrong answer to it, and the mistake in the answer."""

    name: str
    card: str
    answer: str
    about: str
    kinds: tuple[str, ...]
    """Keys of the right explanations; empty if no explanation may be given."""

    says: str
    """A regular expression that the sentence must match."""

    never: str
    """A regular expression that the sentence must not match."""

    is_silent: bool
    """Whether the explanation is still missing."""


def all_pairs() -> list[Pair]:
    """Return every pair of every table, named after its file, its card and its place."""
    return [pair for path in sorted(TABLES.glob("*.yaml")) for pair in _pairs(path)]


def _pairs(path: Path) -> Iterator[Pair]:
    table = _read(path)
    deck = table["deck"]["deck"]
    for number, row in enumerate(table["mistakes"], 1):
        kinds = tuple((row.get("kind") or "").split())
        texts = row["answer"], row["about"], kinds, row.get("says", ""), row.get("never", "")
        is_silent = row.get("silent", False)
        yield Pair(f"{path.stem}/{row['card']}-{number}", f"{deck}/{row['card']}", *texts, is_silent)


@cache
def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def all_cards() -> dict[str, Card]:
    """Return the cards of all tables by name."""
    with TemporaryDirectory() as folder:
        for path in TABLES.glob("*.yaml"):
            text = yaml.safe_dump(_read(path)["deck"], allow_unicode=True, sort_keys=False, width=1000)
            (Path(folder) / path.name).write_text(text, encoding="utf-8")
        decks, findings = read_decks([Path(folder)])
    assert not findings, findings
    return {card.name: card for deck in decks for card in deck.cards}


def judgement_of(pair: Pair, verdict: Verdict) -> str:
    """Return `right`, `wrong`, or `silent` for a missing explanation; none is right where the pair has no mistake."""
    sentence = verdict.diagnosis or verdict.cause
    if sentence is None:
        return "right" if not pair.kinds else "silent"
    if verdict.mistake not in pair.kinds:
        return "wrong"
    if pair.says and not re.search(pair.says, sentence, re.IGNORECASE):
        return "wrong"
    return "wrong" if pair.never and re.search(pair.never, sentence, re.IGNORECASE) else "right"
