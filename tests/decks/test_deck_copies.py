"""Copies that sync, backup and download programs leave beside decks, and files of other programs among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.decks import library
from quizapp.decks.deck_search import deck_files
from quizapp.decks.library import load_library
from quizapp.decks.reader import read_decks
from tests.decks.making import deck_text, plain_card, write

COPIES = (
    "x (conflicted copy 2026-01-01).yaml",
    "x (Ada's conflicted copy 2026-01-01).yaml",
    "x.sync-conflict-20260101-120000-ABCDEFG.yaml",
    "x.bak.yaml",
    "x.orig.yaml",
    "x-backup.yaml",
    "x_old.yaml",
    "copy of x.yaml",
    "Copy of x.yml",
    "x - Copy.yaml",
    "x - Copy (2).yaml",
    "x copy.yaml",
    "x (copy).yaml",
    "x (1).yaml",
    "x_LOCAL_1234.yaml",
)
NEVER_READ = ("x.yaml~", "x.yaml.orig", "x.yaml.bak", ".#x.yaml", "#x.yaml#", ".x.yaml.swp")


@pytest.fixture(autouse=True)
def no_shipped_decks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr(library, "shipped", lambda: tmp_path / "shipped")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the deck `x`, whose only card is `new`."""
    write(tmp_path / "decks", deck_text(plain_card("new"), slug="x"), "x.yaml")
    return tmp_path / "decks"


def names(folder: Path) -> list[str]:
    return [card.name for card in load_library([folder], {}).cards()]


@pytest.mark.parametrize("name", [*COPIES, *NEVER_READ])
def test_a_copy_never_takes_the_place_of_the_deck(name: str, folder: Path) -> None:
    write(folder, deck_text(plain_card("old"), slug="x"), name)
    assert names(folder) == ["x/new"]
    write(folder, "deck: x\ncards: [", "x.yaml")
    assert names(folder) == []


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_skipped_with_one_warning(name: str, folder: Path) -> None:
    copy = write(folder, deck_text(plain_card("old"), slug="x"), name)
    found = load_library([folder], {})
    ((problem,), (skipped,)) = (read_decks([folder])[1], found.skipped())
    assert problem == skipped
    assert (problem.path, problem.kind, problem.severity) == (str(copy), "deck-copy", "warning")
    assert problem.message == "a copy of `x.yaml`, which is read instead" and problem.hint


def test_a_copy_is_read_if_it_is_named(folder: Path) -> None:
    copy = write(folder, deck_text(plain_card("old"), slug="x"), "x (1).yaml")
    ((deck,), problems) = read_decks([copy])
    assert (deck.cards[0].name, problems) == ("x/old", [])


@pytest.mark.parametrize("name", ["week (1).yaml", "copy of week.yaml", "week.bak.yaml"])
def test_a_deck_with_the_name_of_a_copy_is_read_without_the_original(name: str, tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a"), slug="week"), name)
    assert names(tmp_path) == ["week/a"]


def test_a_deck_with_the_name_of_a_copy_and_another_slug_is_read(folder: Path) -> None:
    write(folder, deck_text(plain_card("a"), slug="x-one"), "x (1).yaml")
    assert sorted(names(folder)) == ["x-one/a", "x/new"]


def test_a_copy_in_another_folder_comes_after_the_deck(folder: Path) -> None:
    write(folder / "a", deck_text(plain_card("old"), slug="x"), "x (1).yaml")
    found = load_library([folder], {})
    assert [card.name for card in found.cards()] == ["x/new"]
    assert [problem.kind for problem in found.skipped()] == ["duplicate-deck"]


def test_the_copy_of_a_translation_is_no_translation(folder: Path) -> None:
    write(folder, "translates: x\nlanguage: zh\ncards: {new: {question: 问}}\n", "x.zh.yaml")
    for name in ("x.zh (1).yaml", "x.zh.bak.yaml", "x.zh.sync-conflict-20260101-120000.yaml"):
        write(folder, "translates: x\nlanguage: zh\ncards: {new: {question: 旧}}\n", name)
    ((deck,), problems) = read_decks([folder])
    assert deck.translations["zh"]["new"].question == "问"
    assert [problem.kind for problem in problems] == ["deck-copy"] * 3


@pytest.mark.parametrize("suffix", [".YAML", ".YML", ".Yaml", ".yml"])
def test_suffixes_may_be_in_upper_case(suffix: str, tmp_path: Path) -> None:
    deck = write(tmp_path, deck_text(plain_card("a"), slug="d"), f"d{suffix}")
    translation = write(tmp_path, "translates: d\nlanguage: zh\ncards: {a: {question: 问}}\n", f"d.zh{suffix}")
    ((found,), problems) = read_decks([tmp_path])
    assert (list(found.translations), problems) == (["zh"], [])
    assert deck_files(translation, []) == [deck]


FOREIGN = {
    "docker-compose.yml": "services:\n  web: &web\n    image: nginx\n  db: *web\nvolumes: {data: {}}\n",
    "pre-commit-config.yaml": "repos:\n  - repo: https://example.org\n    hooks: [{id: ruff}]\n",
    "mkdocs.yml": "site_name: x\nextensions: !!python/name:material.x\n",
    "pods.yaml": "kind: Pod\n---\nkind: Pod\n",
    "list.yaml": "- a\n- b\n",
    "text.yaml": "hello world\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_another_program_gives_one_line(name: str, folder: Path) -> None:
    file = write(folder, FOREIGN[name], name)
    found = load_library([folder], {})
    assert [(problem.path, problem.kind, problem.severity) for problem in found.problems] == [
        (str(file), "not-a-deck", "warning")
    ]
    assert (found.broken, [card.name for card in found.cards()]) == ((), ["x/new"])
    assert [problem.severity for problem in read_decks([file])[1]] == ["error"]


def test_a_deck_with_a_misspelt_key_is_not_foreign(tmp_path: Path) -> None:
    path = write(tmp_path, "fromat: 1\nslug: x\n")
    assert "not-a-deck" not in [problem.kind for problem in read_decks([path])[1]]
