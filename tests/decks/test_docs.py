"""The documentation for deck authors describes every field, and its examples are valid decks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.decks.fields import (
    CARD,
    CHECK,
    CHOICE,
    DECK,
    DEFAULTS,
    EQUIVALENT,
    LIMITS,
    TEXTS,
    TRANSLATION,
    WRONG,
    Table,
)
from tests.decks.making import problems

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "deck-format.md").read_text(encoding="utf-8")
GUIDE = (DOCS / "write-a-deck.md").read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    """Return the YAML code blocks of a page."""
    return re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize(
    "table",
    [DECK, DEFAULTS, CARD, CHECK, WRONG, CHOICE, EQUIVALENT, LIMITS, TRANSLATION, TEXTS],
    ids=lambda table: table.what,
)
def test_every_field_is_described(table: Table) -> None:
    described = FORMAT + "".join(f"`{name}`" for block in blocks(FORMAT) for name in re.findall(r"(\w+):", block))
    braces = " ".join(re.findall(r"`\{([^}]*)\}`", FORMAT))
    assert [name for name in table.names if f"`{name}`" not in described and name not in braces] == []


def test_complete_examples_have_no_problems(tmp_path: Path) -> None:
    examples = [block for page in (FORMAT, GUIDE) for block in blocks(page) if "format: 1" in block]
    assert examples
    for block in examples:
        assert [str(problem) for problem in problems(tmp_path, block)] == []


def test_the_card_of_the_guide_has_no_problems(tmp_path: Path) -> None:
    card, given, _, wrong, *_ = blocks(GUIDE)
    without = card.replace("    given: |\n      rows = torch.randn(10, 3)\n", "")
    text = f"format: 1\ndeck: splitting\npreamble: import torch\ncards:\n{without}{given}{wrong}"
    assert [str(problem) for problem in problems(tmp_path, text)] == []
