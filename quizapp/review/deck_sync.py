"""Synchronisation of the store with the deck library, and the counts of its decks."""

from __future__ import annotations

from hashlib import sha256

from quizapp.decks.deck_provider import DeckProvider
from quizapp.review.days import Day
from quizapp.review.store import DeckCounts, Store


def sync_decks(library: DeckProvider, store: Store) -> None:
    """Store the order, notes, prerequisites and renames of all cards. Fast if no deck file changed."""
    stamp = _stamp(library)
    if store.cards.library_stamp() != stamp:
        store.cards.sync(library.cards(), stamp)


def deck_counts(library: DeckProvider, store: Store, day: Day) -> dict[str, DeckCounts]:
    """Return the counts of every deck in the library on `day`, by slug."""
    sync_decks(library, store)
    counts = store.counts.by_deck(day)
    return {deck.slug: counts.get(deck.slug, DeckCounts()) for deck in library.decks}


def _stamp(library: DeckProvider) -> str:
    """Return a hash of the deck files' times and sizes; for a deck without a file, of the stored facts of its cards."""
    facts: list[object] = []
    for deck in library.decks:
        try:
            stat = deck.path.stat()
            facts.append((deck.slug, len(deck.cards), str(deck.path), stat.st_mtime_ns, stat.st_size))
        except OSError:
            facts += [(c.name, c.kind, c.level, c.sources, c.after, c.was) for c in deck]
    return sha256(repr(facts).encode()).hexdigest()
