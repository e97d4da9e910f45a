"""Whatever is reviewed, undone, buried, suspended and in whatever order: the cards are what the log says."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quizapp.review.memory import Memory, MemoryState, Rating
from quizapp.review.practice import PracticeFilter
from quizapp.review.store import EntryKind, Store
from quizapp.review.store.replay import replay
from quizapp.review.store.sql_statements import statements
from tests.review.world import World, card, shelf

NAMES = ["deck/c0", "deck/c1", "other/c2", "other/c3", "other/c4"]
NOTES = {NAMES[0]: ("one",), NAMES[1]: ("two", "one"), NAMES[2]: ("two",)}
AFTER = {NAMES[4]: (NAMES[0],)}
LIBRARY = shelf(*(card(name, sources=NOTES.get(name, ()), after=AFTER.get(name, ())) for name in NAMES))
SUMS = statements("statistics")


@dataclass
class Past:
    """What the cards looked like before each step."""

    memories: dict[str, Memory]
    standings: dict[str, Any] = field(default_factory=dict)
    sums: list[tuple[Any, ...]] = field(default_factory=list)


class Looked(Exception):
    """Undoes the transaction that it ends."""


class Reviewing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder, LIBRARY)
        self.world.session()
        self.past: list[Past] = []
        self.logged = 0

    def teardown(self) -> None:
        self.world.store.close()
        shutil.rmtree(self.folder)

    def look(self) -> Past:
        cards = self.world.store.cards
        return Past(cards.memories(), {name: cards.standing(name) for name in NAMES}, self.sums())

    def sums(self) -> list[tuple[Any, ...]]:
        """What statistics read, of the log and of each card."""
        figures = "sum(reviews), sum(new), sum(learned), sum(recalled), sum(milliseconds)"
        whole = f"select of, key, {figures} from parts group by of, key having sum(reviews) != 0 order by of, key"
        return self.world.store.database.rows(whole)

    @rule(name=some.sampled_from(NAMES), rating=some.sampled_from(Rating), gap=some.integers(0, 90 * 24 * 60))
    def review(self, name: str, rating: Rating, gap: int) -> None:
        self.world.clock.pass_(minutes=gap)
        self.past.append(self.look())
        self.world.review(name, rating)
        self.logged += 1

    @rule(name=some.sampled_from(NAMES), rating=some.sampled_from(Rating))
    def review_in_another_process(self, name: str, rating: Rating) -> None:
        self.past.append(self.look())
        ours = self.world.store
        with Store(ours.path) as self.world.store:
            self.world.review(name, rating)
        self.world.store = ours
        self.logged += 1

    @rule(name=some.sampled_from(NAMES), rating=some.sampled_from(Rating))
    def cram(self, name: str, rating: Rating) -> None:
        session = self.world.session(practice=PracticeFilter(), cards=[name])
        before = self.look()
        while session.next():
            if session.card and session.card.name == name:
                session.give_up()
                session.rate(rating)
                break
            session.skip()
        else:
            return
        assert self.look() == before
        self.past.append(before)

    @rule(name=some.sampled_from(NAMES))
    def learn_anew(self, name: str) -> None:
        now = self.world.clock()
        self.past.append(self.look())
        self.world.store.log.act(EntryKind.RESET, name, 1, now, self.world.session().days.of(now))

    @rule(name=some.sampled_from(NAMES))
    def take_a_suspension_back(self, name: str) -> None:
        now = self.world.clock()
        self.past.append(self.look())
        self.world.store.log.act(EntryKind.SUSPEND, name, 0, now, self.world.session().days.of(now))

    @rule(name=some.sampled_from(NAMES), what=some.sampled_from(["bury", "suspend", "flag"]))
    def act(self, name: str, what: str) -> None:
        session = self.world.session(cards=[name])
        session.next()
        self.past.append(self.look())
        getattr(session, what)()

    @precondition(lambda self: self.past)
    @rule(steps=some.integers(1, 3))
    def undo(self, steps: int) -> None:
        for _ in range(min(steps, len(self.past))):
            before = self.past.pop()
            assert self.world.session().undo()
            assert self.look() == before

    @rule()
    def rebuild(self) -> None:
        before = self.look()
        session = self.world.session()
        replay(self.world.store, session.scheduler)
        assert self.look() == before

    @rule()
    def reopen(self) -> None:
        before = self.look()
        self.world.store.close()
        self.world.open()
        assert self.look() == before

    @invariant()
    def the_log_loses_nothing(self) -> None:
        assert len(self.world.store.log.reviews()) == self.logged

    @rule()
    def look_at_the_statistics(self) -> None:
        self.world.store.figures.sum_up(pending=0)

    @invariant()
    def sums_are_what_adding_up_gives(self) -> None:
        database, before = self.world.store.database, self.sums()
        with suppress(Looked), database.transaction():
            for statement in ("clear sums", "sum anew", "summed up"):
                database.run(SUMS[statement])
            assert self.sums() == before
            raise Looked

    @invariant()
    def counts_are_what_counting_gives(self) -> None:
        session, now, cards = self.world.session(), self.world.clock(), self.world.store.cards
        today, end = session.days.of(now), session.days.end(now)
        memories = cards.memories()
        for deck, counts in session.counts().items():
            own = {name for name in NAMES if name.startswith(deck)}
            shown = {name for name in own if _shows(cards.standing(name), today)}
            assert (counts.total, counts.learned) == (len(own), len(own & memories.keys()))
            assert counts.due == sum(memories[name].due < end for name in shown & memories.keys())
            unseen = shown - memories.keys()
            locked = {name for name in unseen if any(self._locks(first) for first in AFTER.get(name, ()))}
            assert (counts.new, counts.locked) == (len(unseen - locked), len(locked))
        assert end - now <= timedelta(days=1)

    def _locks(self, first: str) -> bool:
        memory, standing = self.world.store.cards.memory(first), self.world.store.cards.standing(first)
        return not standing.suspended and (memory is None or memory.state is MemoryState.LEARNING)


def _shows(standing: Any, today: int) -> bool:
    return not standing.suspended and standing.buried <= today and standing.rested <= today


TestReviewing = Reviewing.TestCase
TestReviewing.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
