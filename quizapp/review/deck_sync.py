"""The library as the store sees it: told once, and again when it has changed."""

from __future__ import annotations

from hashlib import sha256

from quizapp.decks.deck_provider import DeckProvider
from quizapp.review.store import Store


def sync_decks(library: DeckProvider, store: Store) -> None:
    """Order, notes and prerequisites of all cards; renames carry their history over. Cheap when nothing changed."""
    stamp = _stamp(library)
    if store.cards.stamp() != stamp:
        store.cards.mirror(library.cards(), stamp)


def _stamp(library: DeckProvider) -> str:
    """Of the files as they stand; a deck that is no file is told by what the store keeps of its cards."""
    facts: list[object] = []
    for deck in library.decks:
        try:
            stat = deck.path.stat()
            facts.append((deck.slug, len(deck.cards), str(deck.path), stat.st_mtime_ns, stat.st_size))
        except OSError:
            facts += [(c.name, c.kind, c.level, c.sources, c.after, c.was) for c in deck]
    return sha256(repr(facts).encode()).hexdigest()
