"""Code that every command shares: passing the services, and the warning about skipped decks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from quizapp.errors import StoreError, UsageError
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.streams import echo

pass_provider = click.make_pass_decorator(ServiceProvider)


class FilePath(click.Path):
    """The path of a file. Raises UsageError for an empty one, which `Path` would take as the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            raise UsageError("FILE is empty", "write the name of a file, or leave it out where it is optional")
        return super().convert(value, param, ctx)


def warn_about_skipped_decks(provider: ServiceProvider) -> None:
    """Print one line on stderr where decks were found that cannot be used."""
    from quizapp.decks.library import skipped_note

    if skipped := provider.library.skipped():
        echo(f"warning: {skipped_note(skipped)}", err=True)


def warn_about_future_reviews(provider: ServiceProvider) -> None:
    """Show one line where reviews are dated more than a day ahead, by a clock that was wrong."""
    if ahead := provider.store.log.reviews_after(provider.clock() + timedelta(days=1)):
        message = f"{plural(ahead, 'review')} dated in the future; is the clock of this machine right?"
        provider.warn(StoreError(message))
