"""Decks with wrong answers, and the mistake that each of them must be told: the whole path, in a real sandbox."""
