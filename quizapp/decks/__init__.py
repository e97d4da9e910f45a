"""What an instructor writes: decks, cards and their texts."""
