"""Rules for answers: what `forbid`, `require`, `allow` and `budget` mean, and whether an answer obeys them."""
