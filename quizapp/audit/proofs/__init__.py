"""The parts of a proof: each finds false claims or weaknesses of one sort in a card."""
