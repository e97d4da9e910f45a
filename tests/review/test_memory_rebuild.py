"""Memories computed again from the log."""

from __future__ import annotations

from quizapp.review.memory_rebuild import replay
from quizapp.settings import Settings
from tests.review.harness import MakeStudy, record_history


def test_a_rebuild_computes_the_same_memories(make_study: MakeStudy) -> None:
    study = record_history(make_study)
    before, flags = study.store.cards.memories(), study.store.cards.flags("a/two")
    with study.store.database.transaction():
        study.store.database.run("update cards set stability = 1.0, due = 0, lapses = 9, suspended = 0 where state > 0")
    assert replay(study.store, study.session().scheduler) == 2
    assert study.store.cards.memories() == before
    assert study.store.cards.flags("a/two") == flags


def test_a_rebuild_keeps_due_dates_given_under_other_settings(make_study: MakeStudy) -> None:
    study = record_history(make_study)
    before = study.store.cards.memories()
    study.settings = Settings(desired_retention=0.75, learning_steps=(), relearning_steps=())
    replay(study.store, study.session().scheduler)
    assert study.store.cards.memories() == before
