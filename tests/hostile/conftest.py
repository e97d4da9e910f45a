"""A home and a deck in which every text is hostile."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.hostile.programs import HOSTILE
from tests.review.harness import StudyHarness, make_library

CARDS = ("hostile/one", "gone/two")


@pytest.fixture
def hostile_deck(tmp_path: Path) -> Path:
    """A folder with a hostile name: a deck with hostile texts, and a broken deck. File names are not UTF-8."""
    text = '"' + "".join(f"\\U{ord(character):08x}" for character in HOSTILE) + '"'
    folder = tmp_path / f"decks {HOSTILE}"
    folder.mkdir()
    deck = (
        f"format: 1\ndeck: hostile\ntitle: {text}\ndescription: {text}\ncards:\n- id: one\n  title: {text}\n"
        f"  question: {text}\n  tags: [{text}]\n  note: {text}\n  solution: answer = 1\n  checks: [answer]\n"
    )
    (folder / os.fsdecode(b"\xff\x1b[1m hostile.yaml")).write_text(deck, encoding="utf-8")
    broken = f"format: 1\ndeck: broken\n{text}: 1\ncards:\n- id: {text}\n  {text}: 1\n  level: {text}\n"
    (folder / os.fsdecode(b"\xff\x1b[1m broken.yaml")).write_text(broken, encoding="utf-8")
    return folder


@pytest.fixture
def hostile_home(home: Path) -> Path:
    """A home whose store has hostile names of cards, outcomes, mistakes and answers, and a backup with such a name."""
    home.mkdir()
    study = StudyHarness(home, make_library(*CARDS))
    study.learn(*CARDS)
    study.session(cards=list(CARDS)).next()
    study.store.close()
    with closing(sqlite3.connect(home / "reviews.db")) as store, store:
        store.execute("update log set why = ?, outcome = ?, first = ?, family = ?, fingerprint = ?", (HOSTILE,) * 5)
        store.execute("update attempts set answer = ?, outcome = ?, family = ?, said = ?", (HOSTILE,) * 4)
        store.execute("update cards set lapses = 20")
        store.execute("update cards set name = ?, deck = ? where name like 'gone/%'", (f"gone/{HOSTILE}", HOSTILE))
    backups = home / "backups"
    backups.mkdir()
    (backups / f"manual-{HOSTILE}.db").write_bytes((home / "reviews.db").read_bytes())
    return home
