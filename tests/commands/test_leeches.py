"""`ptquiz leeches`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.review.memory import Rating
from quizapp.settings import Settings
from tests.commands.conftest import Command, count_learned
from tests.review.harness import StudyHarness, make_library


def forget(home: Path, times: int) -> None:
    """Learn `small/twice`, then forget it `times` times with a wrong answer and learn it again."""
    study = StudyHarness(home, make_library("small/twice"), Settings(leech_lapses=times))
    study.learn("small/twice")
    for _ in range(times):
        study.clock.advance(days=30)
        session = study.session(cards=["small/twice"])
        session.next()
        session.submit("y = x +\n  2")
        session.give_up()
        session.rate(Rating.AGAIN)
        study.learn("small/twice")
    study.store.close()


def test_a_leech_is_listed_with_its_answers(ptquiz: Command, deck: Path, home: Path) -> None:
    forget(home, 8)
    listed = ptquiz("--decks", deck, "leeches")
    assert "small/twice  forgotten 8 times\n" in listed.out and "y = x +\n" in listed.out
    (leech,) = json.loads(ptquiz("--decks", deck, "leeches", "--json").out)
    assert (leech["card"], leech["lapses"], leech["answers"][1]["outcome"]) == ("small/twice", 8, "wrong")


def test_one_lapse_is_singular(ptquiz: Command, deck: Path, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("leech_lapses = 1\n")
    assert ptquiz("--decks", deck, "leeches").err == "no card was forgotten 1 time\n"
    forget(home, 1)
    assert "small/twice  forgotten 1 time\n" in ptquiz("--decks", deck, "leeches").out


def test_a_suspended_leech_is_no_longer_listed_until_it_is_undone(ptquiz: Command, deck: Path, home: Path) -> None:
    forget(home, 8)
    suspended = ptquiz("--decks", deck, "leeches", "--suspend", "small/twice")
    assert (suspended.code, suspended.out) == (0, "") and "no card was forgotten 8 times" in suspended.err
    assert ptquiz("undo").out == "undone: suspend small/twice\n"
    assert "small/twice" in ptquiz("--decks", deck, "leeches").out


@pytest.mark.parametrize("option", ["--reset", "--anew"])
def test_a_reset_leech_is_new_again_until_it_is_undone(ptquiz: Command, deck: Path, home: Path, option: str) -> None:
    """`--anew` is the name of `--reset` in version 0.1.0."""
    forget(home, 8)
    reset = ptquiz("--decks", deck, "leeches", option, "small/twice")
    assert (reset.code, reset.out) == (0, "")
    assert count_learned(ptquiz, deck) == 0
    ptquiz("undo")
    assert count_learned(ptquiz, deck) == 1


def test_an_unknown_card_exits_2(ptquiz: Command, deck: Path) -> None:
    result = ptquiz("--decks", deck, "leeches", "--flag", "small/twic")
    assert result.code == 2 and "small/twic" in result.err
