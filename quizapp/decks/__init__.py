"""Decks: files, cards and translations, and how they are read."""
