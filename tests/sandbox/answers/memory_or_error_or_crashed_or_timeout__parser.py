"""Source that a compiler walks down into."""
eval("(" * 90_000 + ")" * 90_000)
