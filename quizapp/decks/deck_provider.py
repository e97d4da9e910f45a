"""What reviewing asks of the library of decks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from quizapp.decks.card import Card, Deck


class DeckProvider(Protocol):
    """Decks in order, and cards by name."""

    @property
    def decks(self) -> Sequence[Deck]: ...

    def card(self, name: str) -> Card:
        """Raises UsageError for a card that is in no deck."""
        ...

    def cards(self) -> Iterator[Card]: ...
