"""When a card comes back, and what is remembered of every review."""
