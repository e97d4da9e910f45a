"""The table `cards`: identity, memory and flags, synchronised with the deck library."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quizapp.decks.card import Card
from quizapp.review.memory import Memory
from quizapp.review.store.database import Database
from quizapp.review.store.row_mapping import (
    CardFlags,
    EntryKind,
    from_micros,
    memory_from_row,
    memory_to_row,
    to_micros,
)
from quizapp.review.store.sql_statements import statements

SQL = statements("cards")
SET_FLAG = {
    EntryKind.BURY: SQL["set buried"],
    EntryKind.SUSPEND: SQL["set suspended"],
    EntryKind.FLAG: SQL["set flagged"],
}


@dataclass(frozen=True, slots=True)
class Orphan:
    """A card with a history that no deck contains any more."""

    card: str
    reviews: int
    last_review: datetime | None
    """UTC."""


class Cards:
    """Reads and writes the table `cards`. Methods that take a card's id need a transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ensure_id(self, name: str) -> int:
        """Return the card's id; add a card never seen, which needs a transaction."""
        if row := self._db.row(SQL["id"], (name,)):
            return int(row[0])
        return self._db.run(SQL["add"], (name, name.partition("/")[0]))

    def memory(self, name: str) -> Memory | None:
        """Return a card's memory; None if it was never reviewed."""
        row = self._db.row(SQL["memory"], (name,))
        return memory_from_row(name, row) if row else None

    def id_and_memory(self, name: str, known: Memory | None) -> tuple[int | None, Memory | None]:
        """Return the card's id (None if it is not stored) and memory: `known` itself, unless it is out of date."""
        row = self._db.row(SQL["id and review"], (name,))
        if not row:
            return None, None
        card_id, *stored = row
        expected = [to_micros(known.last_review), known.reps, known.stability] if known else [None, 0, None]
        return card_id, known if stored == expected else self.memory(name)

    def memories(self) -> dict[str, Memory]:
        """Return the memory of every reviewed card."""
        return {row[0]: memory_from_row(row[0], row[1:]) for row in self._db.rows(SQL["all memories"])}

    def set_memory(self, card_id: int, memory: Memory | None) -> None:
        """Write a card's memory; None makes the card new again."""
        if memory is None:
            self._db.run(SQL["clear memory"], (card_id,))
        else:
            self._db.run(SQL["set memory"], (*memory_to_row(memory), card_id))

    def set_flag(self, card_id: int, kind: EntryKind, value: int) -> None:
        """Write the column that belongs to BURY, SUSPEND or FLAG."""
        self._db.run(SET_FLAG[kind], (value, card_id))

    def clear_derived(self) -> None:
        """Clear every column that is derived from the log, of all cards."""
        self._db.run(SQL["clear derived columns"])

    def bury_siblings(self, card_id: int, until: int) -> None:
        """Hide the cards that share a note with this one before the day `until`."""
        self._db.run(SQL["bury siblings"], {"until": until, "card": card_id})

    def recompute_sibling_burials(self, card_id: int | None = None) -> None:
        """Derive the burials from the memories, for the siblings of one card or for all cards."""
        if card_id is None:
            self._db.run(SQL["recompute all sibling burials"])
        else:
            self._db.run(SQL["recompute sibling burials"], (card_id,))

    def flags(self, name: str) -> CardFlags:
        """Return what hides or marks a card."""
        row = self._db.row(SQL["flags"], (name,))
        return _flags(*row) if row else CardFlags()

    def all_flags(self) -> dict[str, CardFlags]:
        """Return the flags of every card in the library that has any."""
        return {name: _flags(*columns) for name, *columns in self._db.rows(SQL["all flags"])}

    def set_waiting(self, name: str, waiting: bool = True) -> None:
        """Mark a card as waiting for CUDA; its due date is unchanged."""
        with self._db.transaction():
            self._db.run(SQL["set waiting"], (int(waiting), self.ensure_id(name)))

    def clear_waiting(self) -> bool:
        """Clear every `waiting` flag; return whether any was set."""
        if not self.waiting():
            return False
        with self._db.transaction():
            self._db.run(SQL["clear waiting"])
        return True

    def waiting(self) -> list[str]:
        return self._names("waiting")

    def suspended(self) -> list[str]:
        return self._names("suspended")

    def flagged(self) -> list[str]:
        return self._names("flagged")

    def leeches(self, min_lapses: int) -> list[tuple[str, int]]:
        """Return (card, lapses) of cards forgotten at least `min_lapses` times, most lapses first."""
        return [(name, lapses) for name, lapses in self._db.rows(SQL["leeches"], (min_lapses,))]

    def orphans(self) -> list[Orphan]:
        rows = self._db.rows(SQL["orphans"])
        return [Orphan(name, reps, from_micros(last) if last else None) for name, reps, last in rows]

    def first_try_seconds(self, card: Card) -> list[float]:
        """Return the times of the latest first-try passes on cards of the same kind and level."""
        return [seconds for (seconds,) in self._db.rows(SQL["first-try seconds"], (str(card.kind), card.level))]

    def sync(self, cards: Iterable[Card], stamp: str) -> None:
        """Store the cards of the library and their order. Skipped if `stamp` is that of the last call."""
        if self.library_stamp() == stamp:
            return
        library = {card.name: card for card in cards}
        with self._db.transaction():
            self._db.run(SQL["delete prerequisites"])
            self._db.run(SQL["delete notes"])
            self._apply_renames(library)
            self._write_library(library)
            pairs = [(card.name, first) for card in library.values() for first in card.after]
            self._db.run_many(SQL["add prerequisite"], pairs)
            notes = [(note, card.name) for card in library.values() for note in dict.fromkeys(card.sources)]
            self._db.run_many(SQL["add note"], notes)
            self.recompute_sibling_burials()
            self._db.run(SQL["set meta"], ("library", stamp))

    def library_stamp(self) -> str | None:
        """Return the stamp of the library that was stored last."""
        row = self._db.row(SQL["get meta"], ("library",))
        return row[0] if row else None

    def _apply_renames(self, library: dict[str, Card]) -> None:
        """Move the history of removed cards to their new names, unless those have a history already."""
        for card in library.values():
            for former in card.was:
                if former not in library and self._db.row(SQL["id"], (former,)):
                    self._db.run(SQL["delete unused"], {"card": card.name})
                    if not self._db.row(SQL["id"], (card.name,)):
                        self._db.run(SQL["rename"], (card.name, card.deck, former))

    def _write_library(self, library: dict[str, Card]) -> None:
        """Write the rows that changed, and mark cards that are no longer in the library."""
        stored = {row[0]: row[1:] for row in self._db.rows(SQL["library columns"])}
        changed = []
        for place, card in enumerate(library.values()):
            columns = (card.deck, place, 1, str(card.kind), card.level, json.dumps(card.sources))
            if stored.get(card.name) != columns:
                changed.append((card.name, *columns))
        self._db.run_many(SQL["add or update"], changed)
        removed = [(name,) for name, columns in stored.items() if columns[2] and name not in library]
        self._db.run_many(SQL["mark removed"], removed)

    def _names(self, statement: str) -> list[str]:
        return [name for (name,) in self._db.rows(SQL[statement])]


def _flags(suspended: int, flagged: int, buried: int, sibling_buried: int, waiting: int) -> CardFlags:
    return CardFlags(bool(suspended), bool(flagged), buried, sibling_buried, bool(waiting))
