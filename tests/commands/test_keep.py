"""The store in and out, and what the log remembers."""

from __future__ import annotations

import json
from pathlib import Path

from quizapp.review.memory import Rating
from quizapp.settings import Settings
from tests.commands.conftest import Command
from tests.review.world import World, shelf


def studied(ptquiz: Command, deck: Path) -> None:
    """One card reviewed."""
    done = ptquiz("--trust", "--decks", deck, "study", "--plain", "small", stdin="y = x * 2\n.\n\nq\n")
    assert "1 reviewed" in done.out


def learned(ptquiz: Command, deck: Path) -> int:
    decks = json.loads(ptquiz("--decks", deck, "due", "--json").out)["decks"]
    return int(next(entry["learned"] for entry in decks if entry["deck"] == "small"))


def test_a_copy_overwrites_no_other_file_and_only_a_copy_is_restored(ptquiz: Command, tmp_path: Path) -> None:
    other = tmp_path / "thesis.txt"
    other.write_text("years of work", encoding="utf-8")
    for command in ("backup", "restore"):
        said = ptquiz(command, other)
        assert said.code == 2 and "thesis.txt is" in said.err and "hint" in said.err
    assert other.read_text(encoding="utf-8") == "years of work"


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


def test_a_leech_is_listed_with_its_answers_and_dealt_with(ptquiz: Command, deck: Path, home: Path) -> None:
    forgotten = World(home, shelf("small/twice"), Settings(leech_lapses=8))
    forgotten.learn("small/twice")
    for _ in range(8):
        forgotten.clock.pass_(days=30)
        session = forgotten.session(cards=["small/twice"])
        session.next()
        session.submit("y = x +\n  2")
        session.give_up()
        session.rate(Rating.AGAIN)
        forgotten.learn("small/twice")
    forgotten.store.close()
    listed = ptquiz("--decks", deck, "leeches")
    assert "small/twice  forgotten 8 times" in listed.out and "y = x +\n" in listed.out
    (leech,) = json.loads(ptquiz("--decks", deck, "leeches", "--json").out)
    assert (leech["card"], leech["lapses"], leech["answers"][1]["outcome"]) == ("small/twice", 8, "wrong")
    dealt = ptquiz("--decks", deck, "leeches", "--suspend", "small/twice")
    assert (dealt.code, dealt.out) == (0, "") and "no card was forgotten 8 times" in dealt.err
    assert ptquiz("undo").out == "undone: suspend small/twice\n"
    assert ptquiz("--decks", deck, "leeches", "--anew", "small/twice").out == ""
    assert learned(ptquiz, deck) == 0
    ptquiz("undo")
    assert learned(ptquiz, deck) == 1
    unknown = ptquiz("--decks", deck, "leeches", "--flag", "small/twic")
    assert unknown.code == 2 and "small/twic" in unknown.err


def test_cram_moves_no_date_and_can_be_taken_back(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    before = ptquiz("--decks", deck, "due", "--json").out
    done = ptquiz("--trust", "--decks", deck, "cram", "small", "--level", "1", "--plain", stdin="1\n.\n\nq\n")
    assert done.code == 0 and "reviewed" in done.out
    assert ptquiz("--decks", deck, "due", "--json").out == before
    nothing = ptquiz("--decks", deck, "cram", "--forgotten", "--plain")
    assert nothing.code == 0 and "0 reviewed" in nothing.out
    nowhere = ptquiz("--decks", deck, "cram")
    assert nowhere.code == 2 and "`ptquiz cram --plain` asks line by line" in nowhere.err


def test_cards_that_wait_for_cuda_are_listed(ptquiz: Command, deck: Path, home: Path) -> None:
    waits = World(home, shelf("small/twice"))
    session = waits.session()
    session.next()
    session.submit("deferred")
    waits.store.close()
    assert "waiting for CUDA: small/twice" in ptquiz("--decks", deck, "due").out
    assert json.loads(ptquiz("--decks", deck, "due", "--json").out)["waiting_for_cuda"] == ["small/twice"]
    assert json.loads(ptquiz("--decks", deck, "stats", "--json").out)["waiting"] == ["small/twice"]


def test_statistics_are_one_object(ptquiz: Command, deck: Path) -> None:
    studied(ptquiz, deck)
    data = json.loads(ptquiz("--decks", deck, "stats", "--json").out)
    assert data["reviews"] == 1
    assert ptquiz("--decks", deck, "stats").code == 0
