"""Where decks are found, and which wins."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from quizapp.decks import library
from quizapp.decks.library import Library, load_library
from quizapp.errors import UsageError
from quizapp.settings import Settings
from tests.decks.making import deck_text, plain_card, write


@pytest.fixture(autouse=True)
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shipped decks, with one of them."""
    folder = tmp_path / "shipped"
    write(folder, deck_text(plain_card("a"), plain_card("b", "was: old"), slug="ours"), "ours.yaml")
    monkeypatch.setattr(library, "shipped", lambda: folder)
    return folder


def slugs(found: Library) -> list[str]:
    return [deck.slug for deck in found.decks]


def test_decks_come_from_flags_environment_settings_and_the_program(tmp_path: Path) -> None:
    for slug in ("flag", "variable", "other", "setting"):
        write(tmp_path / slug, deck_text(plain_card("a"), slug=slug))
    environment = {"PTQUIZ_DECKS": os.pathsep.join(str(tmp_path / slug) for slug in ("variable", "other"))}
    settings = Settings(decks=(str(tmp_path / "setting"),))
    found = load_library([tmp_path / "flag"], environment, settings)
    assert slugs(found) == ["flag", "variable", "other", "setting", "ours"]
    assert found.problems == ()


def test_only_the_programs_own_decks_are_trusted(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("a"), slug="mine"))
    found = load_library([tmp_path / "mine"], {})
    assert {card.name: card.trusted for card in found.cards()} == {
        "mine/a": False,
        "ours/a": True,
        "ours/b": True,
    }


def test_the_deck_named_more_directly_wins_and_that_is_said(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("z"), slug="ours"))
    found = load_library([tmp_path / "mine"], {})
    assert [card.name for card in found.cards()] == ["ours/z"]
    assert [(problem.kind, problem.severity) for problem in found.problems] == [("duplicate-deck", "warning")]


def test_the_shipped_folder_named_again_is_still_trusted_once(ours: Path) -> None:
    found = load_library([], {"PTQUIZ_DECKS": str(ours)})
    assert (slugs(found), found.problems) == (["ours"], ())


def test_a_broken_deck_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path / "mine", "nonsense: [")
    found = load_library([tmp_path / "mine"], {})
    assert slugs(found) == ["ours"]
    assert {problem.severity for problem in found.problems} == {"error"}


def test_an_installed_package_brings_decks_without_being_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "their_decks"
    write(package, "raise SystemExit('a deck package was run')", "__init__.py")
    write(package, deck_text(plain_card("a"), slug="theirs"), "decks/theirs.yaml")
    info = tmp_path / "site" / "their_decks-1.dist-info"
    write(info, "[ptquiz.decks]\ntheirs = their_decks:decks\nlost = no_such_package\n", "entry_points.txt")
    write(info, "Metadata-Version: 2.1\nName: their-decks\nVersion: 1\n", "METADATA")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    found = load_library([], {})
    assert slugs(found) == ["theirs", "ours"]
    assert "their_decks" not in sys.modules
    assert [problem.kind for problem in found.problems] == ["missing-package"]


def test_a_card_is_found_by_name_by_id_and_by_a_former_name() -> None:
    found = load_library([], {})
    assert found.card("ours/a").id == "a"
    assert found.card("b").name == "ours/b"
    assert found.card("ours/old").name == "ours/b"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("ours/aa", "did you mean `ours/a`?"), ("zzzzzz", "decks are: ours")],
)
def test_a_card_that_is_not_there_is_told_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_library([], {}).card(name)
    assert raised.value.hint == hint


def test_an_id_of_several_decks_needs_its_deck(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("a"), slug="mine"))
    with pytest.raises(UsageError, match="several decks"):
        load_library([tmp_path / "mine"], {}).card("a")


def test_a_deck_that_is_not_there_is_told_with_the_nearest() -> None:
    found = load_library([], {})
    assert found.deck("ours").slug == "ours"
    with pytest.raises(UsageError) as raised:
        found.deck("our")
    assert raised.value.hint == "did you mean `ours`?"
