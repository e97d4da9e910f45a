"""A new deck, and decks watched while they are written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.audit.deck_check import check_paths
from quizapp.audit.prove import Depth
from quizapp.audit.scaffold import CARDS, new_deck
from quizapp.audit.watcher import changed_files
from quizapp.decks.json_schema import json_schema
from quizapp.decks.reader import read_deck
from quizapp.errors import UsageError
from quizapp.grading.grader import Grader
from quizapp.sandbox.client import Sandbox
from tests.decks.making import deck_text, plain_card, write


def test_a_new_deck_is_proved_already(sandbox: Sandbox, tmp_path: Path) -> None:
    path = new_deck(tmp_path, "joining", "Joining: and splitting", "It's new.", tuple(CARDS))
    report = check_paths([path], Grader(sandbox, trust=True), depth=Depth(mutants=True, seeds=2))
    assert [str(problem) for problem in report.problems] == []
    deck = read_deck(path)
    assert (deck.title, deck.description) == ("Joining: and splitting", "It's new.")
    assert [card.kind.value for card in deck] == list(CARDS)
    assert path.read_text().startswith("# yaml-language-server: $schema=deck.schema.json\n")
    assert json.loads((tmp_path / "deck.schema.json").read_text()) == json_schema()


GUIDE = Path(__file__).parents[2] / "docs" / "write-a-deck.md"


def test_the_guides_card_is_told_what_the_guide_says(sandbox: Sandbox, tmp_path: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    card, given, checks, wrong, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    card = card.replace("    given: |\n      rows = torch.randn(10, 3)\n", "").replace("    checks: [sizes]\n", "")
    told = re.findall(r"^(?:error|warning): splitting\.yaml:[\d:]+ (.*)$", page, re.MULTILINE)

    def problems(given: str, checks: str) -> list[str]:
        text = f"format: 1\ndeck: splitting\npreamble: import torch\ncards:\n{card}{given}{checks}{wrong}"
        report = check_paths([write(tmp_path, text, "splitting.yaml")], Grader(sandbox, trust=True))
        return [problem.message for problem in report.problems]

    only = "    checks: [sizes]\n"
    assert problems(given, checks) == told[:1]
    assert problems(given.replace("(5, 30, ())", "(1, 5, ())"), only) == told[1:]
    assert problems(given, only) == []


def test_a_new_deck_has_a_title_of_its_name(tmp_path: Path) -> None:
    assert read_deck(new_deck(tmp_path, "my-first-deck")).title == "My first deck"


def test_a_new_deck_is_never_written_over_another(tmp_path: Path) -> None:
    path = write(tmp_path, "mine", "d.yaml")
    with pytest.raises(UsageError, match="is there already"):
        new_deck(tmp_path, "d")
    assert path.read_text() == "mine"


@pytest.mark.parametrize(("slug", "kinds"), [("My Deck", ("code",)), ("../d", ("code",)), ("d", ("essay",))])
def test_a_bad_name_or_kind_is_told(slug: str, kinds: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        new_deck(tmp_path, slug, kinds=kinds)
    assert raised.value.hint
    assert list(tmp_path.glob("*.yaml")) == []


class Enough(Exception):
    """Ends a watch."""


def watched(folder: Path, *saves: dict[str, str]) -> Iterator[list[str]]:
    """The names of the decks told at the start and after each of these saves."""
    pending = list(saves)

    def sleep(seconds: float) -> None:
        if not pending:
            raise Enough
        for name, text in pending.pop(0).items():
            path = write(folder, text, name)
            later = path.stat().st_mtime_ns + 1_000_000 * (len(saves) - len(pending))
            os.utime(path, ns=(later, later))

    try:
        for changed in changed_files([folder], sleep):
            yield sorted(path.name for path in changed)
    except Enough:
        return


def test_a_watch_tells_all_decks_first_and_then_what_changed(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a"), slug="one"), "one.yaml")
    write(tmp_path, deck_text(plain_card("a"), slug="two"), "two.yaml")
    told = list(
        watched(
            tmp_path,
            {"one.yaml": "changed"},
            {},
            {"three.yaml": "new"},
            {"two.zh.yaml": "translates: two"},
        )
    )
    assert told == [["one.yaml", "two.yaml"], ["one.yaml"], ["three.yaml"], ["two.yaml"]]
