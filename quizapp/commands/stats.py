"""`ptquiz stats`."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date

import click

from quizapp.commands.context import pass_provider, warn_about_future_reviews, warn_about_skipped_decks
from quizapp.errors import StoreError
from quizapp.services import ServiceProvider
from quizapp.text.printable import json_text
from quizapp.text.streams import echo


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> None:
    """Show study statistics: retention, forecast, time, streak, hardest cards, most frequent mistakes."""
    from quizapp.review.analysis.report import report
    from quizapp.review.analysis.statistics import statistics
    from quizapp.review.days import Days
    from quizapp.review.deck_sync import sync_decks

    # A read-only store can be shown without the latest decks.
    with suppress(StoreError):
        sync_decks(provider.library, provider.store)
    warn_about_future_reviews(provider)
    warn_about_skipped_decks(provider)
    now, days = provider.clock(), Days(None, provider.settings.day_offset)
    found = statistics(provider.store, provider.library.cards(), days, now)
    if as_json:
        echo(json_text(found.to_json(), indent=2))
    else:
        width = min(shutil.get_terminal_size().columns, 100)
        echo(report(found, date.fromordinal(days.of(now)), width, provider.settings.desired_retention))
