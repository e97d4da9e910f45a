"""A card's fingerprint: a hash of the parts that a learner's memory depends on."""

from __future__ import annotations

from hashlib import sha256

from quizapp.decks.card import Card, Check


def fingerprint(card: Card) -> str:
    """Return 16 hex digits of the card's solution and checks; texts, hints and limits do not count."""
    facts = (
        str(card.kind),
        card.reference.strip(),
        card.proof.strip(),
        tuple(_check(check) for check in card.checks),
        tuple(choice.right for choice in card.choices),
        card.distract,
    )
    return sha256(repr(facts).encode()).hexdigest()[:16]


def _check(check: Check) -> tuple[object, ...]:
    equals = repr(check.equals) if check.equals else ""
    ignored = tuple(sorted(check.ignore))
    facts = (check.see.strip(), check.run.strip(), check.rtol, check.atol, check.device, equals, check.raises, ignored)
    # Added only where it is set, so that the fingerprints of older decks stay the same.
    return (*facts, "strict") if check.strict else facts
