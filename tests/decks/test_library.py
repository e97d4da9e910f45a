"""Where decks are loaded, and which of two is used."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from quizapp.decks import library
from quizapp.decks.library import Library, load_library
from quizapp.errors import DeckError, UsageError
from quizapp.settings import Settings
from tests.decks.making import deck_text, plain_card, write


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replace the shipped decks by a folder with one deck, `ours`."""
    folder = tmp_path / "shipped"
    write(folder, deck_text(plain_card("a"), plain_card("b", "was: old"), slug="ours"), "ours.yaml")
    monkeypatch.setattr(library, "shipped", lambda: folder)
    return folder


def slugs(library: Library) -> list[str]:
    return [deck.slug for deck in library.decks]


def test_decks_come_from_flags_environment_settings_and_the_program(tmp_path: Path) -> None:
    for slug in ("flag", "variable", "other", "setting"):
        write(tmp_path / slug, deck_text(plain_card("a"), slug=slug))
    environment = {"PTQUIZ_DECKS": os.pathsep.join(str(tmp_path / slug) for slug in ("variable", "other"))}
    settings = Settings(decks=(str(tmp_path / "setting"),))
    loaded = load_library([tmp_path / "flag"], environment, settings)
    assert slugs(loaded) == ["flag", "variable", "other", "setting", "ours"]
    assert loaded.problems == ()


def test_only_the_programs_own_decks_are_trusted(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("a"), slug="mine"))
    loaded = load_library([tmp_path / "mine"], {})
    assert {card.name: card.trusted for card in loaded.cards()} == {
        "mine/a": False,
        "ours/a": True,
        "ours/b": True,
    }


def test_the_first_of_two_decks_is_used_with_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("z"), slug="ours"))
    loaded = load_library([tmp_path / "mine"], {})
    assert [card.name for card in loaded.cards()] == ["ours/z"]
    assert [(problem.kind, problem.severity) for problem in loaded.problems] == [("duplicate-deck", "warning")]


def test_the_shipped_folder_in_the_environment_is_read_once(shipped: Path) -> None:
    loaded = load_library([], {"PTQUIZ_DECKS": str(shipped)})
    assert (slugs(loaded), loaded.problems) == (["ours"], ())


def test_a_deck_with_errors_does_not_affect_others(tmp_path: Path) -> None:
    write(tmp_path / "mine", "nonsense: [")
    loaded = load_library([tmp_path / "mine"], {})
    assert slugs(loaded) == ["ours"]
    assert {problem.severity for problem in loaded.problems} == {"error"}


def test_decks_of_an_installed_package_are_found_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "their_decks"
    write(package, "raise SystemExit('a deck package was run')", "__init__.py")
    write(package, deck_text(plain_card("a"), slug="theirs"), "decks/theirs.yaml")
    info = tmp_path / "site" / "their_decks-1.dist-info"
    write(info, "[ptquiz.decks]\ntheirs = their_decks:decks\nlost = no_such_package\n", "entry_points.txt")
    write(info, "Metadata-Version: 2.1\nName: their-decks\nVersion: 1\n", "METADATA")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    loaded = load_library([], {})
    assert slugs(loaded) == ["theirs", "ours"]
    assert "their_decks" not in sys.modules
    assert [problem.kind for problem in loaded.problems] == ["missing-package"]


