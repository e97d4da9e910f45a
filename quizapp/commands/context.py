"""Code that every command shares: passing the services, and the warning about skipped decks."""

from __future__ import annotations

from datetime import timedelta

import click

from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.streams import echo

pass_provider = click.make_pass_decorator(ServiceProvider)


def warn_about_skipped_decks(provider: ServiceProvider) -> None:
    """Print one line on stderr where decks were found that cannot be used."""
    from quizapp.decks.library import skipped_note

    if skipped := provider.library.skipped():
        echo(f"warning: {skipped_note(skipped)}", err=True)


def warn_about_future_reviews(provider: ServiceProvider) -> None:
    """Print one line on stderr where reviews are dated more than a day ahead, by a clock that was wrong."""
    if ahead := provider.store.log.reviews_after(provider.clock() + timedelta(days=1)):
        echo(f"warning: {plural(ahead, 'review')} dated in the future; is the clock of this machine right?", err=True)
