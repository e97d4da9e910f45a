"""The store in and out, and what the log remembers."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Command


def studied(ptquiz: Command, deck: Path) -> None:
    """One card reviewed."""
    done = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="y = x * 2\n.\n\nq\n")
    assert "1 reviewed" in done.out


def learned(ptquiz: Command, deck: Path) -> int:
    decks = json.loads(ptquiz("--decks", deck, "due", "--json").out)["decks"]
    return int(next(entry["learned"] for entry in decks if entry["deck"] == "small"))


def test_an_undone_review_is_gone_from_what_is_learned_and_stays_in_the_log(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    assert learned(ptquiz, deck) == 1
    undone = ptquiz("undo")
    assert undone.code == 0 and "small/twice" in undone.out
    assert learned(ptquiz, deck) == 0
    assert "small/twice" in ptquiz("export", "--format", "csv").out
    assert "nothing more to undo" in ptquiz("undo").err


def test_a_backup_brings_back_what_was_lost(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    studied(ptquiz, deck)
    copy = tmp_path / "copy.db"
    assert ptquiz("backup", copy).code == 0
    ptquiz("undo")
    restored = ptquiz("restore", copy)
    assert restored.code == 0 and "is now" in restored.err
    assert learned(ptquiz, deck) == 1


def test_an_export_moves_reviews_to_another_home_and_adds_none_twice(
    ptquiz: Command, deck: Path, tmp_path: Path, monkeypatch: object
) -> None:
    studied(ptquiz, deck)
    out = tmp_path / "all.json"
    assert ptquiz("export", out).code == 0
    assert ptquiz("import", out).out.startswith("0 entries")
    (tmp_path / "home" / "reviews.db").unlink()
    for beside in (tmp_path / "home").glob("reviews.db-*"):
        beside.unlink()
    assert ptquiz("import", out).out.startswith("1 entries")
    assert learned(ptquiz, deck) == 1


def test_rebuilding_gives_the_same_memories(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    before = ptquiz("--decks", deck, "due", "--json").out
    assert ptquiz("rebuild").out.startswith("1 memories")
    assert ptquiz("--decks", deck, "due", "--json").out == before


def test_a_card_that_is_gone_is_listed_with_its_history(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    deck.write_text(deck.read_text().replace("id: twice", "id: double"))
    (orphan,) = json.loads(ptquiz("--decks", deck, "orphans", "--json").out)
    assert (orphan["card"], orphan["reviews"]) == ("small/twice", 1)


def test_statistics_are_one_object(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    data = json.loads(ptquiz("--decks", deck, "stats", "--json").out)
    assert data["reviews"] == 1
    assert ptquiz("--decks", deck, "stats").code == 0