def test_a_card_is_found_by_name_by_id_and_by_a_former_name() -> None:
    loaded = load_library([], {})
    assert loaded.card("ours/a").id == "a"
    assert loaded.card("b").name == "ours/b"
    assert loaded.card("ours/old").name == "ours/b"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("ours/aa", "did you mean `ours/a`?"), ("zzzzzz", "the decks are: ours")],
)
def test_an_unknown_card_gives_the_nearest_name(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        load_library([], {}).card(name)
    assert raised.value.hint == hint


def test_an_id_in_several_decks_is_ambiguous(tmp_path: Path) -> None:
    write(tmp_path / "mine", deck_text(plain_card("a"), slug="mine"))
    with pytest.raises(UsageError, match="several decks"):
        load_library([tmp_path / "mine"], {}).card("a")


def test_an_unknown_deck_gives_the_nearest_name() -> None:
    loaded = load_library([], {})
    assert loaded.deck("ours").slug == "ours"
    with pytest.raises(UsageError) as raised:
        loaded.deck("our")
    assert raised.value.hint == "did you mean `ours`?"


BROKEN = deck_text(plain_card("a"), plain_card("b", "levl: 2"), slug="faulty")


@pytest.mark.parametrize("name", ["faulty/a", "faulty/b", "faulty/unknown", "faulty"])
def test_a_name_in_a_deck_with_errors_leads_to_all_of_them(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "mine", BROKEN, "another-name.yaml")
    write(tmp_path / "mine", deck_text(plain_card("a", "levl: 2"), slug="other"), "other.yaml")
    loaded = load_library([tmp_path / "mine"], {})
    with pytest.raises(DeckError) as raised:
        loaded.card(name) if "/" in name else loaded.deck(name)
    assert [(problem.path, problem.kind) for problem in raised.value.problems] == [(str(path), "unknown-key")]


def test_an_id_that_a_usable_deck_has_is_found_in_spite_of_a_deck_with_errors(tmp_path: Path) -> None:
    write(tmp_path / "mine", BROKEN)
    loaded = load_library([tmp_path / "mine"], {})
    assert loaded.card("b").name == "ours/b"
    assert loaded.names() >= {"ours/a", "ours/b", "faulty/a", "faulty/b"}


@pytest.mark.parametrize("text", ["deck: lost\ncards: [\n", "# a\ndeck:  'lost'\ncards: [", "\x00deck"])
def test_a_file_that_is_not_yaml_is_known_by_its_slug_or_its_name(tmp_path: Path, text: str) -> None:
    write(tmp_path / "mine", text, "lost.yaml" if "\x00" in text else "other.yaml")
    loaded = load_library([tmp_path / "mine"], {})
    assert [(deck.slug, deck.ids) for deck in loaded.broken] == [("lost", frozenset())]
    with pytest.raises(DeckError):
        loaded.deck("lost")


def test_a_named_file_must_have_no_errors_and_a_named_folder_a_deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "mine", BROKEN)
    good = write(tmp_path / "mine", deck_text(plain_card("a"), slug="good"), "good.yaml")
    loaded = load_library([tmp_path / "mine"], {})
    loaded.require_paths([tmp_path / "mine", good])
    monkeypatch.chdir(tmp_path / "mine")
    for named in (path, path.name, "../mine/deck.yaml"):
        with pytest.raises(DeckError):
            loaded.require_paths([good, named])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no deck in this folder"):
        loaded.require_paths([tmp_path / "empty"])


def test_an_unknown_tag_gives_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a", "tags: [shapes, views]"), slug="tagged"))
    loaded = load_library([tmp_path / "deck.yaml"], {})
    loaded.require_tags(["shapes"])
    for tag, hint in (("shape", "did you mean `shapes`?"), ("zzz", "the tags are: shapes, views")):
        with pytest.raises(UsageError, match=f"no card has the tag `{tag}`") as raised:
            loaded.require_tags(["views", tag])
        assert raised.value.hint == hint


def test_unknown_names_mention_the_decks_that_were_skipped(tmp_path: Path) -> None:
    path = write(tmp_path / "mine", BROKEN)
    loaded = load_library([tmp_path / "mine", tmp_path / "none"], {})
    with pytest.raises(UsageError) as raised:
        loaded.card("ours/aa")
    reason = "line 12: `levl` is not a field of a card"
    skipped = f"skipped {path} ({reason}) and 1 more; `ptquiz decks` lists all problems"
    assert raised.value.hint == f"did you mean `ours/a`? ({skipped})"
