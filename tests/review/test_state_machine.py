"""Random sequences of reviews, actions and undo: the cards are always what the log says."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.memory_rebuild import replay
from quizapp.review.practice import PracticeFilter
from quizapp.review.store import CardFlags, EntryKind, Store
from tests.review.harness import StudyHarness, make_card, make_library

NAMES = ["deck/c0", "deck/c1", "other/c2", "other/c3", "other/c4"]
NOTES = {NAMES[0]: ("one",), NAMES[1]: ("two", "one"), NAMES[2]: ("two",)}
AFTER = {NAMES[4]: (NAMES[0],)}
LIBRARY = make_library(*(make_card(name, sources=NOTES.get(name, ()), after=AFTER.get(name, ())) for name in NAMES))


@dataclass
class Snapshot:
    """The cards and sums before a step."""

    memories: dict[str, Memory]
    flags: dict[str, CardFlags] = field(default_factory=dict)
    sums: list[tuple[Any, ...]] = field(default_factory=list)


class Rollback(Exception):
    """Raised to undo a transaction."""


class ReviewMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.study = StudyHarness(self.folder, LIBRARY)
        self.study.session()
        self.past: list[Snapshot] = []
        self.logged = 0

    def teardown(self) -> None:
        self.study.store.close()
        shutil.rmtree(self.folder)

    def snapshot(self) -> Snapshot:
        cards = self.study.store.cards
        return Snapshot(cards.memories(), {name: cards.flags(name) for name in NAMES}, self.sums())

    def sums(self) -> list[tuple[Any, ...]]:
        """Return what the statistics read, per key."""
        columns = "sum(reviews), sum(new), sum(learned), sum(recalled), sum(milliseconds)"
        statement = f"select of, key, {columns} from parts group by of, key having sum(reviews) != 0 order by of, key"
        return self.study.store.database.rows(statement)

    def append_action(self, name: str, kind: EntryKind, value: int) -> None:
        now = self.study.clock()
        self.past.append(self.snapshot())
        self.study.store.log.append_action(kind, name, value, now, self.study.session().days.of(now))

    @rule(name=st.sampled_from(NAMES), rating=st.sampled_from(Rating), gap=st.integers(0, 90 * 24 * 60))
    def review(self, name: str, rating: Rating, gap: int) -> None:
        self.study.clock.advance(minutes=gap)
        self.past.append(self.snapshot())
        self.study.review(name, rating)
        self.logged += 1

    @rule(name=st.sampled_from(NAMES), rating=st.sampled_from(Rating))
    def review_in_another_process(self, name: str, rating: Rating) -> None:
        self.past.append(self.snapshot())
        ours = self.study.store
        with Store(ours.path) as self.study.store:
            self.study.review(name, rating)
        self.study.store = ours
        self.logged += 1

    @rule(name=st.sampled_from(NAMES), rating=st.sampled_from(Rating))
    def practise(self, name: str, rating: Rating) -> None:
        session = self.study.session(practice=PracticeFilter(), cards=[name])
        before = self.snapshot()
        while session.next():
            if session.card and session.card.name == name:
                session.give_up()
                session.rate(rating)
                break
            session.skip()
        else:
            return
        assert self.snapshot() == before
        self.past.append(before)

    @rule(name=st.sampled_from(NAMES))
    def reset(self, name: str) -> None:
        self.append_action(name, EntryKind.RESET, 1)

    @rule(name=st.sampled_from(NAMES))
    def unsuspend(self, name: str) -> None:
        self.append_action(name, EntryKind.SUSPEND, 0)

    @rule(name=st.sampled_from(NAMES), action=st.sampled_from(["bury", "suspend", "flag"]))
    def act_in_a_session(self, name: str, action: str) -> None:
        session = self.study.session(cards=[name])
        session.next()
        self.past.append(self.snapshot())
        getattr(session, action)()

    @precondition(lambda self: self.past)
    @rule(steps=st.integers(1, 3))
    def undo(self, steps: int) -> None:
        for _ in range(min(steps, len(self.past))):
            before = self.past.pop()
            assert self.study.session().undo()
            assert self.snapshot() == before

    @rule()
    def rebuild(self) -> None:
        before = self.snapshot()
        replay(self.study.store, self.study.session().scheduler)
        assert self.snapshot() == before

    @rule()
    def reopen(self) -> None:
        before = self.snapshot()
        self.study.store.close()
        self.study.open()
        assert self.snapshot() == before

    @rule()
    def update_the_sums(self) -> None:
        self.study.store.statistics.update_sums(max_pending=0)

    @invariant()
    def no_review_is_lost(self) -> None:
        assert len(self.study.store.log.reviews()) == self.logged

    @invariant()
    def sums_are_those_of_the_whole_log(self) -> None:
        store, before = self.study.store, self.sums()
        with suppress(Rollback), store.database.transaction():
            store.statistics.rebuild_sums()
            assert self.sums() == before
            raise Rollback

    @invariant()
    def deck_counts_are_those_of_the_cards(self) -> None:
        session, now, cards = self.study.session(), self.study.clock(), self.study.store.cards
        today, end = session.days.of(now), session.days.end(now)
        memories = cards.memories()
        for deck, counts in session.counts().items():
            names = {name for name in NAMES if name.startswith(deck)}
            visible = {name for name in names if is_visible(cards.flags(name), today)}
            assert (counts.total, counts.learned) == (len(names), len(names & memories.keys()))
            assert counts.due == sum(memories[name].due < end for name in visible & memories.keys())
            unseen = visible - memories.keys()
            locked = {name for name in unseen if any(self.locks(first) for first in AFTER.get(name, ()))}
            assert (counts.new, counts.locked) == (len(unseen - locked), len(locked))
        assert end - now <= timedelta(days=1)

    def locks(self, first: str) -> bool:
        memory, flags = self.study.store.cards.memory(first), self.study.store.cards.flags(first)
        return not flags.suspended and (memory is None or memory.state is MemoryState.LEARNING)


def is_visible(flags: CardFlags, today: int) -> bool:
    return not flags.suspended and flags.buried_until <= today and flags.sibling_buried_until <= today


TestReviewing = ReviewMachine.TestCase
TestReviewing.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
