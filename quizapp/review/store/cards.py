"""Cards as the store knows them: identity, memory, what hides them, and the library's mirror."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.review.memory import Memory
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import CardFlags, memory_of, micro, moment
from quizapp.review.store.sql_statements import statements

SQL = statements("cards")


@dataclass(frozen=True, slots=True)
class Orphan:
    """A card that is gone from the decks; its history stays."""

    card: str
    reviews: int
    last_review: datetime | None


class Cards:
    """The table `cards`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def id(self, name: str) -> int:
        """The card's number; a card never seen gets one (within a transaction)."""
        if row := self._db.row(SQL["id"], (name,)):
            return int(row[0])
        return self._db.run(SQL["add"], (name, name.partition("/")[0]))

    def memory(self, name: str) -> Memory | None:
        """None for a card never reviewed."""
        row = self._db.row(SQL["memory"], (name,))
        return memory_of(name, row) if row else None

    def latest(self, name: str, shown: Memory | None) -> tuple[int | None, Memory | None]:
        """A card's number, None for one never seen, and its memory: `shown` itself where nothing came after it."""
        row = self._db.row(SQL["latest"], (name,))
        if not row:
            return None, None
        number, *facts = row
        known = [micro(shown.last_review), shown.reps, shown.stability] if shown else [None, 0, None]
        return number, shown if facts == known else self.memory(name)

    def memories(self) -> dict[str, Memory]:
        return {row[0]: memory_of(row[0], row[1:]) for row in self._db.rows(SQL["all memories"])}

    def standing(self, name: str) -> CardFlags:
        row = self._db.row(SQL["standing"], (name,))
        if not row:
            return CardFlags()
        _, suspended, flagged, buried, rested, waiting, _, _ = row
        return CardFlags(bool(suspended), bool(flagged), buried, rested, bool(waiting))

    def standings(self) -> dict[str, CardFlags]:
        """Of every card that something keeps back or marks."""
        rows = self._db.rows(SQL["all standings"])
        return {name: CardFlags(bool(s), bool(f), buried, rested, bool(w)) for name, s, f, buried, rested, w in rows}

    def wait(self, name: str, waiting: bool = True) -> None:
        """For CUDA: out of the queue, its due date as it was."""
        with self._db.transaction():
            self._db.run(SQL["set waiting"], (int(waiting), self.id(name)))

    def nobody_waits(self) -> bool:
        """This machine has CUDA after all; whether any card had waited for it."""
        if not self.waiting():
            return False
        with self._db.transaction():
            self._db.run(SQL["nobody waits"])
        return True

    def waiting(self) -> list[str]:
        return self._names("waiting")

    def suspended(self) -> list[str]:
        return self._names("suspended")

    def flagged(self) -> list[str]:
        return self._names("flagged")

    def leeches(self, lapses: int) -> list[tuple[str, int]]:
        """(card, how often it was forgotten), the worst first."""
        return [(name, count) for name, count in self._db.rows(SQL["leeches"], (lapses,))]

    def orphans(self) -> list[Orphan]:
        rows = self._db.rows(SQL["orphans"])
        return [Orphan(name, reps, moment(last) if last else None) for name, reps, last in rows]

    def usual_seconds(self, card: Card) -> list[float]:
        """Times of the latest first-try passes of cards of the same kind and level."""
        return [seconds for (seconds,) in self._db.rows(SQL["usual"], (str(card.kind), card.level))]

    def mirror(self, cards: Iterable[Card], stamp: str) -> None:
        """Take over which cards there are, in which order; `stamp` tells an unchanged library at once."""
        if self.stamp() == stamp:
            return
        wanted = {card.name: card for card in cards}
        with self._db.transaction():
            self._db.run(SQL["clear prerequisites"])
            self._db.run(SQL["clear origins"])
            self._carry_over(wanted)
            self._place(wanted)
            pairs = [(card.name, first) for card in wanted.values() for first in card.after]
            self._db.run_many(SQL["prerequisite"], pairs)
            notes = [(note, card.name) for card in wanted.values() for note in dict.fromkeys(card.sources)]
            self._db.run_many(SQL["origin"], notes)
            self._db.run(SQL["rest all anew"])
            self._db.run(SQL["set meta"], ("library", stamp))

    def stamp(self) -> str | None:
        """Of the library that the mirror shows."""
        row = self._db.row(SQL["get meta"], ("library",))
        return row[0] if row else None

    def _carry_over(self, wanted: dict[str, Card]) -> None:
        """History follows a card whose former name is gone, unless the new one has a history of its own."""
        for card in wanted.values():
            for former in card.was:
                if former not in wanted and self._db.row(SQL["id"], (former,)):
                    self._db.run(SQL["drop unused"], {"card": card.name})
                    if not self._db.row(SQL["id"], (card.name,)):
                        self._db.run(SQL["rename"], (card.name, card.deck, former))

    def _place(self, wanted: dict[str, Card]) -> None:
        there = {row[0]: row[1:] for row in self._db.rows(SQL["mirror"])}
        changed = []
        for place, card in enumerate(wanted.values()):
            facts = (card.deck, place, 1, str(card.kind), card.level, json.dumps(card.sources))
            if there.get(card.name) != facts:
                changed.append((card.name, *facts))
        self._db.run_many(SQL["place"], changed)
        self._db.run_many(SQL["gone"], [(name,) for name, facts in there.items() if facts[2] and name not in wanted])

    def _names(self, statement: str) -> list[str]:
        return [name for (name,) in self._db.rows(SQL[statement])]
