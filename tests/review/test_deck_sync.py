"""Renamed, removed and restored cards keep their history."""

from __future__ import annotations

from dataclasses import replace

from tests.review.harness import MakeStudy, make_card, make_library


def test_a_rename_keeps_the_history(make_study: MakeStudy) -> None:
    study = make_study("old/one")
    study.learn("old/one")
    memory = study.store.cards.memory("old/one")
    study.library = make_library(make_card("new/two", was=("old/one",)))
    counts = study.session().counts()
    assert counts["new"].learned == 1
    renamed = study.store.cards.memory("new/two")
    assert memory and renamed == replace(memory, card="new/two")
    assert [review.card for review in study.store.log.reviews()] == ["new/two"]


def test_a_rename_declared_later_keeps_the_history(make_study: MakeStudy) -> None:
    study = make_study("old/one")
    study.learn("old/one")
    study.library = make_library("new/two")
    assert study.session().counts()["new"].new == 1
    study.library = make_library(make_card("new/two", was=("old/one",)))
    counts = study.session().counts()["new"]
    assert (counts.total, counts.learned, counts.new) == (1, 1, 0)


def test_a_rename_does_not_overwrite_a_history(make_study: MakeStudy) -> None:
    study = make_study("a/new", "a/old")
    study.learn("a/new", "a/old")
    study.library = make_library(make_card("a/new", was=("a/old",)))
    study.session()
    assert [orphan.card for orphan in study.store.cards.orphans()] == ["a/old"]


def test_removed_cards_keep_their_history_and_are_listed(make_study: MakeStudy) -> None:
    study = make_study("a/one", "a/two", "a/unseen")
    study.learn("a/one")
    study.library = make_library("a/two")
    session = study.session()
    (orphan,) = study.store.cards.orphans()
    assert (orphan.card, orphan.reviews) == ("a/one", 1)
    assert (session.counts()["a"].total, session.counts()["a"].learned) == (1, 0)
    study.library = make_library("a/one", "a/two")
    assert study.session().counts()["a"].learned == 1
    assert study.store.cards.orphans() == []


def test_two_sessions_with_different_decks_show_their_own_cards(make_study: MakeStudy) -> None:
    study = make_study("a/one")
    ours = study.session()
    study.library = make_library("b/two")
    theirs = study.session()
    assert theirs.counts()["b"].new == 1
    assert ours.counts()["a"].new == 1
    assert ours.next()
