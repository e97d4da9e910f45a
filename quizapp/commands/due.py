"""`ptquiz due`, and the summary that `ptquiz` prints without a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.services import ServiceProvider
from quizapp.text.durations import local_time
from quizapp.text.printable import json_text
from quizapp.text.streams import echo

if TYPE_CHECKING:
    from quizapp.review.store import DeckCounts

MAX_NAMED = 3
"""Decks named in the summary."""


@click.command("due")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> None:
    """Show what is due and new in each deck, and when the next card is due."""
    warn_about_skipped_decks(provider)
    store = provider.store
    counts, next_due, waiting = provider.counts(), store.queue.next_due(), store.cards.waiting()
    if as_json:
        echo(json_text(as_object(counts, next_due, waiting), indent=2))
    else:
        echo("\n".join(due_lines(counts, next_due, waiting)))


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


def due_lines(counts: dict[str, DeckCounts], next_due: datetime | None, waiting: Sequence[str] = ()) -> Iterator[str]:
    """Return one line for each deck, then when the next card is due."""
    width = max(map(len, counts), default=0)
    for deck, count in counts.items():
        aside = f"  {count.waiting} waiting for CUDA" if count.waiting else ""
        later = f"  {count.locked:>4} locked" if count.locked else ""
        yield f"{deck:<{width}}  {count.due:>4} due  {count.new:>4} new  {count.learned:>4} learned{later}{aside}"
    if waiting:
        yield "waiting for CUDA: " + ", ".join(waiting)
        yield "`ptquiz doctor` says whether CUDA works here, and if not, why"
    yield next_card(counts, next_due)


def due_summary(counts: dict[str, DeckCounts], next_due: datetime | None) -> Iterator[str]:
    """Return two lines, for any number of decks."""
    due, new = (sum(getattr(count, name) for count in counts.values()) for name in ("due", "new"))
    most = sorted((deck for deck in counts if counts[deck].due), key=lambda deck: -counts[deck].due)[:MAX_NAMED]
    named = f" (most in {', '.join(most)})" if most else ""
    yield f"{due} due{named}, {new} new, in {len(counts)} decks"
    yield next_card(counts, next_due)


def next_card(counts: dict[str, DeckCounts], next_due: datetime | None) -> str:
    if not counts:
        return "no decks were found; `ptquiz decks` shows why"
    if any(count.due for count in counts.values()):
        return "next card: now"
    return f"next card: {local_time(next_due)}" if next_due else "nothing has been learned yet"
