"""Deck files, as `ptquiz` reads them."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import strategies as st

from quizapp.decks.fields import CARD, DECK
from quizapp.decks.reader import read_decks
from tests.hostile.fuzz.inputs import mutated, of_tokens, plain_data
from tests.hostile.fuzz.scratch import scratch_file
from tests.hostile.fuzz.target import Target

ROOT = Path(__file__).parents[3]
SEEDS = [path.read_bytes() for path in sorted((ROOT / "tests/decks").glob("[bg]*/*.yaml"))]
SHIPPED = [path.read_bytes() for path in sorted((ROOT / "decks").glob("m*.yaml"))]
KEYS = sorted({*DECK.names, *CARD.names})
TOKENS = [
    *(f"\n    {key}: ".encode() for key in KEYS),
    *(b"\n  - id: ", b"\n- ", b"\n  ", b"|\n", b">-\n", b"---\n", b"? ", b": ", b" #", b"&a ", b"*a ", b"!!map "),
    *(b"<<: *a", b"!!python/object:os.system ", b"{a: ", b"[", b"]", b"}", b"%YAML 9.9\n", b"\\u0000", b"x = 1\n"),
]


def read(data: bytes) -> object:
    """Read a deck; a file without a deck must have a problem that can be shown."""
    decks, problems = read_decks([scratch_file("deck.yaml", data)])
    assert decks or problems
    return [str(problem) for problem in problems]


def _deck(values: dict[str, object], cards: list[dict[str, object]]) -> bytes:
    text = yaml.dump({"format": 1, "deck": "d", "cards": cards} | values, allow_unicode=True)
    return text.encode("utf-8", "surrogatepass")


values = st.sampled_from(["x = 1", ["x"], "code", "predict", "choice", "order", {"see": "x", "equals": 1}]) | plain_data
cards = st.dictionaries(st.sampled_from(CARD.names), values, max_size=6).map(
    lambda found: {"id": "a", "question": "q", "solution": "x = 1", "checks": ["x"]} | found
)
built = st.builds(_deck, st.dictionaries(st.sampled_from(DECK.names), values, max_size=2), st.lists(cards, max_size=3))

TARGET = Target(read, mutated(SEEDS, TOKENS) | mutated(SHIPPED, TOKENS) | of_tokens(TOKENS) | built, examples=400)
