"""The interface of the deck library that reviewing uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from quizapp.decks.card import Card, Deck


class DeckProvider(Protocol):
    """A collection of decks, in order, with access to cards by name."""

    @property
    def decks(self) -> Sequence[Deck]: ...

    def card(self, name: str) -> Card:
        """Return a card by name. Raises UsageError if no deck has it, DeckError if a deck with errors may have it."""
        ...

    def cards(self) -> Iterator[Card]: ...
