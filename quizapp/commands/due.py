"""`ptquiz due`, and the few lines that `ptquiz` says without a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.services import ServiceProvider
from quizapp.text.durations import local_time
from quizapp.text.printable import json_text

if TYPE_CHECKING:
    from quizapp.review.store import DeckCounts

MOST_NAMED = 3
"""Decks that the few words name."""


@click.command("due")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> None:
    """What is due and new in each deck, and when the next card comes."""
    warn_about_skipped_decks(provider)
    session = provider.session()
    counts, next_due, waiting = session.counts(), session.summary().next_due, provider.store.cards.waiting()
    if as_json:
        click.echo(json_text(as_object(counts, next_due, waiting), indent=2))
    else:
        click.echo("\n".join(words(counts, next_due, waiting)))


def as_object(
    counts: dict[str, DeckCounts], next_due: datetime | None, waiting: Sequence[str] = ()
) -> dict[str, object]:
    return {
        "due": sum(count.due for count in counts.values()),
        "new": sum(count.new for count in counts.values()),
        "next_due": next_due.isoformat() if next_due else None,
        "waiting_for_cuda": list(waiting),
        "decks": [
            {
                "deck": deck,
                "due": count.due,
                "new": count.new,
                "learned": count.learned,
                "waiting": count.waiting,
                "locked": count.locked,
                "suspended": count.suspended,
            }
            for deck, count in counts.items()
        ],
    }


def words(counts: dict[str, DeckCounts], next_due: datetime | None, waiting: Sequence[str] = ()) -> Iterator[str]:
    """The same for a person."""
    width = max(map(len, counts), default=0)
    for deck, count in counts.items():
        aside = f"  {count.waiting} waiting for CUDA" if count.waiting else ""
        later = f"  {count.locked:>4} come later" if count.locked else ""
        yield f"{deck:<{width}}  {count.due:>4} due  {count.new:>4} new  {count.learned:>4} learned{later}{aside}"
    if waiting:
        yield "waiting for CUDA: " + ", ".join(waiting)
    yield when_next(counts, next_due)


def few_words(counts: dict[str, DeckCounts], next_due: datetime | None) -> Iterator[str]:
    """The same in two lines, however many decks there are."""
    due, new = (sum(getattr(count, what) for count in counts.values()) for what in ("due", "new"))
    most = sorted((deck for deck in counts if counts[deck].due), key=lambda deck: -counts[deck].due)[:MOST_NAMED]
    named = f" (most in {', '.join(most)})" if most else ""
    yield f"{due} due{named}, {new} new, in {len(counts)} decks"
    yield when_next(counts, next_due)


def when_next(counts: dict[str, DeckCounts], next_due: datetime | None) -> str:
    if not counts:
        return "no decks are found; `ptquiz decks` says why"
    if any(count.due for count in counts.values()):
        return "next card: now"
    return f"next card: {local_time(next_due)}" if next_due else "nothing has been learned yet"
