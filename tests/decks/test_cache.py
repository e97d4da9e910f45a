"""Decks kept as they were read: the same decks, and never older ones."""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from dataclasses import fields
from pathlib import Path

import pytest

from quizapp.decks import ahead
from quizapp.decks import cache as module
from quizapp.decks.cache import DeckCache
from quizapp.decks.cache_codec import pack_deck, unpack_deck
from quizapp.decks.card import Deck, Position
from quizapp.decks.parsing.positions import Places
from quizapp.decks.reader import read_deck, read_files
from quizapp.errors import Problem
from tests.decks.making import deck_text, plain_card, write

WHOLE = Path(__file__).parent / "good" / "whole.yaml"


@pytest.fixture
def cache(tmp_path: Path) -> DeckCache:
    return DeckCache(tmp_path / "kept")


def read(path: Path, cache: DeckCache | None) -> Deck | None:
    return read_files([path], [], cache)[0].deck


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Files that are really parsed from now on."""
    from quizapp.decks import reader

    told: list[Path] = []
    real = reader.read_file
    monkeypatch.setattr(reader, "read_file", lambda path: told.append(path) or real(path))
    return told


def test_a_packed_deck_comes_back_with_every_field() -> None:
    deck = read_deck(WHOLE)
    again = unpack_deck(marshal.loads(marshal.dumps(pack_deck(deck))), WHOLE)
    assert again == deck
    for card, twin in zip(deck, again, strict=True):
        assert dict(card.places) == dict(twin.places)
        assert [type(getattr(twin, field.name)) for field in fields(twin)] == [
            type(getattr(card, field.name)) for field in fields(card)
        ]
        assert twin.kind is card.kind


def test_an_unchanged_deck_is_not_parsed_again(cache: DeckCache, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(WHOLE, cache)
    told = parsed(monkeypatch)
    assert read(WHOLE, cache) == first
    assert told == []


@pytest.mark.parametrize("change", ["deck", "translation", "new translation", "same size"])
def test_a_deck_is_read_anew_when_one_of_its_files_changed(
    change: str, cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, deck_text(plain_card("a")), "d.yaml")
    chinese = write(tmp_path, "translates: d\nlanguage: zh\ncards: {a: {title: one}}\n", "d.zh.yaml")
    read(path, cache)
    told = parsed(monkeypatch)
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
    assert told[0] == path


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other content", "another edition"])
def test_a_damaged_file_is_not_believed(
    damage: str, cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = read(WHOLE, cache)
    (file,) = (tmp_path / "kept").iterdir()
    data = file.read_bytes()
    other = marshal.dumps(["something", "else"])
    file.write_bytes(
        {
            "cut": data[: len(data) // 2],
            "flipped": data[:100] + bytes([data[100] ^ 1]) + data[101:],
            "empty": b"",
            "other content": zlib.crc32(other).to_bytes(4, "big") + other,
            "another edition": data,
        }[damage]
    )
    if damage == "another edition":
        monkeypatch.setattr(module, "_edition", lambda: "another")
    told = parsed(monkeypatch)
    assert read(WHOLE, cache) == deck
    assert told == [WHOLE]


def test_a_deck_with_problems_is_read_every_time(cache: DeckCache, tmp_path: Path) -> None:
    path = write(tmp_path, deck_text(plain_card("a", "levl: 2")))
    for _ in range(2):
        problems: list[object] = []
        read_files([path], problems, cache)  # type: ignore[arg-type]
        assert len(problems) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    write(tmp_path, "a file", "kept")
    assert read(WHOLE, DeckCache(tmp_path / "kept")) == read_deck(WHOLE)


def test_decks_long_gone_do_not_pile_up(cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        read(write(tmp_path, deck_text(plain_card("a"), slug=f"d{number}"), f"d{number}.yaml"), cache)
    cache.tidy()
    assert len(list(cache.folder.iterdir())) == 4
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    cache.tidy()
    assert list(cache.folder.iterdir()) == []


def test_many_changed_decks_are_read_by_two_processes(
    cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = deck_text(*(plain_card(name) for name in "abcd"), slug="one")
    texts = [longer, deck_text(plain_card("a"), slug="two")]
    paths = [
        write(tmp_path, text, f"{number}.yaml") for number, text in enumerate([*texts, "format: 1\ndeck: three\n"])
    ]
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(ahead, "_two_cores", lambda: True)
    told = parsed(monkeypatch)
    problems: list[Problem] = []
    readings = read_files(paths, problems, cache)
    assert [reading.slug for reading in readings] == ["one", "two", "three"]
    assert [reading.deck for reading in readings[:2]] == [read_deck(path) for path in paths[:2]]
    assert [(problem.kind, problem.path) for problem in problems] == [("missing-key", str(paths[2]))]
    assert told[:2] == [paths[0], paths[2]], "the second deck was read by the helper; the third has a fault to tell"


def test_without_a_second_process_all_is_read_here(
    cache: DeckCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write(tmp_path, deck_text(plain_card("a"), slug=slug), f"{slug}.yaml") for slug in ("one", "two")]
    monkeypatch.setattr(ahead, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(ahead, "_two_cores", lambda: True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such program"))
    told = parsed(monkeypatch)
    assert [reading.slug for reading in read_files(paths, [], cache)] == ["one", "two"]
    assert told == paths


def test_places_come_back_as_they_were_packed() -> None:
    places = Places({"title": (3 << 24) + 9, "checks[0].see": (120_000 << 24) + 70_000})
    again = Places(places.packed)
    assert dict(again) == {"title": Position(3, 9), "checks[0].see": Position(120_000, 70_000)}
    assert len(Places()) == len(Places(Places().packed)) == 0
