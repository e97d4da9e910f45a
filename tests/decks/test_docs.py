"""The pages for those who write decks name every field, and their examples are decks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.decks.fields import CARD, CHECK, CHOICE, DECK, DEFAULTS, EQUIVALENT, LIMITS, SIDECAR, TEXTS, WRONG, Table
from tests.decks.making import problems

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "deck-format.md").read_text(encoding="utf-8")
GUIDE = (DOCS / "write-a-deck.md").read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize(
    "table",
    [DECK, DEFAULTS, CARD, CHECK, WRONG, CHOICE, EQUIVALENT, LIMITS, SIDECAR, TEXTS],
    ids=lambda table: table.what,
)
def test_every_field_is_described(table: Table) -> None:
    described = FORMAT + "".join(f"`{name}`" for block in blocks(FORMAT) for name in re.findall(r"(\w+):", block))
    braces = " ".join(re.findall(r"`\{([^}]*)\}`", FORMAT))
    assert [name for name in table.names if f"`{name}`" not in described and name not in braces] == []


def test_the_whole_deck_is_a_deck(tmp_path: Path) -> None:
    whole = [block for page in (FORMAT, GUIDE) for block in blocks(page) if "format: 1" in block]
    assert whole
    for block in whole:
        assert [str(problem) for problem in problems(tmp_path, block)] == []


def test_the_guides_card_grows_into_a_card_without_faults(tmp_path: Path) -> None:
    card, given, _, wrong, *_ = blocks(GUIDE)
    without = card.replace("    given: |\n      rows = torch.randn(10, 3)\n", "")
    text = f"format: 1\ndeck: splitting\npreamble: import torch\ncards:\n{without}{given}{wrong}"
    assert [str(problem) for problem in problems(tmp_path, text)] == []
