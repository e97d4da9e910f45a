"""The cache returns the same decks as the parser, and never outdated ones."""

from __future__ import annotations

import os
import pickle
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from quizapp.decks import cache as module
from quizapp.decks.cache import DeckCache
from quizapp.decks.card import Deck
from quizapp.decks.parsed_file import ParsedFile
from quizapp.decks.parsing import file_parser
from quizapp.decks.reader import read_files
from quizapp.errors import Problem
from tests.decks.making import deck_text, plain_card, read_deck, write

WHOLE = Path(__file__).parent / "good" / "whole.yaml"


@pytest.fixture
def cache(tmp_path: Path) -> DeckCache:
    return DeckCache(tmp_path / "cache")


def read(path: Path, cache: DeckCache | None) -> Deck | None:
    return read_files([path], [], cache)[0].deck


def record_parsed_files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list to which every file is added that is parsed from now on."""
    parsed: list[Path] = []
    parse_file = file_parser.parse_file

    def record(path: Path) -> ParsedFile:
        parsed.append(path)
        return parse_file(path)

    monkeypatch.setattr(file_parser, "parse_file", record)
    return parsed


def test_a_cached_deck_equals_the_parsed_deck_in_every_field(cache: DeckCache, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = read_files([WHOLE], [], cache)
    parsed = record_parsed_files(monkeypatch)
    (cached,) = read_files([WHOLE], [], cache)
    assert parsed == []
    assert first.deck is not None and cached.deck is not None
    assert cached.deck == first.deck == read_deck(WHOLE)
    assert (cached.slug, cached.slug_position, cached.ids) == (first.slug, first.slug_position, first.ids)
    for card, cached_card in zip(first.deck, cached.deck, strict=True):
        links = {path for path in card.positions if path.startswith(("after", "was"))}
        assert cached_card.positions == {path: card.positions[path] for path in links}
        assert [type(getattr(cached_card, field.name)) for field in fields(card)] == [
            type(getattr(card, field.name)) for field in fields(card)
        ]


def test_a_deck_keeps_the_path_by_which_it_is_read(cache: DeckCache, monkeypatch: pytest.MonkeyPatch) -> None:
    read(WHOLE, cache)
    monkeypatch.chdir(WHOLE.parent)
    deck = read(Path(WHOLE.name), cache)
    assert deck is not None
    assert deck.path == Path(WHOLE.name)


@pytest.mark.parametrize("change", ["deck", "translation", "new translation", "same size"])
def test_a_deck_is_parsed_again_when_one_of_its_files_changes(
    change: str, cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, deck_text(plain_card("a")), "d.yaml")
    chinese = write(tmp_path, "translates: d\nlanguage: zh\ncards: {a: {title: one}}\n", "d.zh.yaml")
    read(path, cache)
    parsed = record_parsed_files(monkeypatch)
    if change == "deck":
        write(tmp_path, deck_text(plain_card("a", "level: 2")), "d.yaml")
    elif change == "translation":
        write(tmp_path, chinese.read_text() + "title: t\n", "d.zh.yaml")
    elif change == "new translation":
        write(tmp_path, "translates: d\nlanguage: fr\n", "d.fr.yaml")
    else:
        write(tmp_path, deck_text(plain_card("b")), "d.yaml")
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert read(path, cache) == read(path, None)
    assert parsed[0] == path


class Bomb:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return pytest.fail, ("a foreign file was unpickled",)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign content", "another edition"])
def test_a_damaged_or_foreign_file_is_ignored_and_replaced(
    damage: str, cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = read(WHOLE, cache)
    (file,) = (tmp_path / "cache").iterdir()
    data = file.read_bytes()
    file.write_bytes(
        {
            "cut": data[: len(data) // 2],
            "flipped": data[:100] + bytes([data[100] ^ 1]) + data[101:],
            "empty": b"",
            "foreign content": data[: module.DIGEST_BYTES] + pickle.dumps(Bomb()),
            "another edition": data,
        }[damage]
    )
    if damage == "another edition":
        monkeypatch.setattr(module, "_edition", lambda: "another")
    parsed = record_parsed_files(monkeypatch)
    assert read(WHOLE, cache) == deck
    assert read(WHOLE, cache) == deck
    assert parsed == [WHOLE]


def test_the_edition_covers_every_module_that_reads_decks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digested: list[Path] = []
    read_bytes = Path.read_bytes

    def record(path: Path) -> bytes:
        digested.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", record)
    module._edition.__wrapped__()
    package = Path(module.__file__).parent
    assert {*package.rglob("*.py"), package.parent / "sandbox" / "protocol.py"} == set(digested)
    assert package / "parsing" / "node_decoder.py" in digested


def test_a_deck_with_problems_is_read_every_time(cache: DeckCache, tmp_path: Path) -> None:
    path = write(tmp_path, deck_text(plain_card("a", "levl: 2")))
    for _ in range(2):
        problems: list[Problem] = []
        read_files([path], problems, cache)
        assert len(problems) == 1


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, "a file", "cache")
    assert read(WHOLE, DeckCache(tmp_path / "cache")) == read_deck(WHOLE)


def test_files_of_deleted_decks_do_not_pile_up(
    cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        read(write(tmp_path, deck_text(plain_card("a"), slug=f"d{number}"), f"d{number}.yaml"), cache)
    cache.prune()
    assert len(list(cache.folder.iterdir())) == 4
    monkeypatch.setattr(module, "MAX_FILES", 3)
    cache.prune()
    assert list(cache.folder.iterdir()) == []


def test_nothing_is_stored_on_a_nearly_full_disk(
    cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MIN_FREE", shutil.disk_usage(tmp_path).total + 1)
    path = write(tmp_path / "decks", deck_text(plain_card("a")))
    assert read(path, cache) is not None
    assert list(cache.folder.iterdir()) == []
