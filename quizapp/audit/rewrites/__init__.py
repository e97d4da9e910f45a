"""Rewrites of a solution that keep its meaning: each makes an answer that is right as well."""
