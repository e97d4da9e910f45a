"""Counts by deck: only what changed is counted again, and it is what counting everything gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC

import pytest

from quizapp.decks.card import Card
from quizapp.errors import StoreError
from quizapp.review.days import Days
from quizapp.review.deck_sync import sync_decks
from quizapp.review.memory import Rating
from quizapp.review.store import EntryKind, Store
from quizapp.review.store.deck_counts import SQL, DeckCounts
from tests.review.world import Failing, World, card, shelf

Make = Callable[..., World]


@pytest.fixture
def seen(world: Make) -> Make:
    """A world whose store knows the cards."""

    def make(*cards: Card | str) -> World:
        here = world(*cards)
        here.session()
        return here

    return make


def counts(here: World) -> dict[str, DeckCounts]:
    return here.store.counts.by_deck(Days(UTC).day(here.clock()))


def anew(here: World) -> dict[str, DeckCounts]:
    """As a process says that counted nothing before."""
    with Store(here.store.path) as other:
        return other.counts.by_deck(Days(UTC).day(here.clock()))


def traced(here: World) -> list[str]:
    """What is asked of SQLite from here on."""
    said: list[str] = []
    here.store.database._connection.set_trace_callback(said.append)
    return said


def test_only_decks_with_a_changed_card_are_counted_again(seen: Make) -> None:
    here = seen("a/one", "b/two", "c/three")
    counts(here)
    here.learn("b/two")
    said = traced(here)
    assert counts(here)["b"].learned == 1
    assert counts(here) == anew(here)
    assert SQL["decks"].splitlines()[0] in "\n".join(said) and SQL["touch all"] not in said


def test_a_card_learned_in_one_deck_unlocks_one_in_another(seen: Make) -> None:
    here = seen("a/first", card("b/then", after=("a/first",)))
    assert counts(here)["b"].locked == 1
    here.learn("a/first")
    assert (counts(here)["b"].locked, counts(here)["b"].new) == (0, 1)
    here.session().undo()
    assert (counts(here)["b"].locked, counts(here)["b"].new) == (1, 0)


def test_another_process_and_another_day_are_noticed(seen: Make) -> None:
    here = seen("a/one", "b/two")
    here.learn("a/one")
    assert counts(here)["a"].due == 0
    with Store(here.store.path) as other:
        other.log.act(EntryKind.SUSPEND, "b/two", 1, here.clock(), 1)
    assert counts(here)["b"].suspended == 1
    here.clock.pass_(days=60)
    assert counts(here)["a"].due == 1


def test_decks_that_change_their_cards_are_counted_again(seen: Make) -> None:
    here = seen("a/one", "a/two", "b/three")
    counts(here)
    sync_decks(shelf("a/one", card("c/three", was=("b/three",)), "c/four"), here.store)
    assert counts(here) == anew(here)
    assert [counts(here)[deck].total for deck in "abc"] == [1, 0, 2]


def test_a_card_of_no_deck_changes_no_count(seen: Make) -> None:
    here = seen("a/one")
    before = counts(here)
    here.store.log.act(EntryKind.SUSPEND, "nowhere/two", 1, here.clock(), 1)
    assert counts(here) == before == anew(here)


def test_many_changes_at_once_are_counted_once(seen: Make) -> None:
    here = seen(*(f"{deck}/one" for deck in "abcdefgh"))
    counts(here)
    here.learn(*(f"{deck}/one" for deck in "abcdefgh"))
    assert counts(here) == anew(here)
    assert here.store.database.rows("select count(*) from touched") == [(0,)]


def test_counts_that_an_error_cut_short_are_made_anew(seen: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    here = seen("a/one")
    counts(here)
    here.review("a/one", Rating.AGAIN)

    def broken(execute: object, day: object, anew: bool) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(here.store.counts, "_count", broken)
        with pytest.raises(StoreError, match="disk reports an error"):
            counts(here)
    assert counts(here) == anew(here)


def test_counts_whose_first_commit_failed_are_made_anew(seen: Make) -> None:
    here = seen("a/one")
    failing = Failing(here.store.database._connection, "commit")
    here.store.database._reading._connection = failing  # type: ignore[assignment]
    with pytest.raises(StoreError, match="disk reports an error"):
        counts(here)
    assert counts(here) == anew(here)


def test_a_store_that_is_locked_for_writing_is_counted_all_the_same(seen: Make) -> None:
    here = seen("a/one")
    with closing(sqlite3.connect(here.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert counts(here)["a"].new == 1
