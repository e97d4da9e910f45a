"""What an answer earned, and what kind of mistake it was."""
