"""Counts per deck: only changed decks are counted again, with the same result as counting all."""

from __future__ import annotations

import sqlite3
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
from tests.review.harness import FailingConnection, MakeStudy, StudyHarness, make_card, make_library


@pytest.fixture
def make_synced_study(make_study: MakeStudy) -> MakeStudy:
    """Like `make_study`, with the cards already in the store."""

    def make(*cards: Card | str) -> StudyHarness:
        study = make_study(*cards)
        study.session()
        return study

    return make


def counts(study: StudyHarness) -> dict[str, DeckCounts]:
    return study.store.counts.by_deck(Days(UTC).day(study.clock()))


def fresh_counts(study: StudyHarness) -> dict[str, DeckCounts]:
    """Return the counts of a connection without a cache."""
    with Store(study.store.path) as other:
        return other.counts.by_deck(Days(UTC).day(study.clock()))


def trace(study: StudyHarness) -> list[str]:
    """Return a list to which every statement executed from now on is added."""
    statements: list[str] = []
    study.store.database._connection.set_trace_callback(statements.append)
    return statements


def test_only_decks_with_a_changed_card_are_counted_again(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one", "b/two", "c/three")
    counts(study)
    study.learn("b/two")
    statements = trace(study)
    assert counts(study)["b"].learned == 1
    assert counts(study) == fresh_counts(study)
    assert SQL["decks"].splitlines()[0] in "\n".join(statements) and SQL["touch all"] not in statements


def test_a_card_learned_in_one_deck_unlocks_one_in_another(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/first", make_card("b/then", after=("a/first",)))
    assert counts(study)["b"].locked == 1
    study.learn("a/first")
    assert (counts(study)["b"].locked, counts(study)["b"].new) == (0, 1)
    study.session().undo()
    assert (counts(study)["b"].locked, counts(study)["b"].new) == (1, 0)


def test_another_process_and_another_day_are_noticed(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one", "b/two")
    study.learn("a/one")
    assert counts(study)["a"].due == 0
    with Store(study.store.path) as other:
        other.log.append_action(EntryKind.SUSPEND, "b/two", 1, study.clock(), 1)
    assert counts(study)["b"].suspended == 1
    study.clock.advance(days=60)
    assert counts(study)["a"].due == 1


def test_decks_whose_cards_changed_are_counted_again(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one", "a/two", "b/three")
    counts(study)
    sync_decks(make_library("a/one", make_card("c/three", was=("b/three",)), "c/four"), study.store)
    assert counts(study) == fresh_counts(study)
    assert [counts(study)[deck].total for deck in "abc"] == [1, 0, 2]


def test_a_card_outside_the_library_changes_no_count(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one")
    before = counts(study)
    study.store.log.append_action(EntryKind.SUSPEND, "nowhere/two", 1, study.clock(), 1)
    assert counts(study) == before == fresh_counts(study)


def test_many_changes_are_counted_once(make_synced_study: MakeStudy) -> None:
    study = make_synced_study(*(f"{deck}/one" for deck in "abcdefgh"))
    counts(study)
    study.learn(*(f"{deck}/one" for deck in "abcdefgh"))
    assert counts(study) == fresh_counts(study)
    assert study.store.database.rows("select count(*) from touched") == [(0,)]


def test_everything_is_counted_again_after_an_error(
    make_synced_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_synced_study("a/one")
    counts(study)
    study.review("a/one", Rating.AGAIN)

    def broken(execute: object, day: object, everything: bool) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(study.store.counts, "_count", broken)
        with pytest.raises(StoreError, match="disk reports an error"):
            counts(study)
    assert counts(study) == fresh_counts(study)


def test_everything_is_counted_again_after_a_failed_commit(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one")
    failing = FailingConnection(study.store.database._connection, "commit")
    study.store.database._snapshot._connection = failing  # type: ignore[assignment]
    with pytest.raises(StoreError, match="disk reports an error"):
        counts(study)
    assert counts(study) == fresh_counts(study)


def test_a_store_locked_for_writing_can_be_counted(make_synced_study: MakeStudy) -> None:
    study = make_synced_study("a/one")
    with closing(sqlite3.connect(study.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert counts(study)["a"].new == 1
