"""A vim mode for the code editor: a state machine over text, cursor and keys, and its adapter to the editor."""
