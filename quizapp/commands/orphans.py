"""`ptquiz orphans`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.durations import local_time
from quizapp.text.printable import json_text, one_line
from quizapp.text.streams import echo


@click.command("orphans")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@pass_provider
def orphans(provider: ServiceProvider, as_json: bool) -> None:
    """List cards that were removed from every deck. Their history is kept; `was:` moves it to a new name."""
    from quizapp.review.deck_sync import sync_decks

    warn_about_skipped_decks(provider)
    sync_decks(provider.library, provider.store)
    found = provider.store.cards.orphans()
    if as_json:
        rows = [
            {
                "card": orphan.card,
                "reviews": orphan.reviews,
                "last_review": orphan.last_review.isoformat() if orphan.last_review else None,
            }
            for orphan in found
        ]
        echo(json_text(rows, indent=2))
        return
    for orphan in found:
        last = f", last {local_time(orphan.last_review)}" if orphan.last_review else ""
        echo(f"{one_line(orphan.card)}  {plural(orphan.reviews, 'review')}{last}")
    if not found:
        echo("every card with a history is in a deck", err=True)
