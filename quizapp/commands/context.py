"""Code that every command shares: passing the services, and the warning about skipped decks."""

from __future__ import annotations

import click

from quizapp.services import ServiceProvider

pass_provider = click.make_pass_decorator(ServiceProvider)


def warn_about_skipped_decks(provider: ServiceProvider) -> None:
    """Print one line on stderr where decks were found that cannot be used."""
    from quizapp.decks.library import skipped_note

    if skipped := provider.library.skipped():
        click.echo(f"warning: {skipped_note(skipped)}", err=True)
