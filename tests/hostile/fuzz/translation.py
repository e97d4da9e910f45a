"""Translations of decks."""

from __future__ import annotations

from pathlib import Path

from quizapp.decks.fields import TEXTS, TRANSLATION
from quizapp.decks.reader import read_decks
from tests.hostile.fuzz.deck_file import TOKENS
from tests.hostile.fuzz.inputs import mutated, of_tokens
from tests.hostile.fuzz.scratch import scratch_file
from tests.hostile.fuzz.target import Target

GOOD = Path(__file__).parents[2] / "decks" / "good"
DECK, SEED = (GOOD / "whole.yaml").read_bytes(), (GOOD / "whole.zh.yaml").read_bytes()
KEYS = [f"\n    {key}: ".encode() for key in sorted({*TEXTS.names, *TRANSLATION.names})]


def read(data: bytes) -> object:
    """Read a deck whose translation is `data`."""
    deck = scratch_file("translated/whole.yaml", DECK)
    scratch_file("translated/whole.zh.yaml", data)
    decks, problems = read_decks([deck])
    assert decks or problems
    return [str(problem) for problem in problems]


TARGET = Target(read, mutated([SEED], KEYS + TOKENS) | of_tokens(KEYS + TOKENS), examples=60)
