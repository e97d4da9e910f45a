"""The proof of a deck: everything it claims has been run."""
