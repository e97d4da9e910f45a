"""How sure a learner wants to be of a card: by tag, else by deck, else everywhere."""

from __future__ import annotations

from quizapp.decks.card import Card
from quizapp.settings import Settings


def desired_retention(card: Card, settings: Settings) -> float:
    """Of several tags the most demanding counts."""
    tagged = [settings.tag_retention[tag] for tag in card.tags if tag in settings.tag_retention]
    return max(tagged) if tagged else settings.deck_retention.get(card.deck, settings.desired_retention)
