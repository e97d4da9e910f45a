"""The audit of decks: runs everything that a card claims."""
