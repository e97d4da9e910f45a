"""A new deck, and the deck of the guide."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from quizapp.audit.deck_check import check_paths
from quizapp.audit.prove import Depth
from quizapp.audit.scaffold import CARDS, new_deck
from quizapp.decks.json_schema import json_schema
from quizapp.errors import UsageError
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from tests.decks.making import read_deck, write


def test_a_new_deck_passes_the_check(sandbox: Sandbox, tmp_path: Path) -> None:
    path = new_deck(tmp_path, "joining", "Joining: and splitting", "It's new.", tuple(CARDS))
    report = check_paths([path], Grader(sandbox, trust=True), depth=Depth(mutants=True, seeds=2))
    assert [str(problem) for problem in report.problems] == []
    deck = read_deck(path)
    assert (deck.title, deck.description) == ("Joining: and splitting", "It's new.")
    assert [card.kind.value for card in deck] == list(CARDS)
    assert path.read_text().startswith("# yaml-language-server: $schema=deck.schema.json\n")
    assert json.loads((tmp_path / "deck.schema.json").read_text()) == json_schema()


GUIDE = Path(__file__).parents[2] / "docs" / "write-a-deck.md"


def test_the_guides_card_has_the_problems_that_the_guide_shows(sandbox: Sandbox, tmp_path: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    card, given, checks, wrong, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    card = card.replace("    given: |\n      rows = torch.randn(10, 3)\n", "").replace("    checks: [sizes]\n", "")
    shown = re.findall(r"^(?:error|warning): splitting\.yaml:[\d:]+ (.*)$", page, re.MULTILINE)

    def problems(given: str, checks: str) -> list[str]:
        text = f"format: 1\ndeck: splitting\npreamble: import torch\ncards:\n{card}{given}{checks}{wrong}"
        report = check_paths([write(tmp_path, text, "splitting.yaml")], Grader(sandbox, trust=True))
        return [problem.message for problem in report.problems]

    sizes_check = "    checks: [sizes]\n"
    assert problems(given, checks) == shown[:1]
    assert problems(given.replace("(5, 30, ())", "(1, 5, ())"), sizes_check) == shown[1:]
    assert problems(given, sizes_check) == []


def test_the_default_title_is_made_from_the_name(tmp_path: Path) -> None:
    assert read_deck(new_deck(tmp_path, "my-first-deck")).title == "My first deck"


def test_a_new_deck_does_not_overwrite_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "mine", "d.yaml")
    with pytest.raises(UsageError, match="already exists"):
        new_deck(tmp_path, "d")
    assert path.read_text() == "mine"


@pytest.mark.parametrize(("slug", "kinds"), [("My Deck", ("code",)), ("../d", ("code",)), ("d", ("essay",))])
def test_a_bad_name_or_kind_is_an_error(slug: str, kinds: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        new_deck(tmp_path, slug, kinds=kinds)
    assert raised.value.hint
    assert list(tmp_path.glob("*.yaml")) == []
